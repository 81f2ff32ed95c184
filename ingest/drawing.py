"""Has one page of an original drawn by a throw-away process behind walls, and makes the PNG of its pixels itself."""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.errors import PermanentError
from catalog.pages import PDF
from catalog.vocabulary import RefusalReason
from ingest import png
from ingest.picture import MOST_PIXELS, MOST_SIDE_PIXELS
from ingest.sandbox import exchange, refused

#: Base64 of the most pixels there may be, and the JSON around them: a larger picture does not come through.
_LONGEST_BYTES: Final = MOST_PIXELS * 4 + 1024


@dataclass(frozen=True, kw_only=True)
class DrawingLimits:
    """What drawing one page may cost."""

    cpu_s: int = 10
    wall_s: float = 20.0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A page as PNG, below 5 MB; `marked` is how many places of it are."""

    png: bytes
    marked: int


class _Answer(BaseModel):
    """What the sandbox says it drew: it saw a stranger's file, so nothing here is taken on trust."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    width: Annotated[int, Field(ge=1, le=MOST_SIDE_PIXELS)]
    height: Annotated[int, Field(ge=1, le=MOST_SIDE_PIXELS)]
    pixels: Annotated[str, Field(max_length=_LONGEST_BYTES)]
    marked: Annotated[int, Field(ge=0, le=1000)]


def draw(data: bytes, *, page: int, mark: str, socket_path: Path, limits: DrawingLimits) -> Picture:
    """Return a page of a PDF as a picture.

    Raises PermanentError when it can't be drawn, TransientError when there is no parser, and UnsealedError, before a
    byte has left, when it can't prove its walls.
    """
    header = {"name": "", "media_type": PDF, "page": page, "mark": mark, "cpu_s": limits.cpu_s, "wall_s": limits.wall_s}
    answer = exchange(header, data, socket_path=socket_path, longest_bytes=_LONGEST_BYTES)
    if (refusal := refused(answer)) is not None:
        raise refusal
    return _checked(answer.get("result"))


def _checked(result: object) -> Picture:
    """Pixels can be nothing but pixels: a file made of them here holds nothing a stranger could have put in."""
    try:
        answer = _Answer.model_validate(result)
        pixels = base64.b64decode(answer.pixels, validate=True)
        return Picture(png=png.encode(answer.width, answer.height, pixels), marked=answer.marked)
    except (ValidationError, binascii.Error, ValueError) as error:
        raise PermanentError(RefusalReason.FAILED, "the parser's answer is no picture") from error
