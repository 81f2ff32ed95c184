"""The child that handles one connection of the fork server: strict walls, limits, proof, one document, end."""

import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BufferedReader
from typing import Any, Final, NoReturn

from catalog.errors import DataHubError
from catalog.vocabulary import RefusalReason
from hub.seal import filter as syscall_filter
from hub.seal import landlock, probe
from hub.seal.plan import Paths, program_paths

#: What the child tells the fork server: it is about to parse, with this many seconds; it is about to answer.
TELL_WALL: Final = struct.Struct("!d")
TELL_ANSWER: Final = b"A"

_MAX_HEADER_BYTES: Final = 64 * 1024
_RECEIVE_TIMEOUT_S: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one document may cost."""

    extra_memory_bytes: int
    cpu_s: int
    wall_s: float
    max_document_bytes: int
    open_files: int = 32


Entry = Callable[[dict[str, Any], bytes], dict[str, Any]]


class _BadRequestError(Exception):
    """The client broke the protocol."""


def run(connection: socket.socket, tell: int, entry: Entry, limits: Limits) -> NoReturn:
    """Serve the connection and end the process; never returns into the fork server's loop."""
    status = 1
    try:
        _narrow(connection.fileno(), tell, limits)
        _serve(connection, tell, entry, limits)
        status = 0
    except BaseException as error:  # noqa: BLE001  # the process ends here, whatever it was
        log(f"a child ended early: {error if isinstance(error, DataHubError) else type(error).__name__}")
    finally:
        os._exit(status)


def _narrow(connection: int, tell: int, limits: Limits) -> None:
    """Close what came from the parent, then take away everything a document's reader doesn't need."""
    first, second = sorted((connection, tell))
    os.closerange(3, first)
    os.closerange(first + 1, second)
    os.closerange(second + 1, 1 << 20)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit(limits)
    landlock.restrict(Paths(read=program_paths()))
    syscall_filter.strict(os.getpid()).load()


def _limit(limits: Limits) -> None:
    pages = int(open("/proc/self/statm", "rb").read().split()[0])  # noqa: SIM115, PTH123  # one read
    memory = pages * resource.getpagesize() + limits.extra_memory_bytes
    for kind, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),  # the soft one says why, the hard one kills
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
    ):
        resource.setrlimit(kind, (soft, hard))


def _serve(connection: socket.socket, tell: int, entry: Entry, limits: Limits) -> None:
    connection.settimeout(_RECEIVE_TIMEOUT_S)
    report = probe.look()
    connection.sendall(as_line({"sealed": report.sealed, "probes": asdict(report)}))
    if not report.sealed:
        return
    with connection.makefile("rb") as incoming:
        try:
            header = _header(incoming, limits)
            data = _document(incoming, header["bytes"])
        except (_BadRequestError, ValueError, TimeoutError) as error:
            answer: dict[str, Any] = _failed(RefusalReason.FAILED, f"the request could not be read: {error}")
        else:
            os.write(tell, TELL_WALL.pack(min(limits.wall_s, float(header["wall_s"]))))
            answer = _handle(entry, header, data)
    encoded = _encode(answer)
    os.write(tell, TELL_ANSWER)
    connection.settimeout(None)
    connection.sendall(encoded)


def _header(incoming: BufferedReader, limits: Limits) -> dict[str, Any]:
    line = incoming.readline(_MAX_HEADER_BYTES)
    header = json.loads(line)
    size, wall = (header.get("bytes"), header.get("wall_s")) if isinstance(header, dict) else (None, None)
    if type(size) is not int or type(wall) not in {int, float}:
        raise _BadRequestError("the header needs `bytes` and `wall_s`")
    if not 0 <= size <= limits.max_document_bytes or not float(wall or 0) > 0:
        raise _BadRequestError("`bytes` or `wall_s` is outside the limits")
    return dict(header)


def _document(incoming: BufferedReader, size: int) -> bytes:
    data = incoming.read(size)
    if len(data) != size:
        raise _BadRequestError("the document ended before the size its header names")
    return data


def _handle(entry: Entry, header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Call the entry. What it raises is an answer too; only its kind is told, never its message."""
    try:
        return {"ok": True, "result": entry(header, data)}
    except MemoryError:
        return _failed(RefusalReason.TOO_LARGE, "it needs more memory to be read than one file may take")
    except RecursionError:
        return _failed(RefusalReason.HOSTILE, "it is nested too deeply")
    except Exception as error:  # noqa: BLE001  # whatever a parser raises ends here
        return _failed(RefusalReason.FAILED, f"the parser stopped with {type(error).__name__}")


def _failed(reason: RefusalReason, detail: str) -> dict[str, Any]:
    return {"ok": False, "error": "permanent", "reason": str(reason), "detail": detail}


def _encode(answer: dict[str, Any]) -> bytes:
    try:
        return as_line(answer)
    except MemoryError:
        return as_line(_failed(RefusalReason.TOO_LARGE, "its text needs more memory than one file may take"))
    except (TypeError, ValueError, RecursionError) as error:
        return as_line(_failed(RefusalReason.FAILED, f"its answer is no JSON: {type(error).__name__}"))


def as_line(message: dict[str, Any]) -> bytes:
    """One line of the protocol."""
    return json.dumps(message).encode() + b"\n"


def describe_death(status: int) -> dict[str, Any]:
    """Return the answer for a child that ended without one, from its wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return _failed(RefusalReason.TOO_SLOW, "it used up its processor time")
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        return {**_failed(RefusalReason.FAILED, f"the parser was ended by {name}"), "error": "crashed"}
    detail = f"the parser ended with status {os.WEXITSTATUS(status)} and no answer"
    return {**_failed(RefusalReason.FAILED, detail), "error": "crashed"}


def describe_timeout(wall_s: float) -> dict[str, Any]:
    """Return the answer for a child that was stopped by the clock."""
    return _failed(RefusalReason.TOO_SLOW, f"it could not be read in {wall_s:g} s")


def log(message: str) -> None:
    """One line to the part's log; never a name or a byte of a document."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()
