"""The fork server under strangers: whatever a client sends, it gets one answer or none, and the next is served."""

import json
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.hub.fakes.sealed_server import Server, running

LIMIT = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ("--wall-s", "5", "--cpu-s", "2", "--document-mib", "1", "--children", "4")
    with running(tmp_path_factory.mktemp("run"), *options) as server:
        yield server


def said(server: Server, sent: bytes, *, hang_up: bool = True) -> list[dict[str, Any]]:
    """All lines after the greeting when a client sends this and then nothing more."""
    with server.connect() as connection, connection.makefile("rb") as incoming:
        assert json.loads(incoming.readline())["sealed"] is True
        try:
            connection.sendall(sent)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
        except BrokenPipeError:
            pass  # it was told enough already
        try:
            return [json.loads(line) for line in incoming]
        except ConnectionResetError:
            return []


def header(**fields: object) -> bytes:
    return json.dumps({"name": "echo", "media_type": "", "bytes": 0, "wall_s": 5, **fields}).encode() + b"\n"


GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "a line end": b"\n",
    "line ends": b"\n" * 50,
    "words": b"give me a document\n",
    "words without an end": b"give me a document",
    "zeros": b"\x00" * 100 + b"\n",
    "all bytes": bytes(range(256)) + b"\n",
    "half a character": b'{"name": "\xc3\n',
    "half a header": b'{"bytes": 5, "wall',
    "a list": b"[1, 2, 3]\n",
    "a number": b"7\n",
    "null": b"null\n",
    "a word": b'"echo"\n',
    "an empty object": b"{}\n",
    "no size": b'{"name": "echo", "wall_s": 1}\n',
    "no time": b'{"name": "echo", "bytes": 0}\n',
    "a size in words": header(bytes="5"),
    "a size with a point": header(bytes=5.0),
    "a size that is true": header(bytes=True),
    "a size below nothing": header(bytes=-1),
    "a size beyond the limit": header(bytes=LIMIT + 1),
    "a size beyond any machine": header(bytes=2**63),
    "a size of a thousand digits": b'{"name": "echo", "wall_s": 1, "bytes": ' + b"9" * 1000 + b"}\n",
    "a size of ten thousand digits": b'{"name": "echo", "wall_s": 1, "bytes": ' + b"9" * 10_000 + b"}\n",
    "no time at all": header(wall_s=0),
    "time below nothing": header(wall_s=-5),
    "time in words": header(wall_s="soon"),
    "time that is no number": b'{"name": "echo", "bytes": 0, "wall_s": NaN}\n',
    "time that is true": header(wall_s=True),
    "endless nesting": b"[" * 60_000 + b"\n",
    "a line without an end": b"x" * 200_000,
    "http": b"GET / HTTP/1.1\r\nHost: parser\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40,
}


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_request_is_answered_by_one_refusal_and_the_next_is_served(server: Server, sent: bytes) -> None:
    answers = said(server, sent)
    assert len(answers) <= 1
    for answer in answers:
        assert answer["ok"] is False
        assert answer["reason"] in {"failed", "hostile"}
        assert "Traceback" not in answer["detail"]
    assert server.ask("echo", b"x" * 10)["result"]["bytes"] == 10


@pytest.mark.parametrize("seed", range(20))
def test_a_request_with_bytes_turned_never_harms_the_server(server: Server, seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311  # repeatable
    sent = bytearray(header(bytes=20) + b"x" * 20)
    for _ in range(drawn.randint(1, 12)):
        sent[drawn.randrange(len(sent))] = drawn.randrange(256)
    assert len(said(server, bytes(sent))) <= 1
    assert server.ask("echo")["ok"]


@pytest.mark.parametrize("sent", [0, 1, 10, 999])
def test_a_body_shorter_than_promised_is_never_taken_for_the_whole(server: Server, sent: int) -> None:
    (answer,) = said(server, header(bytes=1000) + b"x" * sent)
    assert answer["ok"] is False
    assert "ended before" in answer["detail"]


def test_a_body_longer_than_promised_is_cut_at_the_promise(server: Server) -> None:
    (answer,) = said(server, header(bytes=10) + b"x" * 1000)
    assert answer["result"]["bytes"] == 10


def test_a_second_request_on_the_same_connection_is_never_read(server: Server) -> None:
    assert len(said(server, header() + header() + header())) == 1


def test_an_empty_document_is_a_document(server: Server) -> None:
    assert server.ask("echo", b"")["result"]["bytes"] == 0


def test_a_document_of_exactly_the_limit_is_read(server: Server) -> None:
    assert server.ask("echo", b"x" * LIMIT)["result"]["bytes"] == LIMIT


def test_a_field_nobody_knows_reaches_the_entry_as_it_is(server: Server) -> None:
    assert server.ask("echo", colour="blue")["ok"]


def test_a_name_nobody_knows_is_a_failure_by_kind(server: Server) -> None:
    answer = server.ask("no_such_job")
    assert (answer["ok"], answer["reason"]) == (False, "failed")
    assert "KeyError" in answer["detail"]
    assert "no_such_job" not in answer["detail"]


def test_a_client_that_sends_letter_by_letter_is_served(server: Server) -> None:
    with server.connect() as connection, connection.makefile("rb") as incoming:
        incoming.readline()
        for letter in header(bytes=3) + b"abc":
            connection.sendall(bytes([letter]))
        assert json.loads(incoming.readline())["result"]["bytes"] == 3


def test_a_client_that_dawdles_does_not_hold_up_the_others(server: Server) -> None:
    with server.connect() as slow, slow.makefile("rb") as incoming:
        incoming.readline()
        slow.sendall(header(bytes=1000)[:10])
        before = time.monotonic()
        assert server.ask("echo")["ok"]
        assert time.monotonic() - before < 3


def test_a_client_that_never_reads_its_answer_costs_nobody_else(server: Server) -> None:
    mute = [server.connect() for _ in range(3)]
    try:
        for connection in mute:
            connection.sendall(header(bytes=LIMIT))
            connection.sendall(b"x" * LIMIT)
        assert server.ask("echo")["ok"]
    finally:
        for connection in mute:
            connection.close()


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(server: Server) -> None:
    for cut in (1, 30, 60, 90):
        with server.connect() as connection:
            connection.sendall((header(bytes=500) + b"x" * 500)[:cut])
    assert server.ask("echo")["ok"]
    until = time.monotonic() + 10
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    while children.read_text(encoding="ascii").split() and time.monotonic() < until:
        time.sleep(0.05)
    assert children.read_text(encoding="ascii").split() == []


def test_thirty_strangers_at_once_are_all_answered(server: Server) -> None:
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda size: server.ask("echo", b"x" * size), range(30)))
    assert [answer["result"]["bytes"] for answer in answers] == list(range(30))


def test_descriptors_do_not_leak(server: Server) -> None:
    server.ask("echo")
    held = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    for _ in range(20):
        server.ask("echo")
        server.connect().close()
    until = time.monotonic() + 10
    while len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) > held and time.monotonic() < until:
        time.sleep(0.05)
    assert len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) <= held


@pytest.mark.parametrize("job", ["crash", "leave", "fail", "nest", "swallow_memory", "no_json"])
def test_after_each_way_to_fail_the_server_is_the_same_process(server: Server, job: str) -> None:
    assert server.ask(job, b"words")["ok"] is False
    assert server.process.poll() is None
    assert server.ask("echo")["ok"]
