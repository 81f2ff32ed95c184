"""Reads the text layer of a PDF, page by page; a broken page is skipped and counted."""

# ruff: noqa: ANN401  # pypdfium2 ships no types

from typing import Any, Final

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest.canonical import Builder, Canonical

#: pdfium's error codes (fpdfview.h): a password is needed, or a security handler it doesn't know.
_LOCKED: Final = frozenset({4, 5})
_MAX_PAGES: Final = 50_000
_MAX_OUTLINE: Final = 5_000
#: pdfium writes a hyphen at a line's end as U+FFFE (or U+0002); the word goes on after it.
_LINE_HYPHENS: Final = ("\ufffe\r\n", "\ufffe\n", "\ufffe", "\x02\r\n", "\x02\n", "\x02")


def read_pdf(data: bytes) -> tuple[Canonical, list[str]]:
    """Return the text and notes on what could not be read."""
    document = opened(data)
    try:
        return _read_pages(document)
    finally:
        document.close()


def opened(data: bytes) -> Any:
    """Return the document, to be closed. PermanentError for one that needs a password or can't be read."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = RefusalReason.ENCRYPTED if getattr(error, "err_code", None) in _LOCKED else RefusalReason.CORRUPT
        raise PermanentError(reason, "pdf") from error


def _read_pages(document: Any) -> tuple[Canonical, list[str]]:
    import pypdfium2

    builder, broken, bare, pictures = Builder(), 0, 0, 0
    count = min(len(document), _MAX_PAGES)
    outline = _outline(document)
    for index in range(count):
        try:
            text, has_pictures = _read_page(document, index)
        except (pypdfium2.PdfiumError, ValueError):
            broken += 1
            continue
        bare += not text.strip()
        pictures += has_pictures and not text.strip()
        _add_page(builder, text, index + 1, outline.get(index, []))
    canonical = builder.finish(page_count=len(document))
    if not canonical.text:
        raise _no_text(pictures, broken)
    notes = [f"{broken} broken pages skipped"] if broken else []
    return canonical, notes + ([f"{bare} pages without a text layer"] if bare else [])


def _no_text(pictures: int, broken: int) -> PermanentError:
    if pictures:
        return PermanentError(RefusalReason.UNSUPPORTED, "scanned pdf")
    return PermanentError(RefusalReason.CORRUPT if broken else RefusalReason.EMPTY, "no readable text")


def _read_page(document: Any, index: int) -> tuple[str, bool]:
    import pypdfium2.raw as pdfium

    page = document[index]
    try:
        layer = page.get_textpage()
        try:
            text = str(layer.get_text_range(errors="replace"))
        finally:
            layer.close()
        drawn = range(pdfium.FPDFPage_CountObjects(page)) if not text.strip() else range(0)
        kinds = {pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, at)) for at in drawn}
    finally:
        page.close()
    for mark in _LINE_HYPHENS:
        text = text.replace(mark, "")
    return text, bool(kinds & {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_PATH})


def _outline(document: Any) -> dict[int, list[tuple[int, str]]]:
    """Return the document's own table of contents as page index → (level, title); a broken one counts as none."""
    import pypdfium2

    found: dict[int, list[tuple[int, str]]] = {}
    try:
        for number, mark in enumerate(document.get_toc(max_depth=6)):
            if number >= _MAX_OUTLINE:
                break
            target = mark.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                found.setdefault(index, []).append((mark.level + 1, " ".join(mark.get_title().split())))
    except (pypdfium2.PdfiumError, ValueError, AttributeError):
        return {}
    return found


def _add_page(builder: Builder, text: str, number: int, titles: list[tuple[int, str]]) -> None:
    """Add a page; a line that repeats a title of the outline becomes that heading."""
    levels = {title.casefold(): level for level, title in titles if title}
    body: list[str] = []
    for line in text.splitlines():
        level = levels.pop(" ".join(line.split()).casefold(), None) if levels else None
        if level is None:
            body.append(line)
            continue
        builder.add("\n".join(body), page=number)
        builder.add(line, page=number, level=level)
        body = []
    builder.add("\n".join(body), page=number)
