"""Asks whether the dataset's tags, this site and the law agree that a document may be stored and processed here."""

from typing import Final

from sqlalchemy.orm import Session

from catalog.breach import Breach
from catalog.errors import OutOfPlaceError, UnregisteredPlaceError
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.policy.model import Ruling
from catalog.settings import SiteSettings
from catalog.vocabulary import DatasetId, Door

UNREGISTERED: Final = "place.unregistered"


def permit(session: Session, dataset_id: DatasetId, site: SiteSettings) -> Ruling:
    """Return the ruling, with the endpoints that may embed the document's text.

    Raises OutOfPlaceError with the ids of the rules that forbid it, and the places they look at. Asked before a byte is
    read, before text goes to a model, and again in the transaction that publishes.
    """
    try:
        here = surroundings(session, site, sealed=site.sealed)
    except UnregisteredPlaceError as error:
        unknown = Breach(door=Door.SITE, rule=UNREGISTERED, tag="process_in", place=error.name)
        raise OutOfPlaceError(UNREGISTERED, [unknown]) from error
    ruling = ingest_ruling(session, dataset_id, here)
    if not ruling.permitted:
        raise OutOfPlaceError(", ".join(ruling.rules) or "no rule permits it", ruling.breaches)
    return ruling
