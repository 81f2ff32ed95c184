"""Makes the demo's real files: Markdown, HTML, CSV and text as they are; PDF and DOCX from their `.source`."""

import io
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import docx

#: What each `.source` becomes.
MADE = {"inspection-2025": ".pdf", "maintenance-plan": ".docx", "heat-study": ".pdf"}
_LINES_PER_PAGE = 34
_LINE_CHARACTERS = 82


def write_files(target: Path) -> None:
    """Write one folder a dataset below `target`."""
    with as_file(files("hub.demo") / "documents") as source:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                folder = target / path.parent.name
                folder.mkdir(parents=True, exist_ok=True)
                _write(path, folder)


def _write(path: Path, folder: Path) -> None:
    if path.suffix != ".source":
        shutil.copyfile(path, folder / path.name)
        return
    text = path.read_text(encoding="utf-8")
    ending = MADE[path.stem]
    content = as_pdf(text) if ending == ".pdf" else as_docx(text)
    (folder / (path.stem + ending)).write_bytes(content)


def as_docx(text: str) -> bytes:
    """Return a Word document: `#` lines become headings."""
    document = docx.Document()
    for line in filter(None, text.splitlines()):
        marks = len(line) - len(line.lstrip("#"))
        if marks:
            document.add_heading(line.lstrip("# "), level=marks)
        else:
            document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def as_pdf(text: str) -> bytes:
    """Return a PDF with a text layer: `#` lines in bold, paragraphs wrapped, a page every 34 lines."""
    lines = list(_lines(text))
    pages = [lines[at : at + _LINES_PER_PAGE] for at in range(0, len(lines), _LINES_PER_PAGE)]
    fonts = [
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
    ]
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *fonts]
    kids = []
    for page in pages:
        drawn = _drawn(page)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>" % len(objects)
        )
        kids.append(len(objects))
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (references, len(kids))
    return _assembled(objects)


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    for paragraph in text.splitlines():
        if paragraph.startswith("#"):
            yield True, paragraph.lstrip("# ")
        else:
            for line in textwrap.wrap(paragraph, _LINE_CHARACTERS) or [""]:
                yield False, line


def _drawn(lines: Sequence[tuple[bool, str]]) -> bytes:
    parts = [b"BT 16 TL 60 770 Td"]
    for bold, line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("latin-1")
        parts.append(b"/%s 11 Tf (%s) Tj T*" % (b"F2" if bold else b"F1", escaped))
    return b"\n".join([*parts, b"ET"])


def _assembled(objects: Sequence[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (len(objects) + 1, table, len(objects) + 1, len(body))
