"""Opaque cursors: where the next page begins, as its own last line said."""

import base64
import binascii
import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from catalog.errors import InvalidError

C = TypeVar("C", bound=BaseModel)

MAX_CHARACTERS = 512


def encode(position: BaseModel) -> str:
    """Return a position as the opaque text a caller hands back."""
    return base64.urlsafe_b64encode(position.model_dump_json().encode()).decode().rstrip("=")


def decode(cursor: str | None, kind: type[C]) -> C | None:
    """Return the position a cursor stands for, None for the first page; InvalidError for a broken one."""
    if cursor is None:
        return None
    try:
        content = base64.urlsafe_b64decode(cursor[:MAX_CHARACTERS] + "==")
        return kind.model_validate(json.loads(content))
    except (ValueError, binascii.Error, ValidationError, RecursionError):
        raise InvalidError("That cursor is broken. Begin again at the first page.") from None
