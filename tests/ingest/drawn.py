"""Looks at drawn pages: pixels back from their PNG, and PDFs of odd sizes."""

import struct
import zlib
from dataclasses import dataclass

from ingest.png import SIGNATURE

Rgb = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """A picture as rows of RGB."""

    width: int
    height: int
    data: bytes

    def at(self, x: int, y: int) -> Rgb:
        start = (y * self.width + x) * 3
        red, green, blue = self.data[start : start + 3]
        return red, green, blue

    def marked_rows(self) -> set[int]:
        """Rows that hold a pixel of the marks' colour on white."""
        return {y for y in range(self.height) for x in range(0, self.width, 4) if is_mark(self.at(x, y))}

    def marked_columns(self) -> set[int]:
        return {x for x in range(self.width) for y in range(0, self.height, 2) if is_mark(self.at(x, y))}


def is_mark(pixel: Rgb) -> bool:
    red, green, blue = pixel
    return red > 230 and green > 200 and blue < 200


def decoded(png: bytes) -> Pixels:
    """Read a PNG of this house, chunk by chunk; anything else in it fails."""
    assert png.startswith(SIGNATURE)
    at, parts = len(SIGNATURE), []
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + data),)
        parts.append((kind, data))
        at += 12 + size
    assert [kind for kind, _ in parts] == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", parts[0][1])
    assert rest == [8, 2, 0, 0, 0]
    rows = zlib.decompress(parts[1][1])
    stride = width * 3 + 1
    assert len(rows) == stride * height
    assert not any(rows[::stride])
    return Pixels(
        width=width, height=height, data=b"".join(rows[y * stride + 1 : (y + 1) * stride] for y in range(height))
    )


def page_of(width: float, height: float, content: bytes = b"", more: bytes = b"") -> bytes:
    """A PDF of one page of this size, with its own drawing and entries."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>%s>>"
        % (str(width).encode(), str(height).encode(), more),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Annot/Subtype/Square/Rect[10 10 90 90]/IC[1 0 0]/C[1 0 0]/F 4/AP<</N 7 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[10 10 90 90]/Length 26>>stream\n1 0 0 rg 10 10 80 80 re f\nendstream",
    )
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (at, part) for at, part in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size 8>>\n%%EOF"
