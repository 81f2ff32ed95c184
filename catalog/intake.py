"""What a steward sees of what was handed in: each document with its state and reason, by name; never a word of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.orm import Session

from catalog.document_laws import OWN_COLUMNS, own_of
from catalog.document_tags import DocumentTags
from catalog.errors import NotFoundError
from catalog.tables import datasets, document_laws, document_versions, documents, submissions
from catalog.vocabulary import DatasetId, DocumentId, SubmissionId, VersionId


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The newest version of one document."""

    document_id: DocumentId
    version_id: VersionId
    name: str
    version: int
    state: str
    reason: str | None
    detail: str | None
    media_type: str | None
    size_bytes: int
    pages: int | None
    submitted_at: datetime
    settled_at: datetime | None
    tags: DocumentTags
    dataset_id: DatasetId
    law_id: UUID | None  # of tags of its own


def of_dataset(
    session: Session, slug: str, *, after: str = "", limit: int = 100, pages: bool = True
) -> list[Intake]:  # fmt: skip
    """Return documents by name, from the one after `after`; NotFoundError without such a dataset of theirs.

    Pages are counted for a steward alone.
    """
    dataset_id = dataset_of(session, slug)
    versions = document_versions.c
    newest = (
        select(versions.document_id, func.max(versions.ordinal).label("ordinal"))
        .where(versions.dataset_id == dataset_id)
        .group_by(versions.document_id)
        .subquery()
    )
    query = (
        select(
            documents.c.id.label("document_id"),
            versions.id.label("version_id"),
            documents.c.name,
            documents.c.dataset_id,
            documents.c.law_id,
            versions.ordinal.label("version"),
            versions.state,
            versions.reason,
            versions.detail,
            versions.media_type,
            versions.size_bytes,
            versions.submitted_at,
            versions.settled_at,
            *OWN_COLUMNS,
        )
        .outerjoin(document_laws, document_laws.c.id == documents.c.law_id)
        .join(newest, newest.c.document_id == documents.c.id)
        .join(
            document_versions, (versions.document_id == newest.c.document_id) & (versions.ordinal == newest.c.ordinal)
        )
        .where(documents.c.dataset_id == dataset_id, documents.c.name > after)
        .order_by(documents.c.name)
        .limit(limit)
    )
    rows = session.execute(query).mappings().all()
    counted = pages_of(session, [row["version_id"] for row in rows]) if pages else {}
    return [_intake(row, counted.get(row["version_id"])) for row in rows]


def _intake(row: RowMapping, pages: int | None) -> Intake:
    facts = {name: row[name] for name in row if not name.startswith("own_")}
    return Intake(**facts, pages=pages, tags=own_of(row))


def document_of(session: Session, slug: str, name: str) -> DocumentId:
    """Return the id of a dataset's document; NotFoundError."""
    mine = (documents.c.dataset_id == dataset_of(session, slug)) & (documents.c.name == name)
    found = session.scalar(select(documents.c.id).where(mine))
    if found is None:
        raise NotFoundError(f"There is no document '{name}' in {slug}. `hub document list {slug}` shows them.")
    return DocumentId(found)


def pages_of(session: Session, versions: Sequence[VersionId]) -> Mapping[VersionId, int]:
    """Return how many pages were read from versions of one's own organisation."""
    rows = session.execute(text("SELECT version_id, pages FROM hub.version_pages(:versions)"), {"versions": versions})
    return {VersionId(row.version_id): row.pages for row in rows}


def pages_of_submission(session: Session, submission_id: SubmissionId) -> int:
    """Return how many pages of a submission were read so far."""
    versions = session.scalars(
        select(document_versions.c.id).where(document_versions.c.submission_id == submission_id)
    ).all()
    return sum(pages_of(session, [VersionId(version) for version in versions]).values())


def submission_of(session: Session, submission_id: SubmissionId) -> tuple[DatasetId, datetime]:
    """Return a submission's dataset and when it was begun; NotFoundError."""
    query = select(submissions.c.dataset_id, submissions.c.submitted_at).where(submissions.c.id == submission_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return DatasetId(row.dataset_id), row.submitted_at


def dataset_of(session: Session, slug: str) -> DatasetId:
    """Return the id of a dataset one may see here; NotFoundError."""
    found = session.scalar(select(datasets.c.id).where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None)))
    if found is None:
        raise NotFoundError
    return DatasetId(found)
