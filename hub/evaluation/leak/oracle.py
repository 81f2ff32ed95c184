"""The law in plain Python, written from its sentences and sharing no code with it: who may read what, here and now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

LEVELS: Final = ("public", "internal", "restricted", "secret")
EU: Final = tuple("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


#: A dataset, how often it was tagged anew, and the number of a document's own tags.
Law = tuple[str, int, int]


@dataclass(kw_only=True)
class Person:
    """Somebody, by the identity provider's word; `only_for` is what an agent of theirs was given leave for.

    `zone` is the network zone their session comes in through, by the ingress's word.
    """

    organisation: str
    place: str
    level: str
    only_for: str | None = None
    zone: str = ""


@dataclass(kw_only=True)
class Tags:
    """What is declared; a residency of None says nothing. `origins`: no model from there; datasets alone say so."""

    level: str = "public"
    store_in: list[str] | None = None
    process_in: list[str] | None = None
    access_from: list[str] | None = None
    forbidden: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Dataset(Tags):
    """What an owner declared; `law` counts how often it was tagged anew."""

    owner: str
    listed: bool
    purposes: list[str]
    withdrawn: bool = False
    law: int = 0


@dataclass(kw_only=True)
class Document:
    """What stands in the index of one document; `page` where all of it stands on one page of a PDF.

    `leaving` is withdrawn, and in the index until the worker was there: its ids can be found, nothing else of it. `own`
    are tags beyond its dataset's; `law` numbers them, the same for all of a dataset that have them: 0 has none.
    """

    dataset: str
    chunks: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    page: bool = False
    own: Tags = field(default_factory=Tags)
    law: int = 0


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
    #: Where the endpoint's models come from; None: nobody knows.
    made_in: str | None = None
    #: The network zones that are registered now, and where each stands.
    zones: dict[str, str] = field(default_factory=dict)
    #: Groups: each member with the first day it belongs and the first it no longer does.
    groups: dict[str, list[tuple[str, date, date]]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)

    def may_read(self, who: str, purpose: str) -> frozenset[str]:
        """Return the datasets somebody may ask for a purpose now."""
        person = self.people[who]
        offered = {n for n in self.granted(who, purpose) if purpose in self.datasets[n].purposes}
        return frozenset(
            name
            for name in offered
            if person.only_for in {None, purpose} and not self.forbids(self.datasets[name], person)
        )

    def open_documents(self, who: str, purpose: str) -> frozenset[str]:
        """Return the documents in these whose own tags forbid nothing."""
        laws = self.open_laws(who, purpose)
        return frozenset(name for name in self.documents if self.law(name) in laws)

    def open_laws(self, who: str, purpose: str) -> frozenset[Law]:
        """Return the laws that let somebody read what stands under them: of datasets, and of documents in them."""
        person, inside = self.people[who], self.may_read(who, purpose)
        stricter = (
            self.law(name)
            for name, one in self.documents.items()
            if one.dataset in inside and not self.forbids(one.own, person)
        )
        return frozenset({(name, self.datasets[name].law, 0) for name in inside}.union(stricter))

    def law(self, document: str) -> Law:
        """Return the law a document stands under."""
        one = self.documents[document]
        return one.dataset, self.datasets[one.dataset].law, one.law

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

    def forbids(self, tags: Tags, person: Person) -> bool:
        """Say whether tags stand against it, whatever was granted."""
        level = LEVELS.index(tags.level)
        compelled = [law for _, laws in self.parts.values() for law in laws]
        return (
            LEVELS.index(person.level) < level
            or not self.inside(person.place, tags.access_from)
            or not self.comes_in(person, tags)
            or not all(self.inside(self.parts[part][0], tags.process_in) for part in ("site", "endpoint"))
            or not all(self.inside(self.parts[part][0], tags.store_in) for part in ("store", "database"))
            or any(_lies_in(law, forbidden) for law in compelled for forbidden in tags.forbidden)
            or any(self.made_in is None or self.inside(self.made_in, [origin]) for origin in tags.origins)
            or (level > LEVELS.index("internal") and not self.sealed)
        )

    def comes_in(self, person: Person, tags: Tags) -> bool:
        """Say whether the network zone somebody comes in through stands where it may be; an unknown one doesn't."""
        return person.zone in self.zones and self.inside(self.zones[person.zone], tags.access_from)

    def inside(self, place: str, residency: list[str] | None) -> bool:
        """Say whether a place lies in one of a residency's places, or of its groups' as they stand today."""
        return residency is None or any(_lies_in(place, other) for name in residency for other in self._places(name))

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
