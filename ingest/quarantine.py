"""Takes a submitted file's bytes from the object store: within the size limit, unchanged, not empty. Opens nothing."""

import hashlib
from typing import BinaryIO, Final

from catalog.documents import Order
from catalog.errors import DependencyError, NotFoundError, PermanentError, TransientError
from catalog.objects import ObjectStore
from catalog.vocabulary import RefusalReason
from ingest import filetypes, hostile
from ingest.stages import Admitted

_PIECE_BYTES: Final = 1024 * 1024
_BLANK: Final = b" \t\r\n\x00\x0b\x0c"


def quarantine(order: Order, *, objects: ObjectStore, max_document_bytes: int) -> Admitted:
    """Return the bytes of an order.

    Raises PermanentError when they are too large, empty or a picture bomb by their header (everything deeper is judged
    inside the sandbox), TransientError when the store can't be reached.
    """
    if order.size_bytes > max_document_bytes:
        raise PermanentError(RefusalReason.TOO_LARGE, f"over the limit of {max_document_bytes} bytes")
    try:
        with objects.open(order.sha256) as source:
            data = _receive(source, max_document_bytes)
    except NotFoundError as error:
        raise PermanentError(RefusalReason.FAILED, "its original is not in the object store") from error
    except DependencyError as error:
        raise TransientError("The object store can't be read.") from error
    if hashlib.sha256(data).hexdigest() != order.sha256:
        raise PermanentError(RefusalReason.FAILED, "its original is not what was submitted")
    if not data.strip(_BLANK):
        raise PermanentError(RefusalReason.EMPTY)
    head = data[: filetypes.HEAD_BYTES]
    hostile.check_picture(filetypes.by_magic(head) or "", head, hostile.Limits())
    return Admitted(order=order, data=data)


def _receive(source: BinaryIO, max_document_bytes: int) -> bytes:
    """Read counted, because a declared size is only a claim."""
    pieces: list[bytes] = []
    received = 0
    while piece := source.read(_PIECE_BYTES):
        received += len(piece)
        if received > max_document_bytes:
            raise PermanentError(RefusalReason.TOO_LARGE, f"over the limit of {max_document_bytes} bytes")
        pieces.append(piece)
    return b"".join(pieces)
