"""A document's versions and life: submitted, then published, held or refused; a new version replaces the old one whole.

Submitting is the operator's (or the API's) act; everything after runs as the worker, one dataset at a time.
"""

from dataclasses import dataclass

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.document_laws import declare
from catalog.document_tags import NONE, DocumentTags
from catalog.errors import InvalidTransitionError, NotFoundError
from catalog.tables import document_versions, documents, submissions
from catalog.vocabulary import (
    DatasetId,
    DocumentId,
    EventType,
    HoldReason,
    RefusalReason,
    Sha256,
    SubmissionId,
    VersionId,
    VersionState,
)


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What became of one submitted file."""

    document_id: DocumentId
    version_id: VersionId
    unchanged: bool


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the worker needs to know to take one version in."""

    dataset_id: DatasetId
    document_id: DocumentId
    version_id: VersionId
    submission_id: SubmissionId
    name: str
    sha256: Sha256
    size_bytes: int
    state: VersionState
    released: bool = False  # a steward looked at it and let it go on


def open_submission(session: Session, dataset_id: DatasetId) -> SubmissionId:
    """Start a submission: the files one person hands in together."""
    values = {"dataset_id": dataset_id, "actor": session.info["actor"]}
    return SubmissionId(session.scalar(insert(submissions).returning(submissions.c.id), values))


def submit(  # noqa: PLR0913  # a file is these facts
    session: Session,
    *,
    dataset_id: DatasetId,
    submission_id: SubmissionId,
    name: str,
    sha256: Sha256,
    size_bytes: int,
    tags: DocumentTags = NONE,
) -> Submitted:
    """Register a file's bytes as a version in quarantine, unless the document's newest version holds the same bytes.

    `tags` make the document stricter at once, its earlier versions too; SettingsError as `declare` says.
    A version that was refused for a passing failure may be handed in again: it goes back to quarantine.
    """
    document_id = _document(session, dataset_id, name)
    if tags:
        declare(session, document_id, tags)
    newest = session.execute(
        select(document_versions)
        .where(document_versions.c.document_id == document_id)
        .order_by(document_versions.c.ordinal.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if newest is not None and newest.sha256 == sha256 and newest.state not in {"refused", "withdrawn"}:
        session.execute(
            update(submissions).where(submissions.c.id == submission_id).values(unchanged=submissions.c.unchanged + 1)
        )
        return Submitted(document_id=document_id, version_id=VersionId(newest.id), unchanged=True)
    values = {
        "document_id": document_id,
        "dataset_id": dataset_id,
        "submission_id": submission_id,
        "ordinal": newest.ordinal + 1 if newest is not None else 1,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "state": VersionState.QUARANTINED,
    }
    version = VersionId(session.scalar(insert(document_versions).returning(document_versions.c.id), values))
    record(
        session,
        AuditEvent(
            type=EventType.DOCUMENT_SUBMITTED,
            object=f"version:{version}",
            dataset_ids=[dataset_id],
            detail={"sha256": sha256, "bytes": size_bytes},
        ),
    )
    return Submitted(document_id=document_id, version_id=version, unchanged=False)


def order(session: Session, version_id: VersionId) -> Order:
    """Return what the worker needs; raises NotFoundError outside the session's dataset."""
    versions = document_versions.c
    row = (
        session.execute(
            select(
                versions.dataset_id,
                versions.document_id,
                versions.id.label("version_id"),
                versions.submission_id,
                documents.c.name,
                versions.sha256,
                versions.size_bytes,
                versions.state,
                versions.released,
            )
            .join(documents, documents.c.id == versions.document_id)
            .where(versions.id == version_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFoundError("There is no such document version in this dataset.")
    return Order(**{**row, "state": VersionState(row["state"])})


def refuse(session: Session, version_id: VersionId, reason: RefusalReason, detail: str = "") -> None:
    """Record that a version was not taken in, and why; `detail` holds no document text."""
    settle(session, version_id, VersionState.REFUSED, reason=reason, detail=detail)
    _record(session, EventType.DOCUMENT_REFUSED, version_id, {"reason": reason, "detail": detail})


def hold(session: Session, version_id: VersionId, reason: HoldReason, detail: str) -> None:
    """Keep a version for its steward to decide; `detail` holds no document text."""
    settle(session, version_id, VersionState.HELD, reason=reason, detail=detail)
    _record(session, EventType.DOCUMENT_HELD, version_id, {"reason": reason, "detail": detail})


def settle(  # noqa: PLR0913  # a state with its reason
    session: Session,
    version_id: VersionId,
    state: VersionState,
    *,
    reason: str | None = None,
    detail: str | None = None,
    media_type: str | None = None,
) -> None:
    """Move a version out of quarantine.

    Raises InvalidTransitionError when it has left already.
    """
    values: dict[str, object] = {"state": state, "reason": reason, "detail": detail, "settled_at": func.hub.hub_now()}
    if media_type:
        values["media_type"] = media_type
    moved = session.execute(
        update(document_versions)
        .where(document_versions.c.id == version_id, document_versions.c.state == VersionState.QUARANTINED)
        .values(values)
        .returning(document_versions.c.id)
    ).first()
    if moved is None:
        raise InvalidTransitionError("That version has left quarantine already.")


def _document(session: Session, dataset_id: DatasetId, name: str) -> DocumentId:
    values = {"dataset_id": dataset_id, "name": name}
    session.execute(upsert(documents).values(values).on_conflict_do_nothing())
    mine = (documents.c.dataset_id == dataset_id) & (documents.c.name == name)
    return DocumentId(session.scalars(select(documents.c.id).where(mine)).one())


def _record(session: Session, kind: EventType, version_id: VersionId, detail: dict[str, object]) -> None:
    dataset = session.scalars(select(document_versions.c.dataset_id).where(document_versions.c.id == version_id)).one()
    record(
        session,
        AuditEvent(type=kind, object=f"version:{version_id}", dataset_ids=[DatasetId(dataset)], detail=detail),
    )
