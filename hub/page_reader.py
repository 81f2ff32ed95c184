"""Asks the metered reader for the picture of a disclosed page, over its UNIX socket."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from catalog.db import Asker
from catalog.errors import DependencyError, NoPageError, NotFoundError
from catalog.vocabulary import ChunkId, DisclosureId

_CONNECT_TIMEOUT_S: Final = 5.0
_ANSWER_TIMEOUT_S: Final = 60.0
_LINE_MAX_BYTES: Final = 4096
PICTURE_MAX_BYTES: Final = 5_000_000
_AWAY: Final = "The reader of originals is not running. `hub status` shows what runs, `hub up` starts it."
_NOT_DRAWN: Final = "This page can't be drawn. Its passages can be read."


@dataclass(frozen=True, kw_only=True)
class PagePicture:
    """A page as PNG; `marked` is how many places of it are."""

    png: bytes
    marked: int


@dataclass(frozen=True, kw_only=True)
class Called:
    """The reader, on the line."""

    connection: socket.socket
    incoming: BinaryIO

    def picture(self, *, asker: Asker, disclosure: DisclosureId, chunk: ChunkId, page: int, mark: str) -> PagePicture:
        """Return the picture of a page that was disclosed whole; NotFoundError, NoPageError, DependencyError."""
        request = {
            "person": str(asker.person_id),
            "zone": asker.zone,
            "disclosure": str(disclosure),
            "chunk": str(chunk),
            "page": page,
            "mark": mark,
        }
        try:
            self.connection.sendall(json.dumps(request).encode() + b"\n")
            answer = _answer(self.incoming.readline(_LINE_MAX_BYTES))
            size = _size(answer)
            png = self.incoming.read(size)
        except OSError as error:
            raise DependencyError(_AWAY) from error
        if len(png) != size:
            raise DependencyError(_AWAY)
        return PagePicture(png=png, marked=int(answer.get("marked", 0)))


@contextmanager
def called(path: Path | None) -> Iterator[Called]:
    """Connect before anything is charged; DependencyError when the reader is away."""
    if path is None:
        raise DependencyError(_AWAY)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(_CONNECT_TIMEOUT_S)
            connection.connect(str(path))
        except OSError as error:
            raise DependencyError(_AWAY) from error
        connection.settimeout(_ANSWER_TIMEOUT_S)
        with connection.makefile("rb") as incoming:
            yield Called(connection=connection, incoming=incoming)


def _answer(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise DependencyError(_AWAY) from error
    if not isinstance(answer, dict):
        raise DependencyError(_AWAY)
    if answer.get("ok") is True:
        return answer
    match answer.get("error"):
        case "absent":
            raise NotFoundError
        case "no-page":
            raise NoPageError
        case "not-drawn":
            raise NoPageError(_NOT_DRAWN)
        case _:
            raise DependencyError(_AWAY)


def _size(answer: dict[str, Any]) -> int:
    size = answer.get("bytes")
    if type(size) is not int or not 0 < size <= PICTURE_MAX_BYTES:
        raise DependencyError(_AWAY)
    return size
