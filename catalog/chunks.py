"""Writes a version's text and chunks into the index, and finds the nearest chunks within a decision: ids, no text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pgvector import HalfVector
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.copies import prints_of_pieces
from catalog.documents import order, settle
from catalog.index_model import EmbeddingModel, claim
from catalog.tables import chunks, datasets, document_versions, lineages, text_revisions
from catalog.vocabulary import (
    ChunkId,
    DatasetId,
    DecisionId,
    DocumentId,
    EventType,
    RevisionId,
    VersionId,
    VersionState,
)


@dataclass(frozen=True, kw_only=True)
class NewRevision:
    """Text read from one version; `language` names a Postgres text search configuration."""

    text: str
    parser: str
    language: str
    pages: int


@dataclass(frozen=True, kw_only=True)
class NewChunk:
    """A piece of a revision: `body == text[start:end]`, in characters; `embedding` is normalised, 384 numbers."""

    ordinal: int
    start: int
    end: int
    first_page: int | None
    last_page: int | None
    heading: str
    body: str
    embedding: list[float]


class SearchMode(StrEnum):
    """How candidates are found and ranked."""

    LEXICAL = "lexical"
    DENSE = "dense"
    HYBRID = "hybrid"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A chunk that fits. The score orders one search; `similarity` is the cosine; neither leaves the hub."""

    chunk_id: ChunkId
    document_id: DocumentId
    score: float
    similarity: float
    shares_words: bool


def publish(  # noqa: PLR0913  # a publication is these facts
    session: Session,
    version_id: VersionId,
    *,
    media_type: str,
    revision: NewRevision,
    pieces: Sequence[NewChunk],
    model: EmbeddingModel,
) -> RevisionId:
    """Put a version into the index and take every one before the newest out, in the session's one transaction.

    Raises InvalidTransitionError when the version has left quarantine already (a job that ran twice), and
    EmbeddingMismatchError when another model than `model` built the index.
    """
    asked = order(session, version_id)
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:dataset, 0))"), {"dataset": str(asked.dataset_id)}
    )
    settle(session, version_id, VersionState.PUBLISHED, media_type=media_type)
    claim(session, model)
    row = {
        "version_id": version_id,
        "dataset_id": asked.dataset_id,
        "parser": revision.parser,
        "language": revision.language,
        "pages": revision.pages,
        "characters": len(revision.text),
        "body": revision.text,
    }
    added = RevisionId(session.scalars(insert(text_revisions).returning(text_revisions.c.id), [row]).one())
    shared = {
        "dataset_id": asked.dataset_id,
        "document_id": asked.document_id,
        "version_id": version_id,
        "revision_id": added,
        "language": revision.language,
    }
    if pieces:
        session.execute(_INSERT, [{**shared, **_values(piece)} for piece in pieces])
        session.execute(_COUNT_IN, {"version": version_id})
        _trace(session, version_id, revision.text, pieces)
    late = _supersede(session, asked.dataset_id, asked.document_id, version_id)
    if not late:  # and last: the old and the new together were never there to read
        _grow(session, asked.dataset_id, len(revision.text))
    detail = {
        "revision": str(added),
        "chunks": len(pieces),
        "characters": len(revision.text),
        "parser": revision.parser,
    }
    record(
        session,
        AuditEvent(
            type=EventType.DOCUMENT_PUBLISHED,
            object=f"version:{version_id}",
            dataset_ids=[asked.dataset_id],
            detail=detail,
        ),
    )
    return added


def take_out(session: Session, dataset_id: DatasetId, version_id: VersionId) -> None:
    """Take a withdrawn version out of the index; the gate refused its passages from the moment it was withdrawn."""
    characters = select(text_revisions.c.characters).where(text_revisions.c.version_id == version_id)
    _take_out(session, dataset_id, version_id, session.scalar(characters) or 0)


def nearest(  # noqa: PLR0913  # a search is these facts
    session: Session,
    decision_id: DecisionId,
    *,
    question: str,
    embedding: list[float] | None,
    limit: int,
    mode: SearchMode = SearchMode.HYBRID,
) -> list[Candidate]:
    """Return the best chunks inside the decision's live scope, best first, at most `limit` (≤ 500).

    Without an embedding words alone are looked for, whatever the mode, and no chunk is like the question.
    Raises AccessDeniedError when the decision is missing, another person's, or older than 30 s.
    """
    rows = session.execute(
        text("SELECT * FROM hub.search_chunks(:decision, :question, cast(:embedding AS halfvec), :limit, :mode)"),
        {
            "decision": decision_id,
            "question": question,
            "embedding": HalfVector(embedding).to_text() if embedding else None,
            "limit": limit,
            "mode": mode if embedding else SearchMode.LEXICAL,
        },
    )
    return [Candidate(**{**row, "similarity": row["similarity"] if embedding else -1.0}) for row in rows.mappings()]


def of_document(session: Session, decision_id: DecisionId, document_id: DocumentId) -> list[ChunkId]:
    """Return a document's chunks in reading order, none outside the decision's live scope; raises as `nearest` does."""
    found = session.scalar(
        text("SELECT hub.document_chunks(:decision, :document)"), {"decision": decision_id, "document": document_id}
    )
    return [ChunkId(one) for one in found or ()]


def of_version(session: Session, version_id: VersionId) -> list[ChunkId]:
    """Return a version's chunks in reading order, as its worker sees them."""
    mine = select(chunks.c.id).where(chunks.c.version_id == version_id).order_by(chunks.c.ordinal)
    return [ChunkId(one) for one in session.scalars(mine)]


