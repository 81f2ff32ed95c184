"""The metered reader: it draws what was charged, for whom it was charged, and survives whoever calls it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from catalog.datasets import Budget
from catalog.disclosure import disclose
from catalog.errors import SettingsError
from catalog.objects import FolderStore
from catalog.settings import load
from catalog.vocabulary import ChunkId
from ingest.reader import ROLE
from ingest.settings import ReaderSettings
from tests.fixtures.nation import Nation
from tests.fixtures.paged import Paged, publish_pages
from tests.fixtures.postgres import PASSWORDS
from tests.fixtures.reading import reading
from tests.ingest import made
from tests.ingest.drawn import decoded

WORDS = ["The pump failed on 2 March.", "It was repaired in April."]
PIECES: list[Paged] = [(WORDS[0], 1, 1), (WORDS[1], 2, 2)]
WHOLE = Budget(window_characters=10_000, lifetime_characters=10_000, ceiling_share=Decimal(1))


@dataclass(kw_only=True)
class Desk:
    """A reader that listens, and a PDF of two pages that Ada may read."""

    nation: Nation
    path: Path
    store: FolderStore
    chunks: list[ChunkId]

    def publish(self, name: str, original: bytes, pieces: list[Paged], **more: str) -> list[ChunkId]:
        self.store.put(BytesIO(original))
        return publish_pages(self.nation, "pumps", name, pieces, original=original, **more)

    def request(self, chunk: ChunkId, **more: Any) -> dict[str, Any]:
        """A request for page 1 of a chunk that has just been charged to Ada."""
        found = disclose(self.nation.api, self.nation.scope("ada"), [chunk])
        person = str(self.nation.people["ada"])
        return {"person": person, "zone": "zone", "disclosure": str(found.id), "chunk": str(chunk), "page": 1, **more}

    def said(self, request: bytes) -> tuple[dict[str, Any], bytes]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(30)
            connection.connect(str(self.path))
            connection.sendall(request)
            with connection.makefile("rb") as incoming:
                return json.loads(incoming.readline()), incoming.read()

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        return self.said(json.dumps(request).encode() + b"\n")


@pytest.fixture
def desk(nation: Nation, parser_socket: Path, tmp_path: Path) -> Iterator[Desk]:
    nation.person("ada")
    nation.person("eve", organisation="startup")
    nation.dataset("pumps", budget=WHOLE)
    nation.grant("ada", "pumps", share=Decimal("0.9"))
    store = FolderStore(tmp_path / "objects", place="store")
    store.prepare()
    path = tmp_path / "reader.sock"
    made_desk = Desk(nation=nation, path=path, store=store, chunks=[])
    made_desk.chunks = made_desk.publish("pumps.pdf", made.pdf(WORDS), PIECES)
    with reading(nation.database, store, parser_socket, path):
        yield made_desk


def test_a_charged_page_comes_as_a_picture_with_its_words_marked(desk: Desk) -> None:
    answer, png = desk.ask(desk.request(desk.chunks[0], mark="pump failed"))
    assert answer == {"ok": True, "bytes": len(png), "marked": 1}
    assert decoded(png).marked_rows()


def test_a_page_without_words_to_mark_comes_unmarked(desk: Desk) -> None:
    answer, png = desk.ask(desk.request(desk.chunks[1], page=2))
    assert (answer["ok"], answer["marked"]) == (True, 0)
    assert not decoded(png).marked_rows()


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {"page": 2},
        lambda desk: {"chunk": str(desk.chunks[1])},
        lambda desk: {"chunk": str(desk.chunks[1]), "page": 2},
        lambda desk: {"person": str(desk.nation.people["eve"])},
        lambda _: {"person": str(uuid4())},
        lambda _: {"disclosure": str(uuid4())},
        lambda _: {"chunk": str(uuid4())},
    ],
)
def test_what_was_not_charged_to_this_person_is_absent(change: Callable[[Desk], dict[str, str]], desk: Desk) -> None:
    answer, rest = desk.ask({**desk.request(desk.chunks[0]), **change(desk)})
    assert (answer, rest) == ({"ok": False, "error": "absent"}, b"")


@pytest.mark.parametrize(
    "request_line",
    [
        b"no json\n",
        b"[]\n",
        b"{}\n",
        b'{"person": 1}\n',
        b"[" * 60_000 + b"\n",
        b"x" * 60_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_a_request_of_another_shape_is_refused_and_the_next_is_served(request_line: bytes, desk: Desk) -> None:
    answer, _ = desk.said(request_line)
    assert answer == {"ok": False, "error": "invalid"}
    assert desk.ask(desk.request(desk.chunks[0]))[0]["ok"]


@pytest.mark.parametrize("change", [{"page": 0}, {"page": 10**7}, {"mark": "x" * 2001}, {"more": 1}, {"chunk": "x"}])
def test_a_value_outside_its_bounds_is_refused(change: dict[str, Any], desk: Desk) -> None:
    assert desk.ask({**desk.request(desk.chunks[0]), **change})[0] == {"ok": False, "error": "invalid"}


def test_a_caller_who_goes_away_without_a_word_harms_nobody(desk: Desk) -> None:
    for _ in range(20):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(desk.path))
    with suppress(ConnectionError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(desk.path))
        connection.sendall(b"x" * 200_000)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(desk.path))
        connection.sendall(json.dumps(desk.request(desk.chunks[0])).encode() + b"\n")
    assert desk.ask(desk.request(desk.chunks[0]))[0]["ok"]


def test_a_document_that_is_no_pdf_has_no_page(desk: Desk) -> None:
    (chunk,) = desk.publish("a.html", b"<p>words", [("words", 1, 1)], media_type="text/html")
    assert desk.ask(desk.request(chunk))[0] == {"ok": False, "error": "no-page"}


@pytest.mark.parametrize("original", [made.locked_pdf(), b"%PDF-1.4 broken", made.pdf([])])
def test_an_original_that_can_not_be_drawn_says_so(original: bytes, desk: Desk) -> None:
    (chunk,) = desk.publish("a.pdf", original, [("words", 1, 1)])
    assert desk.ask(desk.request(chunk))[0] == {"ok": False, "error": "not-drawn"}


def test_an_original_over_the_limit_is_not_opened(desk: Desk) -> None:
    (chunk,) = desk.publish("a.pdf", made.pdf(["x"]) + b" " * 1_000_001, [("words", 1, 1)])
    assert desk.ask(desk.request(chunk))[0] == {"ok": False, "error": "no-page"}


def test_an_original_that_is_gone_or_was_exchanged_is_a_fault_of_the_store(desk: Desk) -> None:
    request = desk.request(desk.chunks[0])
    (path,) = [found for found in (desk.path.parent / "objects").rglob("*") if found.is_file()]
    for spoiled in (made.pdf(["Another document."]), made.pdf(WORDS)[:-1], made.pdf(WORDS) + b"\n"):
        path.write_bytes(spoiled)
        assert desk.ask(request)[0] == {"ok": False, "error": "unavailable"}
    path.unlink()
    assert desk.ask(request)[0] == {"ok": False, "error": "unavailable"}


def test_many_callers_at_once_are_all_served(desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    request = desk.request(desk.chunks[0], mark="pump")
    with ThreadPoolExecutor(8) as pool:
        assert all(answer["marked"] == 1 for answer, _ in pool.map(lambda _: desk.ask(request), range(8)))


def test_only_this_user_reaches_the_socket(desk: Desk) -> None:
    assert desk.path.stat().st_mode & 0o777 == 0o600


def test_no_word_of_text_and_no_persons_words_are_logged(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.ask(desk.request(desk.chunks[0], mark="pump failed"))
    desk.said(b'{"mark": "pump failed"}\n')
    out, err = capfd.readouterr()
    assert "pump" not in out + err


TOLD: dict[str, Any] = {
    "store_place": "store",
    "database_socket_dir": "/run/hub",
    "database_password": "word",
    "parser_socket": "/run/parser.sock",
    "reader_socket": "/run/reader.sock",
    "objects_dir": "/objects",
}


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"objects_dir"}))
def test_a_reader_that_was_not_told_something_names_it(name: str) -> None:
    assert load(ReaderSettings, **TOLD)
    with pytest.raises(SettingsError, match=f"HUB_{name.upper()}"):
        load(ReaderSettings, **{key: value for key, value in TOLD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"), [("reader_at_once", 0), ("reader_cpu_s", 0), ("reader_wall_s", 0), ("reader_wall_s", 601)]
)
def test_a_limit_that_is_none_is_refused(name: str, value: float) -> None:
    with pytest.raises(SettingsError, match=f"HUB_{name.upper()}"):
        load(ReaderSettings, **TOLD, **{name: value})


def test_as_a_process_behind_its_own_walls_it_reads_originals_and_nothing_else(
    desk: Desk, parser_socket: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    environment = {
        **os.environ,
        "HUB_STORE_PLACE": "store",
        "HUB_DATABASE_SOCKET_DIR": str(desk.nation.database.cluster.socket_dir),
        "HUB_DATABASE_NAME": desk.nation.database.name,
        "HUB_DATABASE_PASSWORD": PASSWORDS[ROLE],
        "HUB_PARSER_SOCKET": str(parser_socket),
        "HUB_READER_SOCKET": str(folder / "reader.sock"),
        "HUB_OBJECTS_DIR": str(tmp_path / "objects"),
    }
    python = [sys.executable, "-P", "-m"]
    walls = [*python, "hub.seal", "reader", "--read", str(tmp_path / "objects"), "--write", str(folder)]
    process = subprocess.Popen([*walls, "--", *python, "ingest.reader"], env=environment, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        while not (folder / "reader.sock").exists():
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            assert time.monotonic() < deadline
            time.sleep(0.05)
        desk.path = folder / "reader.sock"
        answer, png = desk.ask(desk.request(desk.chunks[0], mark="pump failed"))
        assert (answer["ok"], answer["marked"]) == (True, 1)
        assert decoded(png).marked_rows()
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
    assert [json.loads(said)["event"] for said in err.decode().splitlines()] == ["page.drawn"]
