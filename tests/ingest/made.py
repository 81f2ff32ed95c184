"""Files the ingestion tests make themselves."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def word(document: Any = None, *paragraphs: str) -> bytes:  # python-docx ships no types
    document = document or docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def archive(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return held.getvalue()


def bare_docx(document_xml: str | bytes, **more: bytes) -> bytes:
    return archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document_xml, **more})


def pdf(pages: Sequence[str], outline: Sequence[tuple[str, int]] = (), *, image: bool = False) -> bytes:
    """A PDF with these pages of Latin text, written by hand; `outline` holds (title, page index)."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    catalog, tree, font = add(b""), add(b""), add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    picture = add(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\x7f\nendstream"
    )
    kids = []
    for text in pages:
        lines = b" T* ".join(b"(%s) Tj" % line.encode("latin-1") for line in text.splitlines())
        drawn = b"BT /F1 12 Tf 14 TL 20 700 Td %s ET" % lines if text else b""
        drawn += b" q 500 0 0 500 0 0 cm /Im1 Do Q" if image else b""
        stream = add(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(
            add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
                b"/Resources<</Font<</F1 %d 0 R>>/XObject<</Im1 %d 0 R>>>>>>" % (tree, stream, font, picture)
            )
        )
    refs = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[tree - 1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (refs, len(kids))
    marks = _outline(objects, outline, kids)
    objects[catalog - 1] = b"<</Type/Catalog/Pages %d 0 R%s>>" % (tree, marks)
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (len(objects) + 1, table, len(objects) + 1, len(body))


def _outline(objects: list[bytes], outline: Sequence[tuple[str, int]], kids: Sequence[int]) -> bytes:
    if not outline:
        return b""
    root = len(objects) + 1
    numbers = [root + 1 + at for at in range(len(outline))]
    objects.append(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (numbers[0], numbers[-1], len(numbers)))
    for at, (title, page) in enumerate(outline):
        following = b"/Next %d 0 R" % numbers[at + 1] if at + 1 < len(numbers) else b""
        objects.append(
            b"<</Title(%s)/Parent %d 0 R/Dest[%d 0 R/Fit]%s>>" % (title.encode("latin-1"), root, kids[page], following)
        )
    return b"/Outlines %d 0 R" % root


def locked_pdf() -> bytes:
    """A PDF that names a standard security handler whose empty password does not fit."""
    made = pdf(["secret"])
    guard = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"11" * 32, b"22" * 32)
    return made.replace(b"trailer<<", b"trailer<<" + guard)


def compound(*streams: str) -> bytes:
    """Enough of an OLE compound file to be taken for one that holds these streams."""
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + names


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"


def gif(width: int, height: int, *, top: int = 0) -> bytes:
    return b"GIF89a" + struct.pack("<HH", 10, 10) + b"\x00\x00\x00," + struct.pack("<HHHH", 0, top, width, height)