_INSERT = text(
    """
    INSERT INTO hub.chunks (dataset_id, document_id, version_id, revision_id, ordinal, span_start, span_end, first_page,
                            last_page, heading, body, language, lexemes, lexeme_count, embedding)
    SELECT :dataset_id, :document_id, :version_id, :revision_id, :ordinal, :start, :end, :first_page, :last_page,
           :heading, :body, :language, v, (SELECT coalesce(sum(cardinality(u.positions)), 0) FROM unnest(v) u),
           cast(:embedding AS halfvec)
      FROM to_tsvector(cast(:language AS regconfig), :heading || E'\\n' || :body) v
    """
)


def _values(piece: NewChunk) -> dict[str, object]:
    return {
        "ordinal": piece.ordinal,
        "start": piece.start,
        "end": piece.end,
        "first_page": piece.first_page,
        "last_page": piece.last_page,
        "heading": piece.heading,
        "body": piece.body,
        "embedding": HalfVector(piece.embedding).to_text(),
    }


_COUNT_IN = text(
    """
    WITH mine AS (SELECT * FROM hub.chunks c WHERE c.version_id = :version AND c.live),
    sizes AS (
        INSERT INTO hub.index_sizes AS s (dataset_id, language, chunks, lexemes)
        SELECT m.dataset_id, m.language, count(*), sum(m.lexeme_count) FROM mine m GROUP BY m.dataset_id, m.language
        ON CONFLICT (dataset_id, language)
        DO UPDATE SET chunks = s.chunks + excluded.chunks, lexemes = s.lexemes + excluded.lexemes
    )
    INSERT INTO hub.lexeme_counts AS n (dataset_id, language, lexeme, chunks)
    SELECT m.dataset_id, m.language, u.lexeme, count(*)
      FROM mine m CROSS JOIN LATERAL unnest(m.lexemes) u
     GROUP BY m.dataset_id, m.language, u.lexeme
    ON CONFLICT (dataset_id, language, lexeme) DO UPDATE SET chunks = n.chunks + excluded.chunks
    """
)
_COUNT_OUT = text(
    """
    WITH mine AS (SELECT * FROM hub.chunks c WHERE c.version_id = :version AND c.live),
    sizes AS (
        UPDATE hub.index_sizes s SET chunks = s.chunks - m.chunks, lexemes = s.lexemes - m.lexemes
          FROM (SELECT dataset_id, language, count(*) AS chunks, sum(lexeme_count) AS lexemes
                  FROM mine GROUP BY dataset_id, language) m
         WHERE s.dataset_id = m.dataset_id AND s.language = m.language
    )
    UPDATE hub.lexeme_counts n SET chunks = n.chunks - m.chunks
      FROM (SELECT dataset_id, language, u.lexeme, count(*) AS chunks
              FROM mine CROSS JOIN LATERAL unnest(lexemes) u GROUP BY dataset_id, language, u.lexeme) m
     WHERE n.dataset_id = m.dataset_id AND n.language = m.language AND n.lexeme = m.lexeme
    """
)


def _trace(session: Session, version_id: VersionId, whole: str, pieces: Sequence[NewChunk]) -> None:
    """Have the gate note which pieces stood elsewhere before."""
    places, values = prints_of_pieces(whole, [(piece.start, piece.end) for piece in pieces])
    ordinals = [pieces[place].ordinal for place in places]
    traced = text("SELECT hub.trace_copies(:version, cast(:ordinals AS integer[]), cast(:prints AS bigint[]))")
    session.execute(traced, {"version": version_id, "ordinals": ordinals, "prints": values})


def _supersede(session: Session, dataset_id: DatasetId, document_id: DocumentId, coming: VersionId) -> bool:
    """Take all published versions but the newest out of the index; say whether the one coming is late itself."""
    versions = document_versions.c
    published = (versions.document_id == document_id) & (versions.state == VersionState.PUBLISHED)
    newest = select(func.max(versions.ordinal)).where(published).scalar_subquery()
    older = session.execute(
        select(versions.id, text_revisions.c.characters)
        .join(text_revisions, text_revisions.c.version_id == versions.id)
        .where(published, versions.ordinal < newest)
    )
    taken = older.all()
    for old, characters in taken:
        _take_out(session, dataset_id, old, 0 if old == coming else characters)
        session.execute(update(document_versions).where(versions.id == old).values(state=VersionState.SUPERSEDED))
    return any(old == coming for old, _ in taken)


def _take_out(session: Session, dataset_id: DatasetId, version_id: VersionId, characters: int) -> None:
    """Take a version's chunks out of the index and its counts; once is enough."""
    session.execute(_COUNT_OUT, {"version": version_id})
    mine = (chunks.c.version_id == version_id) & chunks.c.live
    if session.execute(update(chunks).where(mine).values(live=False).returning(chunks.c.id)).first():
        _grow(session, dataset_id, -characters)


def _grow(session: Session, dataset_id: DatasetId, characters: int) -> None:
    """Add to N, the size of the dataset's lineage."""
    lineage = select(datasets.c.lineage_id).where(datasets.c.id == dataset_id).scalar_subquery()
    size = lineages.c.characters + characters
    values = {"characters": size, "peak_characters": func.greatest(lineages.c.peak_characters, size)}
    session.execute(update(lineages).where(lineages.c.id == lineage).values(values))
