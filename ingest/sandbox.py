"""Has a document read by a throw-away process behind walls, and believes neither the walls nor the answer unchecked."""

import json
import math
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.errors import PermanentError, TransientError, UnsealedError
from catalog.vocabulary import RefusalReason
from ingest import filetypes
from ingest.language import CONFIGURATIONS, SIMPLE
from ingest.stages import Admitted, Heading, PageStart, Parsed, Text

_MIB: Final = 1024 * 1024
_MAX_GREETING_BYTES: Final = 64 * 1024
_CONNECT_TIMEOUT_S: Final = 10.0
_GREETING_TIMEOUT_S: Final = 60.0
_STEP_BYTES: Final = 10 * _MIB
#: The ways out that must have been tried and found closed, in the words of the greeting.
_DOORS: Final = frozenset({"tcp over ipv4", "udp over ipv4", "tcp over ipv6", "netlink", "packet", "vsock"})


@dataclass(frozen=True, kw_only=True)
class SandboxLimits:
    """What reading one document may cost."""

    cpu_s_per_10_mib: int = 60  # for each 10 MiB begun
    wall_factor: int = 4  # a busy machine may take this much longer by the clock
    max_text_characters: int = 20_000_000

    def cpu_s(self, size_bytes: int) -> int:
        """Return the processor seconds a document of this size may take."""
        return self.cpu_s_per_10_mib * max(1, math.ceil(size_bytes / _STEP_BYTES))


class _Answer(BaseModel):
    """What the sandbox says it read: it saw a stranger's file, so nothing here is taken on trust."""

    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)

    media_type: Annotated[str, Field(max_length=200)]
    parser: Annotated[str, Field(max_length=100)]
    language: Annotated[str, Field(max_length=40)]
    text: Annotated[str, Field(min_length=1)]
    pages: Annotated[int, Field(ge=0, le=1_000_000)]
    page_starts: list[tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]]
    headings: list[tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1, le=6)], str]]
    hidden: Annotated[int, Field(ge=0)]
    notes: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)]


def parse(admitted: Admitted, *, socket_path: Path, limits: SandboxLimits) -> Parsed:
    """Return what the parser read.

    Raises PermanentError with the parser's reason, TransientError when there is no parser or it went away, and
    UnsealedError, before a byte has left, when it can't prove its walls.
    """
    answer = _exchange(admitted, socket_path, limits)
    if (refusal := refused(answer)) is not None:
        raise refusal
    return _checked(admitted, answer.get("result"), limits)


def _exchange(admitted: Admitted, socket_path: Path, limits: SandboxLimits) -> dict[str, Any]:
    cpu_s = limits.cpu_s(len(admitted.data))
    header = {"name": admitted.order.name, "media_type": "", "cpu_s": cpu_s, "wall_s": cpu_s * limits.wall_factor}
    longest = limits.max_text_characters * 12 + _MAX_GREETING_BYTES  # JSON writes a rare character as 12
    return exchange(header, admitted.data, socket_path=socket_path, longest_bytes=longest)


def exchange(header: dict[str, Any], data: bytes, *, socket_path: Path, longest_bytes: int) -> dict[str, Any]:
    """Return the parser's answer to a request (its `wall_s` seconds long at most), unchecked but for its length.

    Raises as `parse` does.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_CONNECT_TIMEOUT_S)
            connection.connect(str(socket_path))
            connection.settimeout(_GREETING_TIMEOUT_S)
            with connection.makefile("rb") as incoming:
                prove_sealed(incoming.readline(_MAX_GREETING_BYTES))
                connection.sendall(json.dumps({**header, "bytes": len(data)}).encode() + b"\n" + data)
                connection.settimeout(header["wall_s"] + _GREETING_TIMEOUT_S)
                return _read_answer(incoming, longest_bytes)
    except OSError as error:
        raise TransientError(f"The parser can't be reached ({type(error).__name__}).") from error


def refused(answer: dict[str, Any]) -> PermanentError | None:
    """Return the parser's refusal, if that is its answer."""
    result = answer.get("result")
    if not answer.get("ok"):
        return PermanentError(_reason(answer.get("reason")), _detail(answer.get("detail")))
    if isinstance(result, dict) and "refused" in result:
        return PermanentError(_reason(result["refused"]), _detail(result.get("detail")))
    return None


def prove_sealed(greeting: bytes) -> None:
    """Raise UnsealedError unless the greeting shows every door tried and closed, TransientError when there is none."""
    if not greeting:
        raise TransientError("The parser went away before it said a word.")
    try:
        said = json.loads(greeting)
        probes = said["probes"]
        doors = probes["doors"]
        closed = {name for name, state in doors.items() if state == "closed"}
        proven = (
            said["sealed"] is True
            and probes["filtered"] is True
            and probes["no_new_privileges"] is True
            and closed >= _DOORS
            and len(closed) == len(doors)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        proven = False
    if not proven:
        raise UnsealedError("The parser does not prove its walls, so it gets no document. `hub doctor` says why.")


def _read_answer(incoming: BinaryIO, longest: int) -> dict[str, Any]:
    line = incoming.readline(longest)
    if not line.endswith(b"\n"):
        if len(line) >= longest:
            raise PermanentError(RefusalReason.TOO_LARGE, "its answer is longer than the limit")
        raise TransientError("The parser went away without an answer.")
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PermanentError(RefusalReason.FAILED, "the parser's answer can't be read") from error
    if not isinstance(answer, dict):
        raise PermanentError(RefusalReason.FAILED, "the parser's answer can't be read")
    return answer


def _checked(admitted: Admitted, result: object, limits: SandboxLimits) -> Parsed:
    try:
        answer = _Answer.model_validate(result)
    except ValidationError as error:
        raise PermanentError(RefusalReason.FAILED, "the parser's answer is not of the agreed shape") from error
    starts = [at for at, _ in answer.page_starts]
    headings = [at for at, _, _ in answer.headings]
    known = (
        answer.language in {SIMPLE, *CONFIGURATIONS.values()} and answer.media_type in filetypes.MEDIA_TYPES.values()
    )
    ordered = starts == sorted(set(starts)) and headings == sorted(headings)
    within = max([0, *starts, *headings]) < len(answer.text)
    storable = "\x00" not in answer.text and not any("\ud800" <= mark <= "\udfff" for mark in answer.text)
    if not (known and ordered and within and storable):
        raise PermanentError(RefusalReason.FAILED, "the parser's answer contradicts itself")
    if len(answer.text) > limits.max_text_characters:
        raise PermanentError(RefusalReason.TOO_LARGE, "its text is longer than the limit")
    return Parsed(
        order=admitted.order,
        text=Text(
            body=answer.text,
            pages=tuple(PageStart(at=at, number=number) for at, number in answer.page_starts),
            headings=tuple(Heading(at=at, level=level, title=title[:200]) for at, level, title in answer.headings),
        ),
        media_type=answer.media_type,
        parser=answer.parser,
        language=answer.language,
        page_count=answer.pages,
        hidden=answer.hidden,
        notes=tuple(answer.notes),
    )


def _reason(value: object) -> RefusalReason:
    try:
        return RefusalReason(str(value))
    except ValueError:
        return RefusalReason.FAILED


def _detail(value: object) -> str:
    """Keep a stranger's words short and on one line."""
    return " ".join(str(value or "").split())[:200]
