"""The metered reader (`python -m ingest.reader`), the one way originals leave: as pictures of pages that were charged.

A request is one line of JSON; the answer is one line and, when it is `ok`, so many `bytes` of PNG. The reader knows
nobody: it is told for whom it reads, and the database names an original only to whom the page was disclosed.
"""

import json
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.db import Asker, Database
from catalog.errors import (
    AccessDeniedError,
    DataHubError,
    DependencyError,
    NoPageError,
    NotFoundError,
    PermanentError,
    SettingsError,
)
from catalog.objects import ObjectStore
from catalog.pages import MARK_MAX_CHARACTERS, DisclosedPage, disclosed_page
from catalog.settings import load
from catalog.vocabulary import ChunkId, DisclosureId, PersonId
from ingest.drawing import DrawingLimits, Picture, draw
from ingest.settings import ReaderSettings

ROLE: Final = "hub_reader"
_EXIT_SETTINGS: Final = 78  # EX_CONFIG of sysexits.h
_REQUEST_MAX_BYTES: Final = 64 * 1024
_PATIENCE_S: Final = 30.0  # for a caller that has connected and charges first
_CALLERS: Final = 16
_PIECE_BYTES: Final = 1 << 20

log: Any = structlog.get_logger("reader")


class Request(BaseModel):
    """For whom which page is to be drawn, under which disclosure, and the words to mark."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    person: UUID
    zone: Annotated[str, Field(max_length=120)] = ""
    disclosure: UUID
    chunk: UUID
    page: Annotated[int, Field(ge=1, le=1_000_000)]
    mark: Annotated[str, Field(max_length=MARK_MAX_CHARACTERS)] = ""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Serves one request a connection; so many are drawn at the same time."""

    database: Database
    objects: ObjectStore
    parser_socket: Path
    limits: DrawingLimits
    max_document_bytes: int
    drawing: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2))

    def picture(self, request: Request) -> Picture:
        """Return the picture of a disclosed page; raises what keeps it from being shown."""
        with self.database.begin(Asker(person_id=PersonId(request.person), zone=request.zone)) as session:
            original = disclosed_page(
                session, DisclosureId(request.disclosure), ChunkId(request.chunk), request.page
            )  # fmt: skip
        with self.drawing:
            data = self._fetch(original)
            return draw(data, page=request.page, mark=request.mark, socket_path=self.parser_socket, limits=self.limits)

    def serve(self, connection: socket.socket) -> None:
        """Answer one connection, whatever happens to it."""
        try:
            with connection, connection.makefile("rb") as incoming:
                connection.settimeout(_PATIENCE_S)
                line = incoming.readline(_REQUEST_MAX_BYTES)
                if line:
                    connection.sendall(self._answer(line))
        except OSError:
            log.info("caller.gone")

    def _answer(self, line: bytes) -> bytes:
        try:
            picture = self.picture(Request.model_validate_json(line))
        except (DataHubError, ValidationError) as error:
            word = _word(error)
            log.info("page.refused", word=word, error=type(error).__name__)
            return _line({"ok": False, "error": word})
        except Exception as error:  # noqa: BLE001  # one request must not end the part
            log.warning("page.failed", error=type(error).__name__)
            return _line({"ok": False, "error": "unavailable"})
        log.info("page.drawn", bytes=len(picture.png), marked=picture.marked)
        return _line({"ok": True, "bytes": len(picture.png), "marked": picture.marked}) + picture.png

    def _fetch(self, original: DisclosedPage) -> bytes:
        """Return the original's bytes, hashed on their way."""
        if original.size_bytes > self.max_document_bytes:
            raise NoPageError
        pieces, received = [], 0
        try:
            with self.objects.open(original.sha256) as source:
                while piece := source.read(_PIECE_BYTES):
                    received += len(piece)
                    if received > original.size_bytes:
                        raise DependencyError("An original is longer than what was submitted.")
                    pieces.append(piece)
        except NotFoundError as error:
            raise DependencyError("An original is not in its store.") from error
        return b"".join(pieces)


def _word(error: Exception) -> str:
    """Return the one word a caller is told; why, stands in the reader's log and the database."""
    match error:
        case NoPageError():
            return "no-page"
        case NotFoundError() | AccessDeniedError():
            return "absent"
        case PermanentError():
            return "not-drawn"
        case ValidationError():
            return "invalid"
        case _:
            return "unavailable"


def _line(answer: dict[str, object]) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def listen(path: Path) -> socket.socket:
    """Listen on a UNIX socket only this user can reach; one left by a dead reader is replaced."""
    unready = path.with_suffix(".new")
    unready.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(unready))
    finally:
        os.umask(before)
    listener.listen(64)
    unready.rename(path)
    return listener


def run(reader: Reader, listener: socket.socket) -> None:
    """Serve until a signal ends the process or the listener is closed."""
    with ThreadPoolExecutor(_CALLERS, thread_name_prefix="reader") as pool:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            pool.submit(reader.serve, connection)


def main() -> int:
    """Serve until SIGTERM; 78 when a setting is wrong."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        settings = load(ReaderSettings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return _EXIT_SETTINGS
    run(equip(settings), listen(settings.reader_socket))
    return 0


def equip(settings: ReaderSettings) -> Reader:
    """Build what reading needs."""
    return Reader(
        database=Database(settings.url(ROLE), pool_size=settings.database_pool_size),
        objects=settings.store(settings.store_place),
        parser_socket=settings.parser_socket,
        limits=DrawingLimits(cpu_s=settings.reader_cpu_s, wall_s=settings.reader_wall_s),
        max_document_bytes=settings.max_document_bytes,
        drawing=threading.BoundedSemaphore(settings.reader_at_once),
    )


if __name__ == "__main__":
    sys.exit(main())
