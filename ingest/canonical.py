"""Builds the one canonical text of a document, with the places where its pages and headings begin."""

import re
from dataclasses import dataclass, field
from typing import Final

#: Marks that make text read otherwise than it looks: Unicode tags, bidi overrides and isolates.
_TRICKS: Final = re.compile("[\U000e0000-\U000e007f\u202a-\u202e\u2066-\u2069]+")
#: Marks without width that carry nothing. The joiners U+200C and U+200D stay: Persian and Hindi need them.
_WIDTHLESS: Final = re.compile("[\u00ad\u200b\u2060\ufeff\ufffe\uffff\u0000]")
_CONTROLS: Final = re.compile("[\u0001-\u0008\u000b\u000e-\u001f\u007f-\u0084\u0086-\u009f]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_TRAILING: Final = re.compile(r"(?<![ \t])[ \t]++(?=\n|\Z)")
_GAPS: Final = re.compile(r"\n{4,}")
_TITLE_CHARACTERS: Final = 160


@dataclass(frozen=True, kw_only=True)
class Canonical:
    """A finished text. `pages` and `headings` hold the character offset at which each begins, ascending."""

    text: str
    pages: list[tuple[int, int]] = field(default_factory=list)  # (offset, page number from 1)
    headings: list[tuple[int, int, str]] = field(default_factory=list)  # (offset, level from 1, title)
    page_count: int = 0
    hidden: int = 0  # hidden passages and trick characters that were left out


def clean(raw: str) -> tuple[str, int]:
    """Return the text without invisible and impossible characters, and how many stretches of tricks it held."""
    text, tricks = _TRICKS.subn("", raw.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", _WIDTHLESS.sub("", text)))
    return _GAPS.sub("\n\n\n", _TRAILING.sub("", text)), tricks


class Builder:
    """Collects blocks in reading order; blocks are parted by an empty line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pages: list[tuple[int, int]] = []
        self._headings: list[tuple[int, int, str]] = []
        self.hidden = 0

    def add(self, raw: str, *, page: int | None = None, level: int | None = None) -> None:
        """Append one block; `level` (1 = top) makes it a heading. Empty blocks vanish."""
        text, tricks = clean(raw)
        self.hidden += tricks
        text = text.strip("\n") if level is None else " ".join(text.split())
        if not text.strip():
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        if page is not None and (not self._pages or self._pages[-1][1] != page):
            self._pages.append((self._length, page))
        if level is not None:
            self._headings.append((self._length, level, text[:_TITLE_CHARACTERS]))
        self._parts.append(text)
        self._length += len(text)

    def finish(self, *, page_count: int = 0) -> Canonical:
        """Return what was collected."""
        pages = page_count or max((page for _, page in self._pages), default=0)
        return Canonical(
            text="".join(self._parts),
            pages=self._pages,
            headings=self._headings,
            page_count=pages,
            hidden=self.hidden,
        )
