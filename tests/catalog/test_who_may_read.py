"""Whoever may read by a plain-Python oracle gets passages, nobody else ever does, whatever happened before."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from catalog import datasets, grants, people, places
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError
from catalog.grants import Grantee, Term
from catalog.policy.model import Scope
from catalog.vocabulary import Classification, GrantId, PlaceKind, Purpose
from tests.catalog.ledger import SHARED_DATABASE, run
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import OPERATOR, SITE, Nation

EU = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
PLACES = {"DE": {"DE"}, "FR": {"FR"}, "US": {"US"}, "CA-QC": {"CA-QC", "CA"}}
RESIDENCIES: dict[str, set[str]] = {"EU": EU, "DE": {"DE"}, "CA": {"CA"}, "US": {"US"}}
LEVELS = list(Classification)
HALF_HOUR = timedelta(minutes=30)
#: The text is far larger than the one chunk of each dataset, so that no share is ever spent.
TEXT = ("The river and its harbour. " * 500).strip()

purposes = st.sampled_from([Purpose.RESEARCH, Purpose.STATISTICS])
numbers = st.integers(0, 2)


@dataclass(kw_only=True)
class Asking:
    """A person as the oracle knows them."""

    slug: str
    organisation: str
    jurisdiction: str
    clearance: Classification


@dataclass(kw_only=True)
class Held:
    """A dataset as the oracle knows it."""

    slug: str
    classification: Classification
    process_in: str
    access_from: str
    forbidden: str | None
    withdrawn: bool = False


@dataclass(kw_only=True)
class Given:
    """A grant as the oracle knows it; `to` is a person's or an organisation's name, None for everyone."""

    id: GrantId
    dataset: str
    to: str | None
    purpose: Purpose
    starts_at: datetime
    ends_at: datetime
    revoked: bool = False
    suspended: bool = False


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A scope somebody holds on to."""

    scope: Scope
    who: Asking
    decided: set[str]
    made_at: float
    ahead: timedelta


