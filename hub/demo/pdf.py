"""Writes small PDFs: pages of text with an outline, and a page that is only a picture, as a scanner leaves it."""

import math
import textwrap
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINES_PER_PAGE = 34
_LINE_CHARACTERS = 82
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
#: Catalog, pages, two fonts and the outline come first: what follows refers to them by these numbers.
_PAGES, _OUTLINE, _FIRST_FREE = 2, 5, 6
_MARKS = (("## ", 2, 12), ("# ", 1, 15))


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One printed line; `level` is that of the heading it begins."""

    text: str
    size: int = 11
    bold: bool = False
    level: int | None = None


def as_pdf(text: str) -> bytes:
    """Return a PDF with a text layer: `#` lines in bold and in the outline, paragraphs wrapped, 34 lines a page."""
    lines = list(_lines(text))
    pages = [lines[at : at + _LINES_PER_PAGE] for at in range(0, len(lines), _LINES_PER_PAGE)]
    drawn = [obj for number, page in enumerate(pages) for obj in (_stream(_drawn(page)), _page(number))]
    marks = [(line, number) for number, page in enumerate(pages) for line in page if line.level]
    return _assembled(
        [
            b"<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R>>" % (_PAGES, _OUTLINE),
            _kids(len(pages)),
            _FONT % b"Helvetica",
            _FONT % b"Helvetica-Bold",
            _outline(marks, _FIRST_FREE + len(drawn)),
            *drawn,
            *_bookmarks(marks, _FIRST_FREE + len(drawn)),
        ]
    )


def as_scan() -> bytes:
    """Return a PDF whose one page is a picture: a site plan with a dyke, a canal and houses, and no text layer."""
    width, height = 720, 960
    picture = zlib.compress(_site_plan(width, height))
    image = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1" % (
        width,
        height,
    )
    return _assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            _stream(b"q 480 0 0 640 58 100 cm /Plan Do Q"),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</XObject<</Plan 5 0 R>>>>>>",
            image + b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(picture), picture),
        ]
    )


def _lines(text: str) -> Iterator[_Line]:
    for paragraph in text.splitlines():
        for mark, level, size in _MARKS:
            if paragraph.startswith(mark):
                yield _Line(text=paragraph.removeprefix(mark), size=size, bold=True, level=level)
                break
        else:
            for line in textwrap.wrap(paragraph, _LINE_CHARACTERS) or [""]:
                yield _Line(text=line)


def _drawn(lines: Sequence[_Line]) -> bytes:
    parts = [b"BT 19 TL 60 790 Td"]
    for line in lines:
        escaped = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
        parts.append(b"/%s %d Tf T* (%s) Tj" % (b"F2" if line.bold else b"F1", line.size, escaped))
    return b"\n".join([*parts, b"ET"])


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _page_object(number: int) -> int:
    return _FIRST_FREE + 2 * number + 1


def _page(number: int) -> bytes:
    return (
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
        b"/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>" % (_PAGES, _page_object(number) - 1)
    )


def _kids(count: int) -> bytes:
    references = b" ".join(b"%d 0 R" % _page_object(number) for number in range(count))
    return b"<</Type/Pages/Kids[%s]/Count %d>>" % (references, count)


def _outline(marks: Sequence[tuple[_Line, int]], first: int) -> bytes:
    return b"<</Type/Outlines%s>>" % (_below(first, 1) if marks else b"/Count 0")


def _bookmarks(marks: Sequence[tuple[_Line, int]], first: int) -> Iterator[bytes]:
    """Yield the title's bookmark and below it those of the sections, each linked with its neighbours."""
    last = first + len(marks) - 1
    for own, (line, page) in enumerate(marks, start=first):
        title = ("\ufeff" + line.text).encode("utf-16-be").hex().encode()
        links = b"/Dest[%d 0 R/Fit]/Parent %d 0 R" % (_page_object(page), _OUTLINE if own == first else first)
        if own == first:
            links += _below(first + 1, len(marks) - 1) if len(marks) > 1 else b""
        else:
            links += b"/Prev %d 0 R" % (own - 1) if own > first + 1 else b""
            links += b"/Next %d 0 R" % (own + 1) if own < last else b""
        yield b"<</Title<%s>%s>>" % (title, links)


def _below(first: int, count: int) -> bytes:
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (first, first + count - 1, count)


def _site_plan(width: int, height: int) -> bytes:
    """Return one bit a point, 0 is black: a frame, a bent dyke with its hatching, a dashed canal, houses."""
    rows = [bytearray(b"\xff" * (width // 8)) for _ in range(height)]
    for x, y, size in (*_frame(width, height), *_dyke(width), *_canal(width), *_houses()):
        for column in range(int(x), int(x) + size):
            for row in range(int(y), int(y) + size):
                rows[row][column // 8] &= ~(0x80 >> column % 8)
    return b"".join(bytes(row) for row in rows)


#: Where a pen touches the paper, and how broad it is.
_Dots = Iterator[tuple[float, float, int]]


def _frame(width: int, height: int) -> _Dots:
    for x in range(20, width - 20):
        yield from ((x, 20, 2), (x, height - 22, 2))
    for y in range(20, height - 20):
        yield from ((20, y, 2), (width - 22, y, 2))


def _dyke(width: int) -> _Dots:
    for x in range(30, width - 30):
        bend = 380 + 90 * math.sin(x / 140)
        yield from ((x, bend, 4), (x, bend + 44, 3))
        if x % 12 == 0:
            yield from ((x - step / 3, bend + 4 + 2 * step, 2) for step in range(20))


def _canal(width: int) -> _Dots:
    yield from ((x, 640 + 30 * math.cos(x / 90), 3) for x in range(30, width - 30) if x % 24 < 14)  # noqa: PLR2004  # dashes


def _houses() -> _Dots:
    for left, top, side in ((120, 720, 36), (210, 760, 48), (330, 735, 30), (470, 780, 54), (585, 745, 40)):
        for step in range(side):
            yield from ((left + step, top, 2), (left + step, top + side, 2))
            yield from ((left, top + step, 2), (left + side, top + step, 2))


def _assembled(objects: Sequence[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (len(objects) + 1, table, len(objects) + 1, len(body))
