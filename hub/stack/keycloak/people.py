"""Who signs in to the demo nation: seven people of six organisations, with ids that stay the same everywhere."""

from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from catalog.vocabulary import Classification, Role

#: Short name → full name; an organisation is a group in the realm.
ORGANISATIONS: Final = {
    "coast-institute": "Institute for Coast and Climate",
    "tidewise": "Tidewise, a startup",
    "water-board": "Water Board of Varnholm",
    "ministry-of-health": "Ministry of Health",
    "hub-office": "Hub Office",
    "court-of-audit": "Court of Audit",
}


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """One person, with what the issuer attests of them."""

    slug: str
    name: str
    organisation: str
    jurisdiction: str
    clearance: Classification
    role: Role

    @property
    def id(self) -> UUID:
        """The token's `sub`: the same in Keycloak, in the development issuer and in the catalog."""
        return uuid5(NAMESPACE_URL, f"https://hub.example/people/{self.slug}")


def _person(  # noqa: PLR0913, PLR0917  # one argument per column of the table below
    slug: str, name: str, organisation: str, jurisdiction: str, clearance: Classification, role: Role
) -> DemoPerson:
    return DemoPerson(
        slug=slug, name=name, organisation=organisation, jurisdiction=jurisdiction, clearance=clearance, role=role
    )


PEOPLE: Final = (
    _person("ada", "Ada Lind", "coast-institute", "DE", Classification.SECRET, Role.RESEARCHER),
    _person("luc", "Luc Perrin", "coast-institute", "FR", Classification.SECRET, Role.RESEARCHER),
    _person("mia", "Mia Sander", "tidewise", "DE", Classification.INTERNAL, Role.FOUNDER),
    _person("sten", "Sten Brandt", "water-board", "DE", Classification.SECRET, Role.STEWARD),
    _person("rosa", "Rosa Keller", "ministry-of-health", "DE", Classification.SECRET, Role.REVIEWER),
    _person("anton", "Anton Weiss", "hub-office", "DE", Classification.INTERNAL, Role.ADMIN),
    _person("ines", "Ines Duarte", "court-of-audit", "DE", Classification.SECRET, Role.AUDITOR),
)
