"""A held version and its steward's word: it goes on, with tags or as it is, or ends; nobody reads it meanwhile."""

from collections.abc import Mapping

from sqlalchemy import RowMapping, select, update
from sqlalchemy.orm import Session

from catalog import document_laws, jobs
from catalog.audit import AuditEvent, record
from catalog.document_tags import NONE, DocumentTags
from catalog.errors import InvalidTransitionError, NotFoundError
from catalog.tables import document_versions
from catalog.vocabulary import DatasetId, DocumentId, EventType, RefusalReason, VersionId, VersionState


def release(session: Session, document_id: DocumentId, *, reason: str, tags: DocumentTags = NONE) -> VersionId:
    """Let a held version go on, under these tags where any are given; what is printed in it holds it no more.

    Raises NotFoundError, InvalidTransitionError when it is not held, SettingsError as `document_laws.retag`.
    """
    held = _held(session, document_id)
    if tags:
        document_laws.retag(session, document_id, tags)
    again = {"state": VersionState.QUARANTINED, "reason": None, "detail": None, "settled_at": None, "released": True}
    return _settle(session, held, again, EventType.DOCUMENT_RELEASED, reason)


def refuse(session: Session, document_id: DocumentId, *, reason: str) -> VersionId:
    """Refuse a held version for good; NotFoundError, InvalidTransitionError when it is not held."""
    held = _held(session, document_id)
    values = {"state": VersionState.REFUSED, "reason": RefusalReason.NOT_RELEASED, "detail": reason}
    return _settle(session, held, values, EventType.DOCUMENT_REFUSED, reason)


def _held(session: Session, document_id: DocumentId) -> RowMapping:
    versions = document_versions.c
    query = (
        select(versions.id, versions.dataset_id, versions.state)
        .where(versions.document_id == document_id)
        .order_by(versions.ordinal.desc())
        .limit(1)
        .with_for_update()
    )
    newest = session.execute(query).mappings().one_or_none()
    if newest is None:
        raise NotFoundError
    if newest["state"] != VersionState.HELD:
        raise InvalidTransitionError(
            f"The newest version of that document is {newest['state']}, not held: there is nothing to decide."
        )
    return newest


def _settle(
    session: Session, held: RowMapping, values: Mapping[str, object], event: EventType, reason: str
) -> VersionId:  # fmt: skip
    version, dataset = VersionId(held["id"]), DatasetId(held["dataset_id"])
    session.execute(update(document_versions).where(document_versions.c.id == version).values(values))
    record(
        session, AuditEvent(type=event, object=f"version:{version}", dataset_ids=[dataset], detail={"reason": reason})
    )
    if event is EventType.DOCUMENT_RELEASED:
        jobs.enqueue(session, version_id=version, dataset_id=dataset)
    return version
