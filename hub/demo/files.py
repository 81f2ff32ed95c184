"""Makes the demo's real files: Markdown, HTML, CSV and text as they are; PDF, DOCX and XLSX from their `.source`."""

import csv
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import docx

from hub.demo.pdf import as_pdf, as_scan

#: What each `.source` becomes.
MADE: Final[Mapping[str, str]] = {
    "inspection-2025": ".pdf",
    "maintenance-plan": ".docx",
    "heat-study": ".pdf",
    "badegewaesser-2025": ".pdf",
    "drinking-water-report-2025": ".docx",
    "pump-costs-2025": ".xlsx",
    "bird-radar-study-2025": ".pdf",
    "grid-connection-agreement": ".docx",
    "wartungshandbuch-kestrel-bank": ".pdf",
    "schulentwicklungsplan-2026": ".pdf",
    "deichbruch-alarmplan": ".docx",
    "varnholm-in-figures-2025": ".pdf",
}
#: Files without a source: drawn.
DRAWN: Final[Mapping[str, Callable[[], bytes]]] = {"dyke-inspections/site-plan-hollow-reach-1974.pdf": as_scan}
#: Files the hub refuses so far, and the reason it gives.
REFUSED: Final[Mapping[str, str]] = {
    "site-plan-hollow-reach-1974.pdf": "unsupported: scanned pdf",
    "pump-costs-2025.xlsx": "unsupported: xlsx",
}


def write_files(target: Path) -> int:
    """Write one folder a dataset below `target`; return how many files there are."""
    with as_file(files("hub.demo") / "documents") as source:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                folder = target / path.parent.name
                folder.mkdir(parents=True, exist_ok=True)
                _write(path, folder)
    for name, drawn in DRAWN.items():
        (target / name).write_bytes(drawn())
    return sum(path.is_file() for path in target.rglob("*"))


def _write(path: Path, folder: Path) -> None:
    if path.suffix != ".source":
        shutil.copyfile(path, folder / path.name)
        return
    ending = MADE[path.stem]
    make = {".pdf": as_pdf, ".docx": as_docx, ".xlsx": as_xlsx}[ending]
    (folder / (path.stem + ending)).write_bytes(make(path.read_text(encoding="utf-8")))


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
    with zipfile.ZipFile(held) as package:
        return _package({name: package.read(name) for name in package.namelist()})


_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: What surrounds the one sheet of a workbook (ECMA-376, part 1).
_AROUND: Final[Mapping[str, str]] = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="2025" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def as_xlsx(text: str) -> bytes:
    """Return a workbook with one sheet of the comma-separated cells."""
    rows = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in csv.reader(io.StringIO(text))
    )
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    parts = {**_AROUND, "xl/worksheets/sheet1.xml": sheet}
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return _package({name: f"{declared}{part}".encode() for name, part in parts.items()})


def _package(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts zipped without a time, so that the same words are always the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return held.getvalue()
