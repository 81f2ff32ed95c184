"""Asks whether the dataset's tags, this site and the law agree that a document may be stored and processed here."""

from typing import Final

from sqlalchemy.orm import Session

from catalog import document_tags
from catalog.breach import Breach
from catalog.errors import OutOfPlaceError, UnregisteredPlaceError
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.settings import SiteSettings
from catalog.vocabulary import DatasetId, DocumentId, Door

UNREGISTERED: Final = "place.unregistered"


def permit(
    session: Session, dataset_id: DatasetId, site: SiteSettings, document_id: DocumentId | None = None
) -> None:  # fmt: skip
    """Raise OutOfPlaceError with the ids of the rules that forbid it, and the places they look at.

    Asked before a byte is read, and again in the transaction that publishes.
    """
    try:
        here = surroundings(session, site, sealed=site.sealed)
    except UnregisteredPlaceError as error:
        unknown = Breach(door=Door.SITE, rule=UNREGISTERED, tag="process_in", place=error.name)
        raise OutOfPlaceError(UNREGISTERED, [unknown]) from error
    own = document_tags.NONE if document_id is None else document_tags.of_document(session, document_id)
    ruling = ingest_ruling(session, dataset_id, here, own)
    if not ruling.permitted:
        raise OutOfPlaceError(", ".join(ruling.rules) or "no rule permits it", ruling.breaches)
