"""Cuts a text into chunks that keep page, heading and exact character span; the door to llama-index's node parsers."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ingest.stages import Chunked, Heading, Parsed, Piece, Text

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter

#: Size counts UTF-8 bytes: 1 for a Latin letter, 2 for a Cyrillic or Arabic one, 3 for a Chinese or Thai one. That is
#: about how many word pieces scripts cost an embedder, which reads 256 of them: 1,000 bytes of English are about 200.
CHUNK_BYTES: Final = 1_000
#: A section shorter than this may share a chunk with the next one, although a top-level heading parts them.
_SMALL_BYTES: Final = 200
_WINDOW_CHARACTERS: Final = 50_000
_SEPARATOR: Final = " › "  # noqa: RUF001  # as people write a path
_HEADING_CHARACTERS: Final = 400
#: Sentences in many scripts, nothing lost. The library's own tokenizer knows English only, drops white space, and its
#: data files are refused by nltk where an installer has hard-linked them.
#: Its ends are looked back at, so that a file of dots takes no longer than any other.
_SENTENCES: Final = re.compile(
    r"""(?s).+?(?:(?:(?<=[.!?\u2026])|(?<=[.!?\u2026]["'\u201d\u2019\u00bb)\]]))\s+"""
    r"""|[\u3002\uff01\uff1f\uff61\u0964]+[\u300d\u300f\u201d]*\s*|\n+|\Z)"""
)
_MARKS: Final = r",.;:\u3002\uff0c\u3001\uff1b\uff1f\uff01\u0964"
#: Phrases by punctuation, nothing lost: the library's own pattern drops repeated marks, and spans would not fit.
_PHRASES: Final = rf"[^{_MARKS}]+[{_MARKS}]*|[{_MARKS}]+"


def chunk(parsed: Parsed) -> Chunked:
    """Cut a parsed document."""
    return Chunked(parsed=parsed, pieces=tuple(cut(parsed.text)))


def cut(text: Text) -> Iterator[Piece]:
    """Yield the chunks of a text in order; together they hold all of it but white space."""
    starts = [page.at for page in text.pages]
    paths = _paths(text.headings)
    heading_starts = [heading.at for heading in text.headings]
    for ordinal, (start, end) in enumerate(_spans(text)):
        at = bisect_right(heading_starts, start)
        first, last = bisect_right(starts, start), bisect_right(starts, end - 1)
        yield Piece(
            ordinal=ordinal,
            start=start,
            end=end,
            first_page=text.pages[first - 1].number if first else None,
            last_page=text.pages[last - 1].number if last else None,
            heading=paths[at - 1] if at else "",
            body=text.body[start:end],
        )


def _paths(headings: tuple[Heading, ...]) -> list[str]:
    """Return for each heading the path from the top to it."""
    paths: list[str] = []
    open_headings: list[Heading] = []
    for heading in headings:
        while open_headings and open_headings[-1].level >= heading.level:
            open_headings.pop()
        open_headings.append(heading)
        paths.append(_SEPARATOR.join(part.title for part in open_headings)[:_HEADING_CHARACTERS])
    return paths


def _spans(text: Text) -> Iterator[tuple[int, int]]:
    for start, end in _sections(text):
        yield from _split(text.body, start, end)


def _sections(text: Text) -> Iterator[tuple[int, int]]:
    """Yield stretches to cut on their own: sections side by side share one while they fit into a chunk together."""
    top = min((heading.level for heading in text.headings), default=1)
    bounds = sorted({0, *(heading.at for heading in text.headings if heading.at < len(text.body))})
    tops = {heading.at for heading in text.headings if heading.level == top}
    begun = 0
    for at, following in pairwise([*bounds[1:], len(text.body)]):
        held = _size(text.body[begun:at])
        fits = held + _size(text.body[at:following]) <= CHUNK_BYTES
        if held and not (fits and (at not in tops or held < _SMALL_BYTES)):
            yield begun, at
            begun = at
    yield begun, len(text.body)


def _split(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the splitter's pieces: they come in order, so each is sought after the last."""
    for first, last in _windows(body, start, end):
        cursor = first
        for piece in filter(None, _splitter().split_text(body[first:last])):
            at = body.find(piece, cursor, last)
            if at < 0:
                raise ValueError("the splitter changed the text: a chunk is not a part of its document")
            cursor = at + len(piece)
            yield at, cursor


def _windows(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of bounded length: the splitter takes an endless word apart letter by letter, in memory."""
    while end - start > _WINDOW_CHARACTERS:
        reach = start + _WINDOW_CHARACTERS
        found = (body.rfind(mark, start, reach) for mark in ("\n\n", "\n", " "))
        stop = next((at for at in found if at > start), reach)
        yield start, stop
        start = stop
    yield start, end


@cache
def _splitter() -> "SentenceSplitter":
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=CHUNK_BYTES,
        chunk_overlap=0,
        tokenizer=lambda text: range(_size(text)),
        paragraph_separator="\n\n",
        chunking_tokenizer_fn=_SENTENCES.findall,
        secondary_chunking_regex=_PHRASES,
    )


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
