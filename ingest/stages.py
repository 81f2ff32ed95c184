"""The frozen values that leave the steps of the pipeline, in order."""

from dataclasses import dataclass

from catalog.chunks import NewChunk
from catalog.documents import Order
from catalog.index_model import EmbeddingModel


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Left quarantine: the bytes are those that were submitted, within the limits, and nothing opened them."""

    order: Order
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Where a heading begins."""

    at: int
    level: int  # 1 = top
    title: str


@dataclass(frozen=True, kw_only=True)
class PageStart:
    """Where a page begins."""

    at: int
    number: int  # from 1


@dataclass(frozen=True, kw_only=True)
class Text:
    """One canonical text; every span counts characters of `body`."""

    body: str
    pages: tuple[PageStart, ...] = ()
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What the sandbox read, checked at its door."""

    order: Order
    text: Text
    media_type: str
    parser: str
    language: str
    page_count: int
    hidden: int  # hidden passages that were left out
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A chunk before it is embedded: `body == text.body[start:end]`."""

    ordinal: int
    start: int
    end: int
    first_page: int | None
    last_page: int | None
    heading: str  # the path, as in `chunk.py`
    body: str


@dataclass(frozen=True, kw_only=True)
class Chunked:
    """Cut to pieces the embedder can read whole."""

    parsed: Parsed
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """Each piece has its vector; ready to publish."""

    parsed: Parsed
    chunks: tuple[NewChunk, ...]
    model: EmbeddingModel
