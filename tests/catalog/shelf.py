"""What stands in the index, read as the superuser: the oracle's corpus, by a way that shares nothing with search."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from catalog import chunks, documents
from catalog.chunks import Candidate, NewChunk, NewRevision
from catalog.db import Worker
from catalog.vocabulary import ChunkId, Purpose, Sha256, VersionId
from tests.catalog.ledger import rows, value
from tests.catalog.oracle import Known
from tests.fixtures.nation import MODEL, OPERATOR, Nation, embedding

LIVE = """
    SELECT c.id::text, c.language, c.embedding::text,
           coalesce((SELECT jsonb_object_agg(u.lexeme, cardinality(u.positions)) FROM unnest(c.lexemes) u), '{}')
      FROM hub.chunks c JOIN hub.datasets d ON d.id = c.dataset_id
     WHERE c.live AND d.slug = ANY (%s)
"""


def known(nation: Nation, slugs: Sequence[str]) -> list[Known]:
    """All live chunks of these datasets."""
    return [
        Known(key=key, language=language, lexemes=lexemes, vector=[float(x) for x in vector[1:-1].split(",")])
        for key, language, vector, lexemes in rows(nation.database, LIVE, list(slugs))
    ]


def lexemes_of(nation: Nation, question: str, languages: Sequence[str]) -> dict[str, list[str]]:
    query = "SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))"
    return {language: value(nation.database, query, language, question) for language in languages}


def reader(nation: Nation, slugs: Sequence[str], purpose: Purpose = Purpose.RESEARCH) -> str:
    """A new person of a new organisation with a grant on each dataset."""
    person = f"p-{uuid4()}"
    nation.person(person, organisation=f"o-{uuid4()}")
    for slug in slugs:
        nation.grant(person, slug, purpose, share=Decimal("0.01"))
    return person


def scores(found: Sequence[Candidate]) -> dict[str, float]:
    return {str(candidate.chunk_id): candidate.score for candidate in found}


def assert_told(found: Sequence[Candidate], right: Mapping[str, float]) -> None:
    """The scores are the oracle's, told to two decimals; the order is that of the full ones."""
    told = scores(found)
    assert told == pytest.approx(right, abs=0.00501)
    assert all(score == round(score, 2) for score in told.values())
    assert [right[key] for key in told] == pytest.approx(sorted(right.values(), reverse=True), abs=1e-5)


def bodies(nation: Nation, ids: Sequence[UUID]) -> list[str]:
    """Bodies in the order of their ids."""
    by_id = dict(rows(nation.database, "SELECT id, body FROM hub.chunks WHERE id = ANY (%s)", list(ids)))  # type: ignore[arg-type]
    return [by_id[one] for one in ids]


def publish_spans(
    nation: Nation, slug: str, name: str, text: str, spans: Sequence[tuple[int, int]]
) -> tuple[VersionId, list[ChunkId]]:
    """Publish a text whose chunks may overlap or leave gaps; the chunks come back in the order of `spans`."""
    dataset_id = nation.datasets[slug]
    with nation.operator.begin(OPERATOR) as session:
        version = documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=documents.open_submission(session, dataset_id),
            name=name,
            sha256=Sha256(sha256(uuid4().bytes).hexdigest()),
            size_bytes=len(text),
        ).version_id
    pieces = [
        NewChunk(
            ordinal=ordinal,
            start=start,
            end=end,
            first_page=None,
            last_page=None,
            heading="",
            body=text[start:end],
            embedding=embedding(text[start:end]),
        )
        for ordinal, (start, end) in enumerate(spans)
    ]
    revision = NewRevision(text=text, parser="p", language="simple", pages=1)
    with nation.worker.begin(Worker(name="w", dataset_id=dataset_id)) as session:
        chunks.publish(session, version, media_type="text/plain", revision=revision, pieces=pieces, model=MODEL)
    made = rows(nation.database, "SELECT id FROM hub.chunks WHERE version_id = %s ORDER BY ordinal", version)
    return version, [one for (one,) in made]
