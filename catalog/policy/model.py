"""The words of a decision: who asks, under which law a dataset stands, where it happens, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.breach import Breach
from catalog.places import Place
from catalog.residency import Groups
from catalog.vocabulary import Action, Classification, DatasetId, DecisionId, PersonId, Purpose


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person whose identity was verified; the attributes are the identity provider's word."""

    person_id: PersonId
    jurisdiction: str
    clearance: Classification
    #: An agent that asks on the person's behalf, and the one purpose it was given leave for.
    agent: str | None = None
    only_for: Purpose | None = None


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


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where this hub's parts stand, and whether its host holds the seal."""

    site: Place
    store: Place
    database: Place
    worker: Place
    endpoint: Place
    sealed: bool
    #: What each group of places stands for on the day of the decision.
    groups: Groups

    @property
    def legal_control(self) -> frozenset[str]:
        """Every jurisdiction whose law can compel one of the operators."""
        return frozenset().union(*(part.legal_control for part in self.parts))

    @property
    def parts(self) -> tuple[Place, ...]:
        """The site and each part of it."""
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

    `breaches` are what residency refused of a request that was otherwise the person's to make.
    """

    permitted: bool
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The datasets one subject may query now, for one purpose; only `facts.scope_for` makes one."""

    decision_id: DecisionId
    subject: Subject
    purpose: Purpose
    dataset_ids: tuple[DatasetId, ...]
    titles: Mapping[DatasetId, str] = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)
