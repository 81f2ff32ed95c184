"""The client of the sandbox trusts neither a parser that can't prove its walls nor the answer of one that can."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from catalog.documents import Order
from catalog.errors import PermanentError, TransientError, UnsealedError
from catalog.vocabulary import (
    DatasetId,
    DocumentId,
    RefusalReason,
    Sha256,
    SubmissionId,
    VersionId,
    VersionState,
)
from ingest import sandbox
from ingest.sandbox import SandboxLimits
from ingest.stages import Admitted, Parsed
from tests.ingest import made

LIMITS = SandboxLimits()
DOORS = ("tcp over ipv4", "udp over ipv4", "tcp over ipv6", "netlink", "packet", "vsock", "kernel crypto")
PROBES: dict[str, Any] = {
    "doors": dict.fromkeys(DOORS, "closed"),
    "filtered": True,
    "no_new_privileges": True,
    "interfaces": 0,
}
GREETING: dict[str, Any] = {"sealed": True, "probes": PROBES}
RESULT: dict[str, Any] = {
    "media_type": "text/plain",
    "parser": "plain 1",
    "language": "simple",
    "text": "words",
    "pages": 1,
    "page_starts": [[0, 1]],
    "headings": [[0, 1, "words"]],
    "hidden": 0,
    "notes": [],
}


def admitted(data: bytes, name: str = "a.txt") -> Admitted:
    return Admitted(
        order=Order(
            dataset_id=DatasetId(uuid4()),
            document_id=DocumentId(uuid4()),
            version_id=VersionId(uuid4()),
            submission_id=SubmissionId(uuid4()),
            name=name,
            sha256=Sha256(hashlib.sha256(data).hexdigest()),
            size_bytes=len(data),
            state=VersionState.QUARANTINED,
        ),
        data=data,
    )


@contextmanager
def liar(folder: Path, greeting: bytes, answer: bytes) -> Iterator[tuple[Path, list[bytes]]]:
    """A server that says whatever it is told to; what it received is kept."""
    path, received = folder / "liar.sock", list[bytes]()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as incoming:
            connection.sendall(greeting)
            if not greeting:
                return
            header = incoming.readline()
            if not header:
                return
            received.append(header + incoming.read(json.loads(header)["bytes"]))
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield path, received
    finally:
        thread.join(10)
        listener.close()


def line(message: object) -> bytes:
    return json.dumps(message).encode() + b"\n"


def told(folder: Path, answer: bytes) -> Parsed:
    with liar(folder, line(GREETING), answer) as (path, _):
        return sandbox.parse(admitted(b"words"), socket_path=path, limits=LIMITS)


@pytest.mark.parametrize(
    "greeting",
    [
        {"sealed": False, "probes": PROBES},
        {"sealed": True},
        {"sealed": "yes", "probes": PROBES},
        {"sealed": True, "probes": {**PROBES, "filtered": False}},
        {"sealed": True, "probes": {**PROBES, "no_new_privileges": False}},
        {"sealed": True, "probes": {**PROBES, "doors": {}}},
        {"sealed": True, "probes": {**PROBES, "doors": {**PROBES["doors"], "vsock": "open"}}},
        {"sealed": True, "probes": {**PROBES, "doors": {**PROBES["doors"], "a new one": "not filtered"}}},
        {"sealed": True, "probes": {**PROBES, "doors": "closed"}},
        ["sealed"],
    ],
)
def test_no_byte_leaves_for_a_parser_that_does_not_prove_its_walls(greeting: object, tmp_path: Path) -> None:
    with (
        liar(tmp_path, line(greeting), line({"ok": True, "result": RESULT})) as (path, received),
        pytest.raises(UnsealedError),
    ):
        sandbox.parse(admitted(b"words"), socket_path=path, limits=LIMITS)
    assert received == []


def test_a_parser_that_is_not_there_is_tried_again_later(tmp_path: Path) -> None:
    with pytest.raises(TransientError):
        sandbox.parse(admitted(b"words"), socket_path=tmp_path / "none.sock", limits=LIMITS)


@pytest.mark.parametrize("greeting", [b"", line(GREETING)])
def test_a_parser_that_goes_away_is_tried_again_later(greeting: bytes, tmp_path: Path) -> None:
    with liar(tmp_path, greeting, b"") as (path, _), pytest.raises(TransientError):
        sandbox.parse(admitted(b"words"), socket_path=path, limits=LIMITS)


def test_a_good_answer_is_taken(tmp_path: Path) -> None:
    parsed = told(tmp_path, line({"ok": True, "result": RESULT}))
    assert (parsed.text.body, parsed.page_count, parsed.text.headings[0].title) == ("words", 1, "words")


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": 5},
        {"text": "nul\x00"},
        {"text": "half \ud83d"},
        {"language": "english; DROP TABLE"},
        {"media_type": "text/x-invented"},
        {"page_starts": [[99, 1]]},
        {"page_starts": [[-1, 1]]},
        {"page_starts": [[2, 1], [1, 2]]},
        {"headings": [[3, 1, "a"], [1, 1, "b"]]},
        {"headings": [[0, 9, "deep"]]},
        {"pages": -1},
        {"notes": ["x"] * 1_000},
        {"more": "than agreed"},
    ],
)
def test_an_answer_of_another_shape_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        told(tmp_path, line({"ok": True, "result": {**RESULT, **change}}))
    assert refused.value.reason is RefusalReason.FAILED


@pytest.mark.parametrize("answer", [b"no json\n", b"[]\n", b"[" * 100_000 + b"\n", b'{"ok": true}\n'])
def test_an_answer_that_is_none_is_refused(answer: bytes, tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        told(tmp_path, answer)
    assert refused.value.reason is RefusalReason.FAILED


def test_a_refusal_keeps_its_reason_and_a_short_detail(tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        told(tmp_path, line({"ok": True, "result": {"refused": "hostile", "detail": "line\nbreak " + "x" * 999}}))
    assert refused.value.reason is RefusalReason.HOSTILE
    assert "\n" not in refused.value.detail
    assert len(refused.value.detail) <= 200


def test_an_invented_reason_counts_as_failed(tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        told(tmp_path, line({"ok": False, "reason": "because"}))
    assert refused.value.reason is RefusalReason.FAILED


def test_an_answer_longer_than_the_limit_is_too_large(tmp_path: Path) -> None:
    limits = SandboxLimits(max_text_characters=100)
    answer = line({"ok": True, "result": {**RESULT, "text": "x" * 101}})
    with liar(tmp_path, line(GREETING), answer) as (path, _), pytest.raises(PermanentError) as refused:
        sandbox.parse(admitted(b"words"), socket_path=path, limits=limits)
    assert refused.value.reason is RefusalReason.TOO_LARGE


@pytest.mark.parametrize(("size_bytes", "cpu_s"), [(0, 60), (10 << 20, 60), ((10 << 20) + 1, 120), (95 << 20, 600)])
def test_bigger_documents_get_more_time(size_bytes: int, cpu_s: int) -> None:
    assert LIMITS.cpu_s(size_bytes) == cpu_s


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (made.word(None, "The pump failed on 2 March."), "a.docx"),
        (made.pdf(["The pump failed on 2 March."]), "a.pdf"),
        (b"<p>The pump failed on 2 March.", "a.html"),
        (b"The pump failed on 2 March.", "a.txt"),
        ("Prüfung: The pump failed on 2 March.".encode("cp1252"), "a.md"),
        (b"note;day\nThe pump failed on 2 March.;2", "a.csv"),
    ],
)
def test_every_format_is_read_behind_the_walls(data: bytes, name: str, parser_socket: Path) -> None:
    parsed = sandbox.parse(admitted(data, name), socket_path=parser_socket, limits=LIMITS)
    assert "The pump failed on 2 March." in parsed.text.body


def test_a_refusal_comes_through_the_walls(parser_socket: Path) -> None:
    bomb = made.archive({"word/document.xml": b" " * (64 << 20)})
    with pytest.raises(PermanentError) as refused:
        sandbox.parse(admitted(bomb, "a.docx"), socket_path=parser_socket, limits=LIMITS)
    assert refused.value.reason is RefusalReason.HOSTILE


def test_processor_time_runs_out_behind_the_walls(parser_socket: Path) -> None:
    class Impatient(SandboxLimits):
        def cpu_s(self, size_bytes: int) -> int:  # noqa: ARG002  # the same for all
            return 1

    slow = made.word(None, *["A paragraph of some words, number after number."] * 12_000)
    with pytest.raises(PermanentError) as refused:
        sandbox.parse(admitted(slow, "slow.docx"), socket_path=parser_socket, limits=Impatient())
    assert refused.value.reason is RefusalReason.TOO_SLOW
