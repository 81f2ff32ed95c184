"""A held version and its steward's word: it goes on, with tags or as it is, or ends; nobody reads it meanwhile."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from catalog import document_laws, jobs
from catalog.document_tags import NONE, DocumentTags
from catalog.errors import InvalidTransitionError, NotFoundError
from catalog.tables import document_versions
from catalog.vocabulary import DatasetId, DocumentId, VersionId, VersionState


def release(session: Session, document_id: DocumentId, *, reason: str, tags: DocumentTags = NONE) -> VersionId:
    """Let a held version go on, under these tags where any are given; what is printed in it holds it no more.

    Raises NotFoundError, InvalidTransitionError when it is not held, SettingsError as `document_laws.retag`.
    """
    dataset = _require_held(session, document_id)
    if tags:
        document_laws.retag(session, document_id, tags)
    version = _decide(session, document_id, reason, released=True)
    jobs.enqueue(session, version_id=version, dataset_id=dataset)
    return version


def refuse(session: Session, document_id: DocumentId, *, reason: str) -> VersionId:
    """Refuse a held version for good; NotFoundError, InvalidTransitionError when it is not held."""
    _require_held(session, document_id)
    return _decide(session, document_id, reason, released=False)


def _require_held(session: Session, document_id: DocumentId) -> DatasetId:
    """Return its dataset; the errors are a person's, the function in the database decides."""
    versions = document_versions.c
    query = (
        select(versions.dataset_id, versions.state)
        .where(versions.document_id == document_id)
        .order_by(versions.ordinal.desc())
        .limit(1)
    )
    newest = session.execute(query).one_or_none()
    if newest is None:
        raise NotFoundError
    if newest.state != VersionState.HELD:
        raise InvalidTransitionError(
            f"The newest version of that document is {newest.state}, not held: there is nothing to decide."
        )
    return DatasetId(newest.dataset_id)


def _decide(session: Session, document_id: DocumentId, reason: str, *, released: bool) -> VersionId:
    decided = text("SELECT hub.decide_hold(:document, :released, :reason)")
    values = {"document": document_id, "released": released, "reason": reason}
    return VersionId(session.execute(decided, values).scalar_one())
