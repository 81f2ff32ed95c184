"""An answer with its citations, to take away: as text, BibTeX or RIS."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from ui.shapes.reading import Answer, Citation, Passage

Cited = tuple[Citation, Passage]


def cited(answer: Answer) -> list[Cited]:
    """Return each citation with its passage, in the order of their numbers."""
    found = (answer.passage(one.number) for one in sorted(answer.citations, key=lambda one: one.number))
    return [one for one in found if one]


def as_text(answer: Answer, read_at: datetime) -> str:
    """Return the answer and its sources as plain text."""
    sources = [
        f"[{citation.number}] {passage.dataset.title}: {passage.document.name}"
        f"{_pages(passage, ', p. ', ', pp. ')}, version {passage.document.version}"
        f" ({passage.document.published_at:%Y-%m-%d}). “{citation.quote}”"
        for citation, passage in cited(answer)
    ]
    return "\n".join([answer.text, "", *sources, "", f"Read {read_at:%Y-%m-%d %H:%M %Z}. Label: {answer.label}."])


def as_bibtex(answer: Answer, read_at: datetime) -> str:
    """Return an entry for each source."""
    return "\n\n".join(_entry(citation, passage, read_at) for citation, passage in cited(answer))


def as_ris(answer: Answer, read_at: datetime) -> str:
    """Return a record for each source."""
    return "\n".join(_record(citation, passage, read_at) for citation, passage in cited(answer))


FORMATS: Final[dict[str, Callable[[Answer, datetime], str]]] = {"text": as_text, "bibtex": as_bibtex, "ris": as_ris}


def _pages(passage: Passage, one: str, several: str) -> str:
    if passage.first_page is None:
        return ""
    if passage.last_page in {None, passage.first_page}:
        return f"{one}{passage.first_page}"
    return f"{several}{passage.first_page}-{passage.last_page}"


def _entry(citation: Citation, passage: Passage, read_at: datetime) -> str:
    fields = {
        "title": passage.document.name,
        "booktitle": passage.dataset.title,
        "year": f"{passage.document.published_at:%Y}",
        "pages": _pages(passage, "", "").replace("-", "--"),
        "version": str(passage.document.version),
        "urldate": f"{read_at:%Y-%m-%d}",
        "note": citation.quote,
    }
    lines = [f"  {name} = {{{_tex(value)}}}" for name, value in fields.items() if value]
    key = re.sub(r"[^a-z0-9]+", "-", passage.dataset.slug.lower()).strip("-")
    return f"@misc{{{key}-{citation.number},\n" + ",\n".join(lines) + "\n}"


def _record(citation: Citation, passage: Passage, read_at: datetime) -> str:
    fields: Sequence[tuple[str, str]] = (
        ("TY", "GEN"),
        ("TI", passage.document.name),
        ("T2", passage.dataset.title),
        ("PY", f"{passage.document.published_at:%Y}"),
        ("SP", str(passage.first_page or "")),
        ("EP", str(passage.last_page or "")),
        ("ET", str(passage.document.version)),
        ("Y2", f"{read_at:%Y/%m/%d}"),
        ("N1", citation.quote),
        ("ER", ""),
    )
    return "\n".join(f"{tag}  - {_line(value)}" for tag, value in fields if value or tag == "ER")


def _line(value: str) -> str:
    """Return text on one line: in RIS, a line break in a quote would begin another field."""
    return " ".join(value.split())


def _tex(value: str) -> str:
    """Take what TeX would act on literally."""
    return re.sub(r"([\\{}$&#%_~^])", lambda found: _TEX.get(found[1], f"\\{found[1]}"), _line(value))


_TEX: Final = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
