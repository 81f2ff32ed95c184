"""People, grants, expiries, revocations and withdrawals in any order: who reads what is what a plain list says."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from catalog import chunks, datasets, grants
from catalog.db import Asker
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError, InvalidTransitionError
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, Classification, DatasetId, GrantId, PersonId, Purpose
from tests.fixtures.nation import OPERATOR, Nation, embedding

BUDGET = datasets.Budget(window_characters=10**9, lifetime_characters=10**9, ceiling_share=Decimal(1))
PURPOSES = (Purpose.RESEARCH, Purpose.STATISTICS)
BASE = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)  # ahead of any run of it
#: Grants begin and end on the hour, the clock stands at half past: the seconds a test takes change nothing.
HOURS = st.integers(min_value=-1, max_value=1)
THREE = st.integers(min_value=0, max_value=2)
ANY = st.integers(min_value=0, max_value=10_000)
run_numbers = count()


@dataclass(kw_only=True)
class ListedGrant:
    """The oracle's word for a grant."""

    dataset: DatasetId
    who: PersonId | str  # a person, the name of an organisation, or "everyone"
    purpose: Purpose
    begins: int
    ends: int
    over: bool = False


@dataclass(kw_only=True)
class ListedDataset:
    """The oracle's word for a dataset; its first chunk is small beside what each organisation may read of it."""

    chunk: ChunkId
    secret: bool
    withdrawn: bool = False


@dataclass(kw_only=True)
class Decided:
    """A decision made a while ago."""

    scope: Scope
    hour: int
    allowed: frozenset[DatasetId]


@dataclass(kw_only=True)
class Oracle:
    """Plain lists, and the one question asked of them."""

    hour: int = 0
    datasets: dict[DatasetId, ListedDataset] = field(default_factory=dict)
    people: dict[PersonId, tuple[str, bool]] = field(default_factory=dict)  # organisation, cleared for secrets
    grants: dict[GrantId, ListedGrant] = field(default_factory=dict)

    def granted(self, person: PersonId, purpose: Purpose) -> frozenset[DatasetId]:
        return frozenset(
            one.dataset
            for one in self.grants.values()
            if one.who in {person, self.people[person][0], "everyone"}
            and one.purpose == purpose
            and one.begins <= self.hour < one.ends
            and not one.over
            and not self.datasets[one.dataset].withdrawn
        )

    def may_read(self, person: PersonId, purpose: Purpose) -> frozenset[DatasetId]:
        cleared = self.people[person][1]
        return frozenset(one for one in self.granted(person, purpose) if cleared or not self.datasets[one].secret)