class Reading(RuleBasedStateMachine):
    """Grants come and go, the clock steps, datasets are withdrawn, the site moves; and all the while people ask."""

    nation: Nation

    @initialize(
        clearances=st.lists(st.sampled_from([*Classification, Classification.SECRET]), min_size=2, max_size=2),
        standing=st.lists(st.sampled_from(["DE", "DE", "FR", "US", "CA-QC"]), min_size=2, max_size=2),
        tags=st.lists(
            st.tuples(
                st.sampled_from(Classification),
                st.sampled_from(["EU", "EU", "DE", "US"]),
                st.sampled_from(["EU", "EU", "DE", "CA", "US"]),
                st.sampled_from([None, None, "US", "CN"]),
            ),
            min_size=1,
            max_size=1,
        ),
    )
    def begin(self, clearances: list[Classification], standing: list[str], tags: list[tuple[Any, ...]]) -> None:
        tag = uuid4().hex
        # One person and two datasets in whose way nothing lies but grants; the others as they come.
        clearances, standing = [Classification.SECRET, *clearances], ["DE", *standing]
        tags = [(Classification.INTERNAL, "EU", "EU", None), (Classification.SECRET, "DE", "EU", "US"), *tags]
        self.ahead, self.given, self.kept = timedelta(0), list[Given](), list[Kept]()
        self.site, self.control, self.sealed = "DE", "DE", True
        self.zone: str | None = "DE"
        self._settle_in()
        self.nation.step_clock(self.ahead)
        run(self.nation.database, "UPDATE hub.datasets SET withdrawn_at = now()")  # what earlier examples left
        self.people = [
            Asking(slug=f"p{n}-{tag}", organisation=f"o{n // 2}-{tag}", jurisdiction=place, clearance=clearance)
            for n, (place, clearance) in enumerate(zip(standing, clearances, strict=True))
        ]
        for one in self.people:
            self.nation.person(
                one.slug, organisation=one.organisation, jurisdiction=one.jurisdiction, clearance=one.clearance
            )
        self.held = [
            Held(slug=f"d{n}-{tag}", classification=c, process_in=p, access_from=a, forbidden=None if f == p else f)
            for n, (c, p, a, f) in enumerate(tags)
        ]
        for dataset in self.held:
            self._register(dataset)

    def _register(self, dataset: Held) -> None:
        self.nation.dataset(
            dataset.slug,
            classification=dataset.classification,
            process_in=[dataset.process_in],
            access_from=[dataset.access_from],
            forbidden_legal_control=[dataset.forbidden] if dataset.forbidden else [],
            purposes=[Purpose.RESEARCH, Purpose.STATISTICS],
            budget=datasets.Budget(window_characters=10_000, lifetime_characters=10_000, ceiling_share=Decimal(1)),
        )
        publish_spans(self.nation, dataset.slug, "a.txt", TEXT, [(0, 26)])
        if dataset.classification is Classification.PUBLIC:
            always = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
            self.given += [
                Given(
                    id=GrantId(uuid4()),
                    dataset=dataset.slug,
                    to=None,
                    purpose=p,
                    starts_at=always[0],
                    ends_at=always[1],
                )
                for p in (Purpose.RESEARCH, Purpose.STATISTICS)
            ]

    def _settle_in(self) -> None:
        with self.nation.operator.begin(OPERATOR) as session:
            places.register(
                session,
                name="site",
                kind=PlaceKind.SITE,
                jurisdiction=self.site,
                operator="ministry",
                legal_control=[self.control],
            )
            session.execute(text("UPDATE hub.places SET retired_at = NULL WHERE name = 'zone'"))
            values = {"kind": PlaceKind.ZONE, "operator": "ministry", "legal_control": []}
            places.register(session, name="zone", jurisdiction=self.zone or "DE", **values)
            if self.zone is None:
                places.retire(session, "zone")
        self.nation.site = SITE.model_copy(update={"sealed": self.sealed})

    # What the oracle says.

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def granted(self, who: Asking, dataset: Held, purpose: Purpose) -> bool:
        return not dataset.withdrawn and any(
            given.dataset == dataset.slug
            and given.to in {None, who.slug, who.organisation}
            and given.purpose is purpose
            and given.starts_at <= self.now() < given.ends_at
            and not (given.revoked or given.suspended)
            for given in self.given
        )

    def lawful(self, who: Asking, dataset: Held) -> bool:
        return (
            LEVELS.index(who.clearance) >= LEVELS.index(dataset.classification)
            and bool(PLACES[who.jurisdiction] & RESIDENCIES[dataset.access_from])
            and self.zone is not None
            and bool(PLACES[self.zone] & RESIDENCIES[dataset.access_from])
            and self.site in RESIDENCIES[dataset.process_in]
            and "DE" in RESIDENCIES[dataset.process_in]  # where the model endpoint stays
            and dataset.forbidden != self.control
            and (self.sealed or LEVELS.index(dataset.classification) <= 1)
        )

    def may_read(self, who: Asking, purpose: Purpose) -> set[str]:
        return {d.slug for d in self.held if self.granted(who, d, purpose) and self.lawful(who, d)}

    # What happens.

    @rule(
        dataset=numbers,
        person=st.sampled_from([0, 0, 1, 2]),
        to=st.sampled_from(["person", "organisation", "everyone"]),
        purpose=purposes,
        begins=st.sampled_from([0, 0, -1, 2]),
        lasts=st.sampled_from([3, 48, 1]),
    )
    def give(self, dataset: int, person: int, to: str, purpose: Purpose, begins: int, lasts: int) -> None:  # noqa: PLR0913, PLR0917  # a grant is these facts
        who, what = self.people[person], self.held[dataset]
        starts_at = self.now() + timedelta(hours=begins) - HALF_HOUR
        term = Term(starts_at=starts_at, ends_at=starts_at + timedelta(hours=lasts))
        with self.nation.operator.begin(OPERATOR) as session:
            organisation = people.find_organisation(session, who.organisation)
            grantee = {
                "person": Grantee(person_id=self.nation.people[who.slug]),
                "organisation": Grantee(organisation_id=organisation),
                "everyone": Grantee(everyone=True),
            }[to]
            made = grants.give(
                session,
                dataset_id=self.nation.datasets[what.slug],
                grantee=grantee,
                purpose=purpose,
                term=term,
                share=Decimal("0.3"),
            )
        names = {"person": who.slug, "organisation": who.organisation, "everyone": None}
        self.given.append(
            Given(
                id=made,
                dataset=what.slug,
                to=names[to],
                purpose=purpose,
                starts_at=term.starts_at,
                ends_at=term.ends_at,
            )
        )
        self.ask(person, purpose, keep=True)

    @precondition(lambda self: any(not given.revoked and given.starts_at.year > 1 for given in self.given))
    @rule(back=st.sampled_from([0, 0, 0, 1, 2]), suspend=st.booleans())
    def take_back(self, back: int, *, suspend: bool) -> None:
        own = [given for given in self.given if not given.revoked and given.starts_at.year > 1]
        given = own[-1 - min(back, len(own) - 1)]
        if suspend:
            given.suspended = not given.suspended
            change = "UPDATE hub.grants SET suspended_at = CASE WHEN suspended_at IS NULL THEN now() END WHERE id = %s"
            run(self.nation.database, change, given.id)
        else:
            with self.nation.operator.begin(OPERATOR) as session:
                grants.revoke(session, given.id, reason="test")
            given.revoked = True
        self._look_again(given)

    @rule(step=st.sampled_from([timedelta(seconds=60), timedelta(hours=1), timedelta(hours=2), timedelta(days=1)]))
    def time_passes(self, step: timedelta) -> None:
        self.ahead += step
        self.nation.step_clock(self.ahead)
        self._look_again(*[given for given in self.given if given.starts_at.year > 1][-2:])

    @precondition(lambda self: sum(dataset.withdrawn for dataset in self.held) < 2)
    @rule(dataset=numbers)
    def withdraw(self, dataset: int) -> None:
        if not self.held[dataset].withdrawn:
            with self.nation.operator.begin(OPERATOR) as session:
                datasets.withdraw(session, self.nation.datasets[self.held[dataset].slug], reason="test")
            self.held[dataset].withdrawn = True
            self._look_again(*[given for given in self.given if given.dataset == self.held[dataset].slug][-1:])

    @rule(
        site=st.sampled_from(["DE", "DE", "FR", "US"]),
        control=st.sampled_from(["DE", "DE", "US"]),
        sealed=st.sampled_from([True, True, False]),
        zone=st.sampled_from(["DE", "DE", "FR", "US", "CA-QC", None]),
    )
    def move(self, site: str, control: str, zone: str | None, *, sealed: bool) -> None:
        self.site, self.control, self.sealed, self.zone = site, control, sealed, zone
        self._settle_in()
        self._look_again(*[given for given in self.given if given.starts_at.year > 1][-2:])

    @rule(person=numbers, purpose=purposes, keep=st.booleans())
    def ask(self, person: int, purpose: Purpose, *, keep: bool) -> None:
        who = self.people[person]
        expected = self.may_read(who, purpose)
        made_at = time.monotonic()
        scope = self.nation.scope(who.slug, purpose)
        assert {self._slug(dataset) for dataset in scope.dataset_ids} == expected
        assert self._passages(scope) == expected
        if keep and expected:
            self.kept.append(Kept(scope=scope, who=who, decided=expected, made_at=made_at, ahead=self.ahead))

    @rule()
    def everybody_asks(self) -> None:
        for person in range(3):
            for purpose in (Purpose.RESEARCH, Purpose.STATISTICS):
                self.ask(person, purpose, keep=False)

    def _look_again(self, *changed: Given) -> None:
        """Use what was decided before the change, and ask anew for whom it concerns."""
        while self.kept:
            self._use(self.kept.pop())
        for given in changed:
            for number, who in enumerate(self.people):
                if given.to in {None, who.slug, who.organisation}:
                    self.ask(number, given.purpose, keep=True)

    def _use(self, kept: Kept) -> None:
        if self.ahead == kept.ahead and time.monotonic() - kept.made_at > 20:
            return  # too near to thirty seconds to say
        live = {d.slug for d in self.held if self.granted(kept.who, d, kept.scope.purpose)}
        expected = kept.decided & live if self.ahead == kept.ahead and self.zone else set()
        try:
            assert self._passages(kept.scope) == expected
        except AccessDeniedError:
            assert self.ahead > kept.ahead

    def _slug(self, dataset_id: object) -> str:
        return next(slug for slug, one in self.nation.datasets.items() if one == dataset_id)

    def _passages(self, scope: Scope) -> set[str]:
        found = self.nation.search(scope, "river harbour", limit=50)
        got = disclose(self.nation.api, scope, [candidate.chunk_id for candidate in found])
        assert got.left_out == 0
        assert all(passage.body == TEXT[:26] for passage in got.passages)
        return {passage.dataset_slug for passage in got.passages}


@pytest.mark.long
def test_whoever_may_read_gets_passages_and_nobody_else_ever_does(nation: Nation) -> None:
    Reading.nation = nation
    chosen = settings(SHARED_DATABASE, max_examples=16, stateful_step_count=14)
    run_state_machine_as_test(Reading, settings=chosen)  # type: ignore[no-untyped-call]
