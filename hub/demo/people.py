"""Who there is in Varnholm, what they were granted, and what each of them is worth trying."""

from collections.abc import Mapping
from typing import Final

from catalog.vocabulary import Purpose
from hub.stack.keycloak.people import ORGANISATIONS as SIGNED_IN
from hub.stack.keycloak.people import PEOPLE

#: Everyone belongs to one of the issuer's; the others only own datasets.
ORGANISATIONS: Final[Mapping[str, str]] = {
    **SIGNED_IN,
    "ministry-of-education": "Ministry of Education",
    "ministry-of-the-interior": "Ministry of the Interior",
    "heronwind": "Heronwind GmbH",
}
#: Where all of them are registered.
JURISDICTION: Final = "DE"
#: (person, dataset, purpose): luc holds a grant he can't use from where he is; the others hold none.
GRANTS: Final = (
    ("ada", "harbour-notices", Purpose.RESEARCH),
    ("ada", "dyke-inspections", Purpose.RESEARCH),
    ("ada", "clinic-registry", Purpose.RESEARCH),
    ("ada", "water-quality", Purpose.RESEARCH),
    ("ada", "water-quality", Purpose.STATISTICS),
    ("ada", "wind-farm-logs", Purpose.RESEARCH),
    ("luc", "dyke-inspections", Purpose.RESEARCH),
)
_TRY: Final[Mapping[str, str]] = {
    "ada": "Ask anything about harbour, dykes, clinics, water or wind, in English or German, and open the cited page.",
    "luc": "Ask the same as Ada: the one dataset he was granted may not be read from his place, and he is told so.",
    "mia": "See what exists: the cards of listed datasets. Ask Varnholm in Figures for product development.",
    "sten": "Look after the Water Board's three datasets: hand a file in, see why two were refused and what is public.",
    "rosa": "Reviewer at the Ministry of Health: reads nothing without a grant; reviews come later.",
    "anton": "See where everything is stored and processed, and how the parts and their walls are; no content.",
    "ines": "Read the trail: who asked what for, under which decision and rule; no content.",
}


def people_to_try() -> list[tuple[str, str, str, str]]:
    """Return each person's short name, name, role, and a sentence on what to try as them."""
    return [(person.slug, person.name, str(person.role), _TRY[person.slug]) for person in PEOPLE]
