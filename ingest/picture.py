"""Draws one page of a PDF with quoted words marked. Runs inside the sealed fork server; answers in plain pixels."""

# ruff: noqa: ANN401  # pypdfium2 ships no types

import base64
import math
from collections.abc import Iterable
from typing import Any, Final

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest import marking
from ingest.pdf import opened

SCALE: Final = 1.6  # pixels a point: about 115 dpi
MOST_SIDE_PIXELS: Final = 2_000
MOST_PIXELS: Final = 1_600_000  # three bytes each: below 5 MB, however little they compress
_MARK_RGBA: Final = (255, 208, 0, 96)  # seen on white and on black, and what is under it can be read
_MOST_RECTANGLES: Final = 1_000
_HIGHEST_CHARACTER: Final = 0x10FFFF


def draw(data: bytes, *, page: int, mark: str = "") -> dict[str, Any]:
    """Return width, height, RGB pixels (Base64) and how many places are marked; pages count from 1.

    Annotations and form fields stay out: their words are in no passage, so nobody was charged for them. Raises
    PermanentError with the reason a page can't be drawn.
    """
    import pypdfium2

    document = opened(data)
    try:
        if not 1 <= page <= len(document):
            raise PermanentError(RefusalReason.CORRUPT, "it has no such page")
        return _draw(document[page - 1], mark)
    except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
        raise PermanentError(RefusalReason.CORRUPT, "pdf page") from error
    finally:
        document.close()


def _draw(page: Any, mark: str) -> dict[str, Any]:
    marked = _mark(page, mark) if mark else 0
    scale = scale_of(*page.get_size())
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, draw_annots=False)
    rows, stride, used = memoryview(bitmap.buffer).cast("B"), bitmap.stride, bitmap.width * 3
    pixels = b"".join(rows[start : start + used] for start in range(0, stride * bitmap.height, stride))
    return {
        "width": bitmap.width,
        "height": bitmap.height,
        "pixels": base64.b64encode(pixels).decode("ascii"),
        "marked": marked,
    }


def scale_of(width: float, height: float) -> float:
    """Return how many pixels a point gets, so that the picture stays within its bounds. ValueError for no size."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise ValueError("a page without a size")
    side = (MOST_SIDE_PIXELS - 1) / max(width, height)  # rounded up, a side may gain a pixel
    area = math.sqrt(MOST_PIXELS / (width * height))
    scale = min(SCALE, side, area)
    while math.ceil(width * scale) * math.ceil(height * scale) > MOST_PIXELS:
        scale *= 0.99
    return scale


def _mark(page: Any, words: str) -> int:
    """Lay translucent rectangles over the words; they are drawn with the page, so they turn and scale with it."""
    import pypdfium2.raw as pdfium

    layer = page.get_textpage()
    try:
        codes = (pdfium.FPDFText_GetUnicode(layer, at) for at in range(layer.count_chars()))
        found = marking.places([chr(code) if code <= _HIGHEST_CHARACTER else "" for code in codes], words)
        for box in _boxes(layer, found):
            _insert(page, *box)
    finally:
        layer.close()
    return len(found)


def _boxes(layer: Any, found: Iterable[range]) -> list[tuple[float, float, float, float]]:
    boxes: list[tuple[float, float, float, float]] = []
    for place in found:
        count = min(layer.count_rects(place.start, len(place)), _MOST_RECTANGLES - len(boxes))
        boxes += [layer.get_rect(at) for at in range(count)]
    return boxes


def _insert(page: Any, left: float, bottom: float, right: float, top: float) -> None:
    import pypdfium2.raw as pdfium

    box = pdfium.FPDFPageObj_CreateNewRect(left, bottom, right - left, top - bottom)
    pdfium.FPDFPageObj_SetFillColor(box, *_MARK_RGBA)
    pdfium.FPDFPath_SetDrawMode(box, pdfium.FPDF_FILLMODE_WINDING, False)
    pdfium.FPDFPage_InsertObject(page, box)
