"""A small world of people, datasets, documents, grants, places and groups: the hub's ids beside the oracle's names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from catalog import clock, datasets, grants, groups, models, people, places
from catalog.ancestry import ServedModel
from catalog.db import Database, Operator
from catalog.policy.model import Subject
from catalog.settings import SiteSettings
from catalog.vocabulary import (
    ChunkId,
    Classification,
    DatasetId,
    DocumentId,
    GrantMode,
    ModelKind,
    OrganisationId,
    PersonId,
    PlaceKind,
    Purpose,
    VersionId,
)
from hub.evaluation.leak.oracle import Dataset, Document, Facts, Grant, Person
from hub.evaluation.leak.shelf import publish

OPERATOR: Final = Operator(name="leak")
PURPOSES: Final = (Purpose.RESEARCH, Purpose.STATISTICS)
#: Where the site's parts stand is a fact of its own beside the zones people come in through.
PARTS: Final = tuple(kind for kind in PlaceKind if kind is not PlaceKind.ZONE)
ZONES: Final = ("leak-here", "leak-north", "leak-away")
PLACES: Final = ("DE", "DE-BY", "FR", "NO", "US", "CA-QC")
#: Budgets that nobody meets: what is tested is the law. Three organisations share a ceiling that is the whole.
_AMPLE: Final = datasets.Budget(window_characters=10**9, lifetime_characters=10**9, ceiling_share=Decimal(1))
_SHARE: Final = Decimal("0.3")
FOREVER: Final = date.max
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Databases:
    """One connection pool a role, and the names of the site's parts."""

    operator: Database
    api: Database
    worker: Database
    steward: Database
    auditor: Database
    site: SiteSettings


