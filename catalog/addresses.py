"""An original's address is the SHA-256 of its bytes: taken while they come in, checked while they go out."""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, BinaryIO, Final, cast

from catalog.errors import DependencyError, NotFoundError
from catalog.vocabulary import Sha256

PIECE_BYTES: Final = 1 << 20
_ADDRESS: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a store holds after a put."""

    sha256: Sha256
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One object that lies in a store."""

    name: str
    kept_at: datetime


def address_of(sha256: str) -> str:
    """Return the address itself. NotFoundError for anything that is none, so that it can't name another file."""
    if not _ADDRESS.fullmatch(sha256):
        raise NotFoundError("An original is addressed by the 64 hexadecimal digits of its SHA-256.")
    return sha256


def copy_hashing(source: BinaryIO, target: IO[bytes]) -> Stored:
    """Copy in pieces; DependencyError when the source breaks off."""
    digest, size_bytes = hashlib.sha256(), 0
    while piece := _next_piece(source):
        digest.update(piece)
        size_bytes += target.write(piece)
    target.flush()
    return Stored(sha256=Sha256(digest.hexdigest()), size_bytes=size_bytes)


def _next_piece(source: BinaryIO) -> bytes:
    try:
        return source.read(PIECE_BYTES)
    except OSError as error:
        raise DependencyError(f"The file could not be read to its end ({error.strerror}). Nothing was kept.") from error


class _Verifying(io.RawIOBase):
    """Hashes what passes and refuses the end when it isn't the original that was asked for."""

    def __init__(self, read: Callable[[int], bytes], sha256: str) -> None:
        self._read, self._sha256, self._digest = read, sha256, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # as io declares it
        piece = self._read(len(buffer))
        self._digest.update(piece)
        if not piece and self._digest.hexdigest() != self._sha256:
            raise DependencyError(f"Original {self._sha256[:12]}… is damaged in its store. Restore it from a backup.")
        buffer[: len(piece)] = piece
        return len(piece)


def verifying(read: Callable[[int], bytes], sha256: str) -> BinaryIO:
    """Return a file over `read` that raises DependencyError at its end when the bytes aren't those of the address."""
    return cast("BinaryIO", io.BufferedReader(_Verifying(read, sha256), PIECE_BYTES))
