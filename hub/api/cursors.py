"""Opaque cursors: where the next page begins, as its own last line said."""

import base64
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from catalog.errors import InvalidError


class Position(BaseModel):
    """The last line of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P = TypeVar("P", bound=Position)


def encode(position: Position) -> str:
    """Return a position as the opaque text a caller hands back."""
    return base64.urlsafe_b64encode(position.model_dump_json().encode()).decode().rstrip("=")


def decode(cursor: str | None, kind: type[P]) -> P | None:
    """Return the position a cursor stands for, None for the first page; InvalidError for a broken one."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        return kind.model_validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:  # also binascii's, Unicode's and pydantic's
        raise InvalidError("That cursor is broken. Begin again at the first page.") from None
