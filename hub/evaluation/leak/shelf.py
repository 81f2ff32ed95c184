"""Puts documents of two sentences into the index, as the worker does."""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Final

from catalog import chunks, documents
from catalog.db import Operator, Worker
from catalog.index_model import EmbeddingModel
from catalog.vocabulary import ChunkId, DatasetId, DocumentId, Sha256
from hub.evaluation.bench.echo import CountedWords
from hub.evaluation.bench.ground import SYNTHETIC

if TYPE_CHECKING:
    from hub.evaluation.leak.world import Databases

#: So much more text is in a document than in its chunks: what can ever be read of a dataset is never the limit.
_MORE: Final = 40_000
MODEL: Final[EmbeddingModel] = SYNTHETIC


def publish(
    databases: "Databases", dataset_id: DatasetId, name: str, dice: Random, *, on_a_page: bool
) -> tuple[DocumentId, Sequence[ChunkId]]:
    """Publish a document, or its next version; return it and its chunks in reading order."""
    bodies = [f"The river {_words(dice)} is {number} miles long. " for number in (dice.randint(10, 99), 7)]
    text = "".join(bodies) + f"{dice.getrandbits(64):016x}" * (_MORE // 16)
    with databases.operator.begin(Operator(name="leak")) as session:
        submitted = documents.submit(
            session, dataset_id=dataset_id, submission_id=documents.open_submission(session, dataset_id), name=name,
            sha256=Sha256(hashlib.sha256(text.encode()).hexdigest()), size_bytes=len(text),
        )  # fmt: skip
    with databases.worker.begin(Worker(name="leak", dataset_id=dataset_id)) as session:
        chunks.publish(
            session, submitted.version_id, media_type="application/pdf" if on_a_page else "text/plain",
            revision=chunks.NewRevision(text=text, parser="leak 1", language="english", pages=1),
            pieces=_pieces(bodies), model=MODEL,
        )  # fmt: skip
        return submitted.document_id, chunks.of_version(session, submitted.version_id)


def _pieces(bodies: Sequence[str]) -> list[chunks.NewChunk]:
    vectors = CountedWords().embed(bodies)
    ends = [sum(len(body) for body in bodies[: at + 1]) for at in range(len(bodies))]
    return [
        chunks.NewChunk(
            ordinal=at, start=end - len(body), end=end, first_page=1, last_page=1, heading="", body=body,
            embedding=vector,
        )
        for at, (body, vector, end) in enumerate(zip(bodies, vectors, ends, strict=True))
    ]  # fmt: skip


def _words(dice: Random) -> str:
    """Return words no other text has in this order: a copy would be charged to both its datasets."""
    return " ".join(f"{dice.getrandbits(24):06x}" for _ in range(4))
