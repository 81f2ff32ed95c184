"""Asks whether the dataset's tags, this site and the law agree that a document may be stored and processed here."""

from sqlalchemy.orm import Session

from catalog.errors import NotFoundError, PermanentError
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.settings import SiteSettings
from catalog.vocabulary import DatasetId, RefusalReason


def permit(session: Session, dataset_id: DatasetId, site: SiteSettings) -> None:
    """Raise PermanentError with the ids of the rules that forbid it.

    Asked before a byte is read, and again in the transaction that publishes.
    """
    try:
        here = surroundings(session, site, sealed=site.sealed)
    except NotFoundError as error:
        raise PermanentError(RefusalReason.NOT_ALLOWED_HERE, "place.unregistered") from error
    ruling = ingest_ruling(session, dataset_id, here)
    if not ruling.permitted:
        raise PermanentError(RefusalReason.NOT_ALLOWED_HERE, ", ".join(ruling.rules) or "no rule permits it")
