"""The words of a decision: who asks, under which law a dataset stands, where it happens, and what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from catalog.breach import Breach
from catalog.db import Asker
from catalog.places import Place
from catalog.residency import Groups
from catalog.vocabulary import Action, Classification, DatasetId, DecisionId, Door, PersonId, Purpose


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person whose identity was verified; the attributes are the identity provider's word."""

    person_id: PersonId
    jurisdiction: str
    clearance: Classification
    #: An agent that asks on the person's behalf, and the one purpose it was given leave for.
    agent: str | None = None
    only_for: Purpose | None = None
    #: The network zone their session comes in through, by the ingress's word; an unregistered one opens nothing.
    zone: str = ""

    @property
    def asker(self) -> Asker:
        """For whom a transaction of theirs speaks."""
        return Asker(person_id=self.person_id, agent=self.agent, zone=self.zone)


@dataclass(frozen=True, kw_only=True)
class Law:
    """What datasets with equal tags share (their law signature); residencies are expanded to places."""

    classification: Classification
    granted: bool
    purposes: frozenset[str]
    store_in: frozenset[str]
    process_in: frozenset[str]
    access_from: frozenset[str]
    forbidden_legal_control: frozenset[str]
    #: Expanded, with the groups' own names: a group without members still says that origins matter.
    forbidden_model_origins: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where this hub's parts stand, and whether its host holds the seal; `endpoint` is the one that is asked first."""

    site: Place
    store: Place
    database: Place
    worker: Place
    endpoint: Place
    sealed: bool
    #: What each group of places stands for on the day of the decision.
    groups: Groups
    #: Endpoints to use, in order of preference, for what the first may not process.
    more_endpoints: tuple[Place, ...] = ()
    #: The zone whoever asks comes in through, as it was told, and its place: none where it is not registered.
    zone: str = ""
    zones: tuple[Place, ...] = ()
    #: Every registered zone.
    known_zones: tuple[Place, ...] = ()

    @property
    def from_any_zone(self) -> "Surroundings":
        """Return the same site for what nobody asks now: whoever would could come in through any registered zone."""
        return replace(self, zones=self.known_zones, zone=", ".join(one.name for one in self.known_zones))

    @property
    def endpoints(self) -> tuple[Place, ...]:
        """Every endpoint, the preferred one first."""
        return self.endpoint, *self.more_endpoints

    def at(self, endpoint: Place) -> "Surroundings":
        """Return the same site with this endpoint and no other."""
        return replace(self, endpoint=endpoint, more_endpoints=())

    @property
    def legal_control(self) -> frozenset[str]:
        """Every jurisdiction whose law can compel an operator of a part: of the endpoints, only the first one's."""
        return frozenset().union(*(part.legal_control for part in self.parts))

    @property
    def parts(self) -> tuple[Place, ...]:
        """The site and each part of it, with the first endpoint."""
        return self.site, self.store, self.database, self.worker, self.endpoint


@dataclass(frozen=True, kw_only=True)
class Request:
    """The question: may this subject (None: the site's worker) do this, under this law, here."""

    action: Action
    law: Law
    surroundings: Surroundings
    subject: Subject | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """Permit or deny, with the rules that determined it and their reasons in one sentence each.

    `breaches` are what residency refused of a request that was otherwise the person's to make. `endpoints` are those
    it is permitted at, the preferred one first; `apart` is what residency refuses at the others. `models` are the
    digests of what may read there, where the dataset forbids origins; None: whatever runs there may.
    """

    permitted: bool
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    breaches: tuple[Breach, ...] = ()
    endpoints: tuple[str, ...] = ()
    apart: tuple[Breach, ...] = ()
    models: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The datasets one subject may query now, for one purpose; only `facts.scope_for` makes one."""

    decision_id: DecisionId
    subject: Subject
    purpose: Purpose
    dataset_ids: tuple[DatasetId, ...]
    titles: Mapping[DatasetId, str] = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)
    #: What permits each of the datasets, and each law of documents stricter than theirs, and at which endpoints; what
    #: is not here may be sent to none.
    rulings: Mapping[UUID, Ruling] = field(default_factory=dict)
    #: The doors at which residency refused what the subject holds grants for.
    refused_at: frozenset[Door] = frozenset()
    #: By which rules of residency.
    refused_for: frozenset[str] = frozenset()
    #: Whether the network zone of the session is a registered place.
    zone_known: bool = True

    @property
    def asker(self) -> Asker:
        """For whom a transaction under this decision speaks."""
        return replace(self.subject.asker, decision_id=self.decision_id)

    def endpoints(self, ids: Iterable[UUID]) -> tuple[str, ...]:
        """Return the endpoints that may process all of these, the preferred one first; of none, none."""
        each = [self.rulings[one].endpoints if one in self.rulings else () for one in set(ids)]
        return tuple(name for name in each[0] if all(name in other for other in each)) if each else ()

    def models(self, ids: Iterable[UUID]) -> frozenset[str] | None:
        """Return the digests of the only models that may read all of these; None: any that runs there."""
        each = [self.rulings[one].models for one in set(ids) if one in self.rulings]
        told = [one for one in each if one is not None]
        return frozenset.intersection(*told) if told else None
