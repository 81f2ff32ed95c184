"""Gives each chunk its vector, by the one model whose name the index carries."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from catalog.breach import Breach
from catalog.chunks import NewChunk
from catalog.embedding import EmbeddingClient
from catalog.errors import DependencyError, OutOfPlaceError, TransientError
from catalog.policy.model import Ruling
from catalog.vocabulary import Door
from ingest.stages import Chunked, Embedded, Piece

ANOTHER_MODEL: Final = "ingest.model-of-forbidden-origin"
BREACH: Final = Breach(door=Door.MODEL, rule=ANOTHER_MODEL, tag="forbidden_model_origins", place="")


def embed(chunked: Chunked, *, embedders: Mapping[str, EmbeddingClient], ruling: Ruling) -> Embedded:
    """Return the chunks with their vectors, made at the first endpoint the ruling permits.

    Raises TransientError when the model server can't be reached, and OutOfPlaceError, with nothing sent, where the
    ruling permits none, or another model runs there than the one it is about.
    """
    if not ruling.endpoints:
        raise OutOfPlaceError(", ".join(ruling.rules), ruling.breaches)
    embedder = embedders[ruling.endpoints[0]]
    try:
        if ruling.models is not None and embedder.revision() not in ruling.models:
            raise OutOfPlaceError(ANOTHER_MODEL, [replace(BREACH, place=ruling.endpoints[0])])
        made = embedder.embed_documents([embedded_text(piece) for piece in chunked.pieces])
    except DependencyError as error:
        raise TransientError("The model server can't be reached.") from error
    chunks = tuple(_joined(piece, vector) for piece, vector in zip(chunked.pieces, made.vectors, strict=True))
    return Embedded(parsed=chunked.parsed, chunks=chunks, model=made.model)


def embedded_text(piece: Piece) -> str:
    """Return what the model reads: the heading path before the body.

    A passage from the middle of a section often doesn't name its subject; its headings do. The file's name stays out:
    it says more about habits of filing than about content.
    """
    last_heading = piece.heading.rpartition(" › ")[2]  # noqa: RUF001  # as in chunk.py
    if not piece.heading or (piece.body.startswith(last_heading) and last_heading == piece.heading):
        return piece.body
    return f"{piece.heading}\n{piece.body}"


def _joined(piece: Piece, vector: list[float]) -> NewChunk:
    return NewChunk(
        ordinal=piece.ordinal,
        start=piece.start,
        end=piece.end,
        first_page=piece.first_page,
        last_page=piece.last_page,
        heading=piece.heading,
        body=piece.body,
        embedding=vector,
    )
