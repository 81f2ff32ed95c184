"""One person at one instant, and the words for what they read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from catalog.policy.facts import scope_for, surroundings
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, DatasetId, Purpose
from hub.evaluation.bench.echo import CountedWords
from hub.evaluation.leak.oracle import Facts, Law
from hub.evaluation.leak.world import World

QUESTION: Final = "How long is the river?"
(VECTOR,) = CountedWords().embed([QUESTION])
NOTHING: Final[frozenset[str]] = frozenset()
#: More than there is.
ALL: Final = 500


class Read(NamedTuple):
    """What came by one way, and what the oracle allows: all of it, or so many where `most` has no room for more.

    `leaving` may come or not; `crowding` takes places where things are found, but must not come.
    """

    path: str
    came: frozenset[str]
    allowed: frozenset[str]
    most: int = ALL
    leaving: frozenset[str] = NOTHING
    crowding: frozenset[str] = NOTHING

    @property
    def right(self) -> bool:
        """Say whether what came is what may."""
        shown = self.came - self.leaving
        least = min(len(self.allowed), self.most - len(self.leaving | self.crowding))
        return shown <= self.allowed and least <= len(shown) <= self.most


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A decision of the visit before."""

    who: str
    scope: Scope
    permitted: frozenset[str]
    laws: frozenset[Law]


@dataclass(kw_only=True)
class Visit:
    """Somebody tries everything for one purpose; `kept` are turns by id: whose they are, and the chunks they show."""

    world: World
    who: str
    purpose: Purpose
    dice: Random
    kept: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    earlier: Earlier | None = None
    scope: Scope = field(init=False)
    permitted: frozenset[str] = field(init=False)
    open: frozenset[str] = field(init=False)  # documents
    laws: frozenset[Law] = field(init=False)
    readable: frozenset[str] = field(init=False)

    def decide(self) -> None:
        """Have the hub decide, and the oracle."""
        databases = self.world.databases
        with self.asking() as session:
            subject = self.world.subject(self.who)
            here = surroundings(session, databases.site, sealed=self.facts.sealed, zone=subject.zone)
            self.scope = scope_for(session, subject=subject, purpose=self.purpose, here=here)
        self.permitted = self.facts.may_read(self.who, self.purpose)
        self.open = self.facts.open_documents(self.who, self.purpose)
        self.laws = self.facts.open_laws(self.who, self.purpose)
        self.readable = self.permitted & self.facts.granted(self.who, self.purpose, reading=True)

    @property
    def facts(self) -> Facts:
        """What the oracle knows."""
        return self.world.facts

    def live(self, inside: frozenset[str], of: Iterable[str] | None = None) -> frozenset[str]:
        """Return the chunks of the open documents, or of some, of these datasets."""
        documents = [self.facts.documents[name] for name in (self.open if of is None else of)]
        return frozenset(chunk for one in documents if one.dataset in inside for chunk in one.chunks)

    @property
    def leaving(self) -> frozenset[str]:
        """Chunks of withdrawn documents one might read: their ids can be found until the worker takes them out."""
        return frozenset(chunk for name in self.open for chunk in self.facts.documents[name].leaving)

    def earlier_here(self) -> Earlier:
        """Return this visit's decision, for the next one to try."""
        return Earlier(who=self.who, scope=self.scope, permitted=self.permitted, laws=self.laws)

    def names(self, ids: Iterable[DatasetId]) -> frozenset[str]:
        """Return the names of datasets; one of another world is a stranger, and never right."""
        known = {number: name for name, number in self.world.datasets.items()}
        return frozenset(known.get(one, f"a stranger: {one}") for one in ids)

    def labels(self, ids: Iterable[ChunkId]) -> frozenset[str]:
        """Return the names of chunks."""
        return frozenset(self.world.labels.get(one, f"a stranger: {one}") for one in ids)

    @contextmanager
    def asking(self, scope: Scope | None = None) -> Iterator[Session]:
        """Open a transaction for whoever visits."""
        subject = self.world.subject(self.who)
        asker = subject.asker if scope is None else replace(subject.asker, decision_id=scope.decision_id)
        with self.world.databases.api.begin(asker) as session:
            yield session