class WhoReadsWhat(RuleBasedStateMachine):
    """The hub beside the oracle."""

    def __init__(self, nation: Nation) -> None:
        super().__init__()
        self.nation, self.oracle, self.number = nation, Oracle(), next(run_numbers)
        self.decided: list[Decided] = []
        self.set_clock()
        for slug, organisation, cleared in (("ada", "north", True), ("bob", "north", False), ("cem", "south", True)):
            clearance = Classification.SECRET if cleared else Classification.INTERNAL
            belongs = f"{organisation}-{self.number}"
            person = nation.person(f"{slug}-{self.number}", organisation=belongs, clearance=clearance)
            self.oracle.people[person] = (belongs, cleared)
        self.persons = list(self.oracle.people)
        for level in (Classification.INTERNAL, Classification.INTERNAL, Classification.SECRET):
            self.make_dataset(level)
        self.sets = list(self.oracle.datasets)
        for number in range(3):
            self.give(number, number, "person", Purpose.RESEARCH, -1, 4)

    def make_dataset(self, level: Classification) -> None:
        slug = f"set-{self.number}-{len(self.oracle.datasets)}"
        made = self.nation.dataset(slug, classification=level, budget=BUDGET, purposes=list(PURPOSES), listed=False)
        self.nation.document(slug, f"{slug}.txt", [f"The river of {slug}. ", "The rest of it. " * 20])
        with self.nation.database.connect() as connection:
            (row,) = connection.execute(
                "SELECT id FROM hub.chunks WHERE dataset_id = %s AND ordinal = 0", [made]
            ).fetchall()
        self.oracle.datasets[made] = ListedDataset(chunk=ChunkId(row[0]), secret=level is Classification.SECRET)

    @rule(
        dataset=THREE,
        person=THREE,
        kind=st.sampled_from(["person", "organisation", "everyone"]),
        purpose=st.sampled_from(PURPOSES),
        begins=HOURS,
        lasts=st.integers(min_value=1, max_value=5),
    )
    def give(  # noqa: PLR0913, PLR0917  # a grant is these facts
        self, dataset: int, person: int, kind: str, purpose: Purpose, begins: int, lasts: int
    ) -> None:
        """Beginning so many hours from now; before now is a grant that lives already."""
        reader, opened = self.persons[person], self.sets[dataset]
        if self.oracle.datasets[opened].withdrawn:
            return
        begins += self.oracle.hour
        term = grants.Term(starts_at=BASE + timedelta(hours=begins), ends_at=BASE + timedelta(hours=begins + lasts))
        with self.nation.operator.begin(OPERATOR) as session:
            number = grants._organisation_of(session, grants.Grantee(person_id=reader))
            grantee, who = {
                "person": (grants.Grantee(person_id=reader), reader),
                "organisation": (grants.Grantee(organisation_id=number), self.oracle.people[reader][0]),
                "everyone": (grants.Grantee(everyone=True), "everyone"),
            }[kind]
            share = None if kind == "everyone" else Decimal("0.4")
            made = grants.give(session, dataset_id=opened, grantee=grantee, purpose=purpose, term=term, share=share)
        self.oracle.grants[made] = ListedGrant(
            dataset=opened, who=who, purpose=purpose, begins=begins, ends=begins + lasts
        )

    @rule(which=ANY)
    def revoke(self, which: int) -> None:
        grant = list(self.oracle.grants)[which % len(self.oracle.grants)]
        with self.nation.operator.begin(OPERATOR) as session, suppress(InvalidTransitionError):
            grants.revoke(session, grant, reason="test")
        self.oracle.grants[grant].over = True

    @rule(which=ANY)
    def suspend(self, which: int) -> None:
        grant = list(self.oracle.grants)[which % len(self.oracle.grants)]
        with self.nation.database.connect() as connection:
            connection.execute("UPDATE hub.grants SET suspended_at = now() WHERE id = %s", [grant])
        self.oracle.grants[grant].over = True

    @rule(dataset=THREE, sure=st.integers(min_value=0, max_value=3))
    def withdraw(self, dataset: int, sure: int) -> None:
        """One time in four: what is withdrawn stays so."""
        listed = self.oracle.datasets[self.sets[dataset]]
        if sure == 0 and not listed.withdrawn:
            with self.nation.operator.begin(OPERATOR) as session:
                datasets.withdraw(session, self.sets[dataset], reason="test")
            listed.withdrawn = True

    @rule()
    def wait(self) -> None:
        self.oracle.hour += 1
        self.set_clock()

    @rule(person=THREE, purpose=st.sampled_from(PURPOSES))
    def decide(self, person: int, purpose: Purpose) -> None:
        reader = self.persons[person]
        scope = self.nation.scope(self.slug(reader), purpose)
        allowed = self.oracle.may_read(reader, purpose)
        assert self.mine(scope.dataset_ids) == allowed
        self.decided.append(Decided(scope=scope, hour=self.oracle.hour, allowed=allowed))
        event(f"allowed: {len(allowed)}")

    @precondition(lambda self: self.decided)
    @rule(back=st.integers(min_value=1, max_value=3))
    def read(self, back: int) -> None:
        """Every chunk there is, under a decision that may be old: what is read was allowed then and is granted now."""
        decision = self.decided[-min(back, len(self.decided))]
        subject, purpose = decision.scope.subject.person_id, decision.scope.purpose
        every = {one.chunk: dataset for dataset, one in self.oracle.datasets.items()}
        try:
            passages = disclose(self.nation.api, decision.scope, list(every)).passages
            found = self.search(decision.scope)
        except AccessDeniedError:
            assert decision.hour != self.oracle.hour
            return
        assert decision.hour == self.oracle.hour
        expected = decision.allowed & self.oracle.granted(subject, purpose)
        assert {every[passage.chunk_id] for passage in passages} == expected
        assert {every[chunk] for chunk in found if chunk in every} == expected
        event(f"read: {len(expected)} of {len(decision.allowed)} allowed before")

    @rule(person=THREE, how=st.sampled_from(["revoke", "suspend", "withdraw"]))
    def lose(self, person: int, how: str) -> None:
        """What is taken away after the decision is not read under it; the rest still is."""
        self.decide(person, Purpose.RESEARCH)
        for lost in sorted(self.decided[-1].allowed)[:1]:
            if how == "withdraw":
                self.withdraw(self.sets.index(lost), 0)
            for number, grant in enumerate(list(self.oracle.grants.values())):
                if grant.dataset == lost and how != "withdraw":
                    self.revoke(number) if how == "revoke" else self.suspend(number)
            event(f"lost: {how}")
        self.read(1)

    @precondition(lambda self: self.decided)
    @rule(person=THREE)
    def steal(self, person: int) -> None:
        decision, thief = self.decided[-1], self.persons[person]
        if thief == decision.scope.subject.person_id:
            return
        with pytest.raises(AccessDeniedError), self.nation.api.begin(Asker(person_id=thief)) as session:
            chunks.nearest(session, decision.scope.decision_id, question="river", embedding=embedding("r"), limit=5)

    def search(self, scope: Scope) -> set[ChunkId]:
        return {one.chunk_id for one in self.nation.search(scope, "the river", limit=500)}

    def mine(self, ids: tuple[DatasetId, ...]) -> frozenset[DatasetId]:
        """Other runs of the machine share the database."""
        return frozenset(ids) & frozenset(self.oracle.datasets)

    def slug(self, person: PersonId) -> str:
        return next(slug for slug, number in self.nation.people.items() if number == person)

    def set_clock(self) -> None:
        """Stand at half past the oracle's hour."""
        ahead = BASE + timedelta(hours=self.oracle.hour, minutes=30) - datetime.now(UTC)
        self.nation.step_clock(max(ahead, timedelta(0)))


def test_who_reads_what_is_what_a_plain_list_says(nation: Nation) -> None:
    run_state_machine_as_test(
        lambda: WhoReadsWhat(nation),
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