@dataclass(kw_only=True)
class World:
    """What there is; each change is made in the hub and in the oracle's facts."""

    databases: Databases
    tag: str  # in every name, so that worlds share a database
    facts: Facts = field(init=False)
    people: dict[str, PersonId] = field(default_factory=dict)
    datasets: dict[str, DatasetId] = field(default_factory=dict)
    documents: dict[str, DocumentId] = field(default_factory=dict)
    labels: dict[ChunkId, str] = field(default_factory=dict)  # of chunks, also of those gone since
    leaving: dict[str, VersionId] = field(default_factory=dict)  # withdrawn, not yet out of the index
    grants: list[UUID] = field(default_factory=list)
    organisations: dict[str, OrganisationId] = field(default_factory=dict)

    def lay(self, dice: Random) -> None:
        """Register three organisations, six people and datasets, eighteen documents and forty grants."""
        with self.databases.operator.begin(OPERATOR) as session:
            now = clock.now(session)  # half past: what is granted begins and ends on the hour
            clock.step(session, (HOUR * 1.5 - timedelta(minutes=now.minute, seconds=now.second)) % HOUR)
            self.facts = Facts(now=clock.now(session))
            for name in (f"north-{self.tag}", f"south-{self.tag}", f"east-{self.tag}"):
                people.register_organisation(session, slug=name, name=name, jurisdiction="DE")
                self.organisations[name] = people.find_organisation(session, name)
        for part in PARTS:
            self.stand(part, "DE", ["DE"])
        self.serve("DE")
        for zone in ZONES:
            self.open_zone(zone, "DE")
        for place in PLACES[:3]:
            self.belong(place, self.facts.now.date() - timedelta(days=3), FOREVER)
        for number in range(6):
            self._person(f"p{number}-{self.tag}", dice)
            self._dataset(f"d{number}-{self.tag}", dice)
        for number in range(18):
            self.bring(f"f{number}-{self.tag}", dice.choice(list(self.datasets)), dice)
        for _ in range(40):
            self.give(dice)

    def clear(self) -> None:
        """Withdraw what is left, so that the next world in this database is alone."""
        for name, one in self.facts.datasets.items():
            if not one.withdrawn:
                self.withdraw(name)

    @property
    def group(self) -> str:
        """The name of this world's own group of places."""
        return f"G{self.tag}".upper()

    def subject(self, who: str) -> Subject:
        """Return somebody as their token says."""
        person = self.facts.people[who]
        return Subject(
            person_id=self.people[who],
            jurisdiction=person.place,
            clearance=Classification(person.level),
            only_for=None if person.only_for is None else Purpose(person.only_for),
            agent=None if person.only_for is None else "hub-agent",
            zone=person.zone,
        )

    def give(self, dice: Random) -> None:
        """Give a grant: one that lives already, or will."""
        where = dice.choice([name for name, one in self.facts.datasets.items() if not one.withdrawn])
        who = dice.choice(list(self.people))
        organisation = self.facts.people[who].organisation
        to = dice.choice([("person", who), ("person", who), ("organisation", organisation), ("everyone", "")])
        begins = self.facts.now + timedelta(minutes=30) + HOUR * dice.randint(-3, 1)
        granted = Grant(
            dataset=where, to=to, purpose=dice.choice(self.facts.datasets[where].purposes), begins=begins,
            ends=begins + HOUR * dice.randint(2, 24), reading=dice.choice([True, True, True, False]),
        )  # fmt: skip
        grantee = {
            "person": grants.Grantee(person_id=self.people[who]),
            "organisation": grants.Grantee(organisation_id=self.organisations[organisation]),
            "everyone": grants.Grantee(everyone=True),
        }[to[0]]
        with self.databases.operator.begin(OPERATOR) as session:
            given = grants.give(
                session, dataset_id=self.datasets[where], grantee=grantee, purpose=Purpose(granted.purpose),
                term=grants.Term(starts_at=granted.begins, ends_at=granted.ends),
                share=None if grantee.everyone else _SHARE,
                mode=GrantMode.QUOTES if granted.reading else GrantMode.ANSWERS,
            )  # fmt: skip
        self._note(given, granted)

    def bring(self, name: str, dataset: str, dice: Random) -> None:
        """Publish a document, or its next version."""
        document = self.facts.documents.setdefault(name, Document(dataset=dataset))
        document.page = dice.choice([True, False])
        self.documents[name], made = publish(
            self.databases, self.datasets[dataset], name, dice, on_a_page=document.page
        )  # fmt: skip
        labels = {chunk: f"{name}#{len(self.labels) + at}" for at, chunk in enumerate(made)}
        self.labels |= labels
        document.chunks = frozenset(labels.values())

    def withdraw(self, name: str) -> None:
        """Withdraw a dataset."""
        with self.databases.operator.begin(OPERATOR) as session:
            datasets.withdraw(session, self.datasets[name], reason="leak")
        self.facts.datasets[name].withdrawn = True

    def stand(self, part: PlaceKind, place: str, laws: Sequence[str]) -> None:
        """Let a part of the site stand somewhere, and these laws reach its operator."""
        site = self.databases.site
        name = site.site if part is PlaceKind.SITE else getattr(site, f"{part}_place")
        with self.databases.operator.begin(OPERATOR) as session:
            places.register(session, name=name, kind=part, jurisdiction=place, operator="leak", legal_control=laws)
        self.facts.parts[str(part)] = (place, list(laws))

    def serve(self, origin: str | None) -> None:
        """Let the endpoint serve models that were made there; None: it never said of any where."""
        served = [
            ServedModel(name=kind, kind=kind, sha256=f"{at:064}", origin=origin, ancestry=())
            for at, kind in enumerate(ModelKind)
        ]
        with self.databases.operator.begin(OPERATOR) as session:
            models.serve(session, self.databases.site.endpoint_place, served if origin else [])
        self.facts.made_in = origin

    def open_zone(self, name: str, place: str) -> None:
        """Register a network zone, or say anew where it stands."""
        with self.databases.operator.begin(OPERATOR) as session:
            places.register(
                session, name=name, kind=PlaceKind.ZONE, jurisdiction=place, operator="leak", legal_control=[],
                anew=True,
            )  # fmt: skip
        self.facts.zones[name] = place

    def retire_zone(self, name: str) -> None:
        """Let a network zone count as not registered."""
        with self.databases.operator.begin(OPERATOR) as session:
            places.retire(session, name)
        del self.facts.zones[name]

    def belong(self, member: str, first: date, over: date) -> None:
        """Let a place belong to the group from a day until before another."""
        left_on = None if over is FOREVER else over
        new = groups.Membership(name=self.group, member=member, joined_on=first, left_on=left_on, source="a treaty")
        with self.databases.operator.begin(OPERATOR) as session:
            groups.join(session, [new])
        self.facts.groups.setdefault(self.group, []).append((member, first, over))

    def declared(self, dice: Random) -> Dataset:
        """Return tags an owner could declare."""
        return Dataset(
            owner=dice.choice(list(self.organisations)),
            listed=dice.choice([True, False]),
            level=dice.choices(["public", "internal", "restricted", "secret"], [1, 4, 2, 2])[0],
            purposes=[str(one) for one in dice.choice([PURPOSES, PURPOSES, PURPOSES[:1], PURPOSES[1:]])],
            store_in=dice.choice([["DE"], ["DE"], ["EU"], ["DE", "FR"], ["DE-BY", "DE"]]),
            process_in=dice.choice([["DE"], ["EU"], ["DE", "FR"], ["DE", "NO"], ["DE-BY", "US"], [self.group]]),
            access_from=dice.choice([["EU"], ["EU"], ["DE"], ["EU", "NO"], ["DE-BY"], [self.group], ["CA", "EU"]]),
            forbidden=dice.choice([[], [], ["US"], ["CA"], ["DE-BY"]]),
            origins=dice.choice([[], [], [], ["US"], ["NO", "EU"]]),
        )

    def _person(self, name: str, dice: Random) -> None:
        made = somebody(dice, dice.choice(list(self.organisations)))
        with self.databases.operator.begin(OPERATOR) as session:
            self.people[name] = people.register_person(
                session, slug=name, name=name, organisation=made.organisation, jurisdiction=made.place,
                clearance=Classification(made.level),
            )  # fmt: skip
        self.facts.people[name] = made

    def _dataset(self, name: str, dice: Random) -> None:
        made = self.declared(dice)
        made.forbidden = []  # so that it never contradicts itself
        new = datasets.NewDataset(
            slug=name, title=name, description="", owner=made.owner, listed=made.listed,
            classification=Classification(made.level), store_in=made.store_in or [], process_in=made.process_in or [],
            access_from=made.access_from or [], forbidden_legal_control=made.forbidden,
            forbidden_model_origins=made.origins, purposes=[Purpose(one) for one in made.purposes], budget=_AMPLE,
        )  # fmt: skip
        with self.databases.operator.begin(OPERATOR) as session:
            self.datasets[name] = datasets.register(session, new)
            given = [one for one in grants.every(session) if one["dataset"] == name]
        self.facts.datasets[name] = made
        for one in given:  # a public dataset's own, for everyone
            begins, ends = self.facts.now - HOUR, self.facts.now + datasets.PUBLIC_TERM
            granted = Grant(dataset=name, to=("everyone", ""), purpose=str(one["purpose"]), begins=begins, ends=ends)
            self._note(UUID(str(one["id"])), granted)

    def _note(self, given: UUID, grant: Grant) -> None:
        self.grants.append(given)
        self.facts.grants.append(grant)


def somebody(dice: Random, organisation: str) -> Person:
    """Return what a token could say of somebody."""
    return Person(
        organisation=organisation,
        place=dice.choices(PLACES, [4, 2, 2, 1, 1, 1])[0],
        level=dice.choices(["internal", "restricted", "secret"], [2, 2, 4])[0],
        only_for=dice.choices([None, *map(str, PURPOSES)], [8, 1, 1])[0],
        zone=dice.choices([*ZONES, "leak-unknown"], [5, 3, 3, 1])[0],
    )
