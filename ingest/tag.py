"""Asks whether tags, site and law agree that a document may be stored and processed here; in doubt, it is held."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from catalog import document_laws, document_tags
from catalog.breach import Breach
from catalog.errors import HeldError, OutOfPlaceError, UnregisteredPlaceError
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.policy.model import Ruling
from catalog.settings import SiteSettings
from catalog.vocabulary import Classification, DatasetId, DocumentId, Door, HoldReason
from ingest.printed import printed
from ingest.stages import Parsed

UNREGISTERED: Final = "place.unregistered"


@dataclass(frozen=True, kw_only=True)
class Permitted:
    """A document may be here: by this ruling, with the endpoints that may embed it; and its classification."""

    ruling: Ruling
    level: Classification


def permit(
    session: Session, dataset_id: DatasetId, site: SiteSettings, document_id: DocumentId | None = None
) -> Permitted:  # fmt: skip
    """Return by what a document may be here.

    Raises HeldError where its tags and its dataset's don't fit together, OutOfPlaceError with the ids of the rules that
    forbid it, and the places they look at. Asked before a byte is read, before text goes to a model, and again in the
    transaction that publishes.
    """
    own = document_tags.NONE if document_id is None else document_laws.of_document(session, document_id)
    if doubt := document_laws.doubt(session, dataset_id, own):
        raise HeldError(*doubt)
    try:
        here = surroundings(session, site, sealed=site.sealed)
    except UnregisteredPlaceError as error:
        unknown = Breach(door=Door.SITE, rule=UNREGISTERED, tag="process_in", place=error.name)
        raise OutOfPlaceError(UNREGISTERED, [unknown]) from error
    ruling = ingest_ruling(session, dataset_id, here, own)
    if not ruling.permitted:
        raise OutOfPlaceError(", ".join(ruling.rules) or "no rule permits it", ruling.breaches)
    return Permitted(ruling=ruling, level=document_laws.level(session, dataset_id, own))


def compare(parsed: Parsed, declared: Classification) -> None:
    """Raise HeldError where what is printed in a document asks for more than is declared, unless a steward saw it."""
    asked = printed(parsed.text.body)
    if asked.level > declared.level and not parsed.order.released:
        raise HeldError(
            HoldReason.MARKED, f"A marking printed in it asks for {asked} at least; it is declared {declared}."
        )


def agree(session: Session, parsed: Parsed, site: SiteSettings) -> None:
    """Ask all of it again, where tags may have changed since the file was read; raises as `permit` and `compare`."""
    compare(parsed, permit(session, parsed.order.dataset_id, site, parsed.order.document_id).level)
