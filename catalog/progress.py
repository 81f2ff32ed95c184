"""How far a submission has come, and what was refused and why."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, case, func, select
from sqlalchemy.orm import Session

from catalog.document_laws import OWN_COLUMNS, own_of
from catalog.document_tags import DocumentTags
from catalog.errors import NotFoundError
from catalog.tables import document_laws, document_versions, documents, submissions
from catalog.vocabulary import SubmissionId


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Counts of one submission's files; `waiting` are still in quarantine."""

    submitted: int
    unchanged: int
    published: int
    held: int
    refused: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one file, and the law of a document with tags of its own."""

    name: str
    state: str
    reason: str | None
    detail: str | None
    law_id: UUID | None
    tags: DocumentTags


def progress(session: Session, submission_id: SubmissionId) -> Progress:
    """Count the files of a submission by state; raises NotFoundError."""
    state = document_versions.c.state

    def count(*states: str) -> ColumnElement[int]:
        return func.count(case((state.in_(states), 1)))

    row = (
        session.execute(
            select(
                func.count(document_versions.c.id).label("submitted"),
                submissions.c.unchanged,
                count("published", "superseded", "withdrawn").label("published"),
                count("held").label("held"),
                count("refused").label("refused"),
                count("quarantined").label("waiting"),
            )
            .select_from(submissions)
            .outerjoin(document_versions, document_versions.c.submission_id == submissions.c.id)
            .where(submissions.c.id == submission_id)
            .group_by(submissions.c.id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFoundError("There is no such submission here.")
    return Progress(**row)


def outcomes(session: Session, submission_id: SubmissionId) -> list[Outcome]:
    """Return what became of each file of a submission, by name."""
    versions = document_versions.c
    query = (
        select(documents.c.name, versions.state, versions.reason, versions.detail, documents.c.law_id, *OWN_COLUMNS)
        .join(documents, documents.c.id == versions.document_id)
        .outerjoin(document_laws, document_laws.c.id == documents.c.law_id)
        .where(versions.submission_id == submission_id)
        .order_by(documents.c.name)
    )
    return [_outcome(row) for row in session.execute(query).mappings()]


def _outcome(row: RowMapping) -> Outcome:
    return Outcome(
        name=row["name"],
        state=row["state"],
        reason=row["reason"],
        detail=row["detail"],
        law_id=row["law_id"],
        tags=own_of(row),
    )
