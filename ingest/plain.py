"""Reads plain text, Markdown and CSV: no parser library, so three megabytes of prose take a blink."""

import csv
import io
import re
from typing import Final

from ingest.canonical import Builder, Canonical, clean
from ingest.decode import decode

_ATX: Final = re.compile(r"(?m)^ {0,3}(#{1,6})[ \t]+(\S.*?)[ \t#]*$")
_SETEXT: Final = re.compile(r"(?m)^ {0,3}(\S[^\n]{0,200})\n {0,3}(=+|-{2,})[ \t]*$")
_FENCE: Final = re.compile(r"(?ms)^ {0,3}(```|~~~).*?(?:^ {0,3}\1[ \t]*$|\Z)")
_COMMENT: Final = re.compile(r"(?s:<!--.*?(?:-->|\Z))|(?m:^\[[^\]\n]{1,80}\]: *(?:#|<>) .*$)")
_PICTURE: Final = re.compile(r"!\[([^\]\n]{0,1000})\]\([^)\n]{0,4000}\)")
_DELIMITERS: Final = ",;\t|"
_SNIFF_CHARACTERS: Final = 64 * 1024
_CELL_CHARACTERS: Final = 16 * 1024 * 1024


def read_text(data: bytes) -> Canonical:
    """Return a plain text, decoded and cleaned, form feeds as line ends."""
    text, _ = decode(data)
    builder = Builder()
    builder.add(text)
    return builder.finish()


def read_markdown(data: bytes) -> Canonical:
    """Return Markdown as written, without comments and picture targets, its headings found."""
    text, tricks = clean(decode(data)[0])
    text, comments = _COMMENT.subn("", text)
    text = _PICTURE.sub(r"\1", text)
    text, again = clean(text)
    stripped = text.lstrip("\n")
    body = stripped.rstrip()
    fences = [match.span() for match in _FENCE.finditer(body)]
    headings = [(at, level, title) for at, level, title in _headings(body) if not any(a <= at < b for a, b in fences)]
    return Canonical(text=body if body.strip() else "", headings=headings, hidden=tricks + comments + again)


def _headings(text: str) -> list[tuple[int, int, str]]:
    found = [(m.start(1), len(m[1]), m[2][:160]) for m in _ATX.finditer(text)]
    found += [(m.start(1), 1 if m[2][0] == "=" else 2, m[1].strip()[:160]) for m in _SETEXT.finditer(text)]
    return sorted(set(found))


def read_csv(data: bytes) -> Canonical:
    """Return a table as one line a row, cells parted by ` | `; its first row is the heading of all the others."""
    text, _ = decode(data)
    csv.field_size_limit(_CELL_CHARACTERS)
    lines: list[str] = []
    for row in csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=_delimiter(text)):
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            lines.append(" | ".join(cells))
    builder = Builder()
    if lines:
        builder.add(lines[0], level=1)
        builder.add("\n".join(lines[1:]))
    return builder.finish()


def _delimiter(text: str) -> str:
    """Return the delimiter: the one that cuts the first rows most evenly (the standard sniffer guesses letters)."""
    sample = text[:_SNIFF_CHARACTERS]
    best, best_score = ",", 0.0
    for candidate in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=candidate)]
        except csv.Error:
            continue
        widest = max(widths, default=1)
        if widest > 1:
            score = sum(width == max(set(widths), key=widths.count) > 1 for width in widths) / len(widths)
            if score > best_score:
                best, best_score = candidate, score
    return best
