"""The API believes the reader's answer only within its bounds, and takes every other one for a part that is away."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from catalog.db import Asker
from catalog.errors import DependencyError, NoPageError, NotFoundError
from catalog.vocabulary import ChunkId, DisclosureId, PersonId
from hub.page_reader import PICTURE_MAX_BYTES, PagePicture, called


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """A reader that says whatever it is told to; what it was asked is kept."""
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as incoming:
                asked.append(incoming.readline())
                with suppress(ConnectionError):  # who has heard enough hangs up
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join(10)


def picture(path: Path) -> PagePicture:
    with called(path) as reader:
        return reader.picture(
            asker=Asker(person_id=PersonId(uuid4()), zone="zone"),
            disclosure=DisclosureId(uuid4()),
            chunk=ChunkId(uuid4()),
            page=3,
            mark="w\nx",
        )


def test_a_picture_comes_whole_and_the_request_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "reader.sock"
    with answering(path, b'{"ok": true, "bytes": 4, "marked": 2}\nabcd') as asked:
        assert picture(path) == PagePicture(png=b"abcd", marked=2)
    request = json.loads(asked[0])
    assert set(request) == {"person", "zone", "disclosure", "chunk", "page", "mark"}
    assert (request["page"], request["mark"]) == (3, "w\nx")


@pytest.mark.parametrize(
    ("word", "kind", "says"),
    [
        ("absent", NotFoundError, "nothing by that name"),
        ("no-page", NoPageError, "no pages to show"),
        ("not-drawn", NoPageError, "can't be drawn"),
        ("invalid", DependencyError, "not running"),
        ("unavailable", DependencyError, "not running"),
        ("another", DependencyError, "not running"),
    ],
)
def test_each_word_of_the_reader_is_an_error_of_ours(
    word: str, kind: type[Exception], says: str, tmp_path: Path
) -> None:
    path = tmp_path / "reader.sock"
    with answering(path, json.dumps({"ok": False, "error": word}).encode() + b"\n"):
        with pytest.raises(kind, match=says) as refused:
            picture(path)
        assert type(refused.value) is kind


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no json\n",
        b"[]\n",
        b"null\n",
        b'{"ok": "yes", "bytes": 1}\nx',
        b'{"ok": true}\n',
        b'{"ok": true, "bytes": 0}\n',
        b'{"ok": true, "bytes": -1}\nabc',
        b'{"ok": true, "bytes": "1"}\nx',
        b'{"ok": true, "bytes": true}\nx',
        b'{"ok": true, "bytes": %d}\n' % (PICTURE_MAX_BYTES + 1) + b"x" * (PICTURE_MAX_BYTES + 1),
        b'{"ok": true, "bytes": 10}\nshort',
        b"x" * 5000,
    ],
)
def test_any_other_answer_is_a_reader_that_is_away(answer: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reader.sock"
    with answering(path, answer), pytest.raises(DependencyError):
        picture(path)


def test_a_reader_that_does_not_listen_is_found_out_before_anything_is_charged(tmp_path: Path) -> None:
    for path in (None, tmp_path / "none.sock"):
        with pytest.raises(DependencyError, match="hub up"), called(path):
            pytest.fail("nobody was called")
