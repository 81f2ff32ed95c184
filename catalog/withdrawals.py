"""Takes a document out by its owner's word: at the gate at once, out of the index by the worker."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import jobs
from catalog.audit import AuditEvent, record
from catalog.errors import InvalidTransitionError, NotFoundError
from catalog.tables import document_versions
from catalog.vocabulary import DatasetId, DocumentId, EventType, VersionId, VersionState


def withdraw(session: Session, document_id: DocumentId, *, reason: str) -> VersionId:
    """Withdraw a document's published version; NotFoundError, InvalidTransitionError when none is published."""
    versions = document_versions.c
    rows = session.execute(
        select(versions.id, versions.dataset_id, versions.state)
        .where(versions.document_id == document_id)
        .order_by(versions.ordinal.desc())
        .with_for_update()
    ).all()
    if not rows:
        raise NotFoundError
    published = next((row for row in rows if row.state == VersionState.PUBLISHED), None)
    if published is None:
        raise InvalidTransitionError("No version of that document is published, so there is nothing to withdraw.")
    session.execute(update(document_versions).where(versions.id == published.id).values(state=VersionState.WITHDRAWN))
    record(
        session,
        AuditEvent(
            type=EventType.DOCUMENT_WITHDRAWN,
            object=f"version:{published.id}",
            dataset_ids=[DatasetId(published.dataset_id)],
            detail={"reason": reason},
        ),
    )
    jobs.enqueue(session, version_id=VersionId(published.id), dataset_id=DatasetId(published.dataset_id))
    return VersionId(published.id)
