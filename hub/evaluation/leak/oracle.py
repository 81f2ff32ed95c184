"""The law in plain Python, written from its sentences and sharing no code with it: who may read what, here and now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

LEVELS: Final = ("public", "internal", "restricted", "secret")
EU: Final = tuple("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


@dataclass(kw_only=True)
class Person:
    """Somebody, by the identity provider's word; `only_for` is what an agent of theirs was given leave for."""

    organisation: str
    place: str
    level: str
    only_for: str | None = None


@dataclass(kw_only=True)
class Dataset:
    """What an owner declared."""

    owner: str
    listed: bool
    level: str
    purposes: list[str]
    process_in: list[str]
    access_from: list[str]
    forbidden: list[str]
    withdrawn: bool = False


@dataclass(kw_only=True)
class Document:
    """What stands in the index of one document; `page` where all of it stands on one page of a PDF.

    `leaving` is withdrawn and waits for the worker: its ids can be found, nothing else of it.
    """

    dataset: str
    chunks: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    page: bool = False


@dataclass(kw_only=True)
class Grant:
    """`to` is a person, an organisation or everyone; one for answers only does not let a person read themselves."""

    dataset: str
    to: tuple[str, str]
    purpose: str
    begins: datetime
    ends: datetime
    reading: bool = True
    over: bool = False


@dataclass(kw_only=True)
class Facts:
    """Everything the law looks at."""

    now: datetime
    sealed: bool = True
    #: Site and parts: where each stands, and whose law compels its operator.
    parts: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    #: Groups: each member with the first day it belongs and the first it no longer does.
    groups: dict[str, list[tuple[str, date, date]]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)

    def may_read(self, who: str, purpose: str) -> frozenset[str]:
        """Return the datasets somebody may ask for a purpose now."""
        person = self.people[who]
        return frozenset(
            name for name in self.granted(who, purpose) if not self.forbids(self.datasets[name], person, purpose)
        )

    def granted(self, who: str, purpose: str, *, reading: bool = False) -> frozenset[str]:
        """Return the datasets a live grant opens to somebody; `reading`: also to their own eyes."""
        return frozenset(
            grant.dataset
            for grant in self._theirs(who)
            if grant.purpose == purpose
            and grant.begins <= self.now < grant.ends
            and not grant.over
            and (grant.reading or not reading)
            and not self.datasets[grant.dataset].withdrawn
        )

    def known_to(self, who: str) -> frozenset[str]:
        """Return the datasets whose card somebody may see: listed, or named in a grant of theirs, live or not."""
        named = {grant.dataset for grant in self._theirs(who)}
        return frozenset(n for n, one in self.datasets.items() if not one.withdrawn and (one.listed or n in named))

    def forbids(self, dataset: Dataset, person: Person, purpose: str) -> bool:
        """Say whether a rule stands against it, whatever was granted."""
        level = LEVELS.index(dataset.level)
        compelled = [law for _, laws in self.parts.values() for law in laws]
        return (
            purpose not in dataset.purposes
            or person.only_for not in {None, purpose}
            or LEVELS.index(person.level) < level
            or not self.inside(person.place, dataset.access_from)
            or not all(self.inside(self.parts[part][0], dataset.process_in) for part in ("site", "endpoint"))
            or any(_lies_in(law, forbidden) for law in compelled for forbidden in dataset.forbidden)
            or (level > LEVELS.index("internal") and not self.sealed)
        )

    def inside(self, place: str, residency: list[str]) -> bool:
        """Say whether a place lies in one of a residency's places, or of its groups' as they stand today."""
        return any(_lies_in(place, other) for name in residency for other in self._places(name))

    def _theirs(self, who: str) -> Iterator[Grant]:
        names = {("person", who), ("organisation", self.people[who].organisation), ("everyone", "")}
        return (grant for grant in self.grants if grant.to in names)

    def _places(self, name: str) -> list[str]:
        if name == "EU":
            return list(EU)
        if name in self.groups:
            return [member for member, first, over in self.groups[name] if first <= self.now.date() < over]
        return [name]


def _lies_in(place: str, other: str) -> bool:
    return place == other or place.startswith(f"{other}-")
