"""Whatever changes in whatever order: by every way of reading comes what a plain oracle of the law allows."""

from collections.abc import Callable
from itertools import count, product
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from catalog import groups
from catalog.amendments import Change, amend
from catalog.errors import ConflictError
from catalog.vocabulary import PlaceKind, Purpose
from hub.evaluation.leak.changes import CHANGES, withdraw_document
from hub.evaluation.leak.reads import read_everything
from hub.evaluation.leak.reads.visit import Earlier, Read, Visit
from hub.evaluation.leak.run import SEED, Tally, run
from hub.evaluation.leak.world import PARTS, PURPOSES, Databases, World
from tests.fixtures.nation import OPERATOR, Nation

#: Where something must come in, or a comparison of nothing with nothing passes for one.
OPENED = (
    "scope", "search: lexical", "search: dense", "search: hybrid", "facets", "document", "page", "passages: context",
    "passages: reading", "audit: reading", "cards", "card", "counts", "grants held", "history", "answer again",
    "a decision made before", "intake", "the whole search", "the whole answer",
)  # fmt: skip
worlds = count()


class WhoReadsWhat(RuleBasedStateMachine):
    """One world; things change, and somebody tries everything."""

    def __init__(self, nation: Nation, databases: Databases) -> None:
        super().__init__()
        self.nation = nation
        number = next(worlds)
        self.world = World(databases=databases, tag=f"m{number}")
        self.world.lay(Random(number))  # noqa: S311  # repeatable on purpose
        self.kept: dict[str, tuple[str, frozenset[str]]] = {}
        self.earlier: Earlier | None = None

    @rule(act=st.sampled_from(list(CHANGES)), dice=st.randoms(use_true_random=False))
    def change(self, act: Callable[[World, Random], None], dice: Random) -> None:
        before = self.world.facts.now
        act(self.world, dice)
        if self.world.facts.now != before:
            self.earlier = None
        event(act.__name__)

    @rule(dice=st.randoms(use_true_random=False))
    def suspend(self, dice: Random) -> None:
        at = dice.randrange(len(self.world.grants))
        with self.nation.database.connect() as connection:
            connection.execute("UPDATE hub.grants SET suspended_at = now() WHERE id = %s", [self.world.grants[at]])
        self.world.facts.grants[at].over = True

    @rule(who=st.integers(0, 5), purpose=st.sampled_from(PURPOSES), dice=st.randoms(use_true_random=False))
    def visit(self, who: int, purpose: Purpose, dice: Random) -> None:
        visit = Visit(
            world=self.world, who=list(self.world.people)[who], purpose=purpose, dice=dice, kept=self.kept,
            earlier=self.earlier,
        )  # fmt: skip
        wrong = [read for read in read_everything(visit, dice) if not read.right]
        assert wrong == []
        self.earlier = visit.earlier_here()
        event(f"permitted: {len(visit.permitted)}")

    def teardown(self) -> None:
        self.world.clear()


def test_whatever_happens_in_whatever_order_each_reads_what_is_theirs(nation: Nation, databases: Databases) -> None:
    run_state_machine_as_test(
        lambda: WhoReadsWhat(nation, databases),
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_ten_thousand_comparisons_show_no_difference(databases: Databases) -> None:
    tally = run(databases, wanted=10_000, seed=SEED)
    assert tally.told == []
    assert tally.done >= 10_000
    assert [path for path in OPENED if tally.shown[path] < 10] == []
    assert [path for path in tally.comparisons if path not in OPENED and tally.shown[path]] == ["audit: context"]
    assert {act.__name__ for act in CHANGES} == set(tally.changes)


@pytest.mark.long
def test_whatever_seldom_happens_by_chance_is_compared_too(databases: Databases) -> None:
    """One thing at a time, so that each rule of residency is met by itself, and what was withdrawn or left."""
    world = World(databases=databases, tag="misplaced")
    dice = Random(7)  # noqa: S311  # repeatable on purpose
    world.lay(dice)
    forbidding = Change(
        forbidden_legal_control=["US"], forbidden_model_origins=["US"], access_from=[world.group], process_in=["DE"]
    )
    for name, one in world.facts.datasets.items():
        with world.databases.operator.begin(OPERATOR) as session:
            amend(session, name, forbidding)
        one.forbidden, one.origins, one.access_from, one.process_in = ["US"], ["US"], [world.group], ["DE"]
        one.law += 1
    kept: dict[str, tuple[str, frozenset[str]]] = {}

    def everybody_reads(what: str) -> int:
        read = [
            one
            for who, purpose in product(world.people, PURPOSES)
            for one in read_everything(Visit(world=world, who=who, purpose=purpose, dice=dice, kept=kept), dice)
        ]
        assert [(what, one.path) for one in read if not one.right] == []
        return sum(len(one.came) for one in read if one.path == "scope")

    whole = everybody_reads("all is well")
    for part in PARTS:
        world.stand(part, "US", ["DE"])
        seen = everybody_reads(f"{part} in US")
        assert (seen < whole) is (part is not PlaceKind.WORKER), part  # it takes in, and reads for nobody
        world.stand(part, "DE", ["DE", "US"])
        assert everybody_reads(f"{part} under the law of US") < whole
        world.stand(part, "DE", ["DE"])
    for origin in ("US", None):
        world.serve(origin)
        assert everybody_reads(f"models from {origin}") < whole
    world.serve("DE")
    for _ in world.documents:
        withdraw_document(world, dice)
        everybody_reads("a document is withdrawn")
    today = world.facts.now.date()
    with world.databases.operator.begin(OPERATOR) as session:
        groups.leave(session, world.group, "DE", on=today, source="a treaty")
    members = world.facts.groups[world.group]
    members[:] = [(one, first, today if one == "DE" else over) for one, first, over in members]
    assert everybody_reads("DE has left the group") < whole


def test_an_oracle_that_thinks_otherwise_is_contradicted_by_every_way_of_reading(databases: Databases) -> None:
    """So that 0 differences mean something."""
    world = World(databases=databases, tag="blind")
    world.lay(Random(5))  # noqa: S311  # repeatable on purpose
    wrong = set()
    world.facts.grants.clear()
    for dataset in world.facts.datasets.values():
        dataset.listed, dataset.owner = not dataset.listed, "nobody"
    kept: dict[str, tuple[str, frozenset[str]]] = {}
    earlier = None
    for number in range(60):
        dice = Random(number)  # noqa: S311  # repeatable on purpose
        who, purpose = dice.choice(list(world.people)), dice.choice(PURPOSES)
        visit = Visit(world=world, who=who, purpose=purpose, dice=dice, kept=kept, earlier=earlier)
        wrong |= {read.path for read in read_everything(visit, dice) if not read.right}
        earlier = visit.earlier_here()
        kept = {turn: ("nobody", made_from) for turn, (_, made_from) in kept.items()}
    assert sorted({*OPENED} - wrong - {"audit: reading"}) == []


def test_what_is_cut_off_at_its_most_is_compared_by_number() -> None:
    some, more = frozenset("ab"), frozenset("abc")
    assert Read("x", some, more, 2).right
    assert not Read("x", some, more, 3).right
    assert not Read("x", frozenset("ad"), more, 2).right
    assert not Read("x", frozenset("a"), more, 2).right


def test_what_is_leaving_takes_places_and_comes_only_where_ids_are_found() -> None:
    two, leaving = frozenset("ab"), frozenset("z")
    assert Read("x", two, two, 3, leaving).right
    assert Read("x", two | leaving, two, 3, leaving).right
    assert Read("x", two, two, 3, crowding=leaving).right
    assert not Read("x", two | leaving, two, 3, crowding=leaving).right
    assert not Read("x", frozenset("a"), two, 3, crowding=leaving).right  # there was room for it
    assert Read("x", frozenset("a"), two, 2, crowding=leaving).right
    assert not Read("x", frozenset(), two, 2, crowding=leaving).right
    assert not Read("x", frozenset("c"), two, 2, crowding=leaving).right


def test_comparisons_go_on_where_they_stopped(databases: Databases, tmp_path: Path) -> None:
    kept = tmp_path / "leak.json"
    first = run(databases, wanted=200, seed=3, path=kept)
    again = run(databases, wanted=400, seed=3, path=kept)
    assert (again.rounds, again.done >= 400, again.done > first.done) == (2, True, True)
    assert Tally.taken_up(kept, 3).done == again.done
    with pytest.raises(ConflictError, match="another seed"):
        run(databases, wanted=400, seed=4, path=kept)


def test_a_decision_is_not_read_under_after_half_a_minute(databases: Databases) -> None:
    """The oracle drops one as soon as the clock moves; the hub refuses it."""
    world = World(databases=databases, tag="old")
    world.lay(Random(2))  # noqa: S311  # repeatable on purpose
    dice = Random(1)  # noqa: S311  # repeatable on purpose
    who, purpose = next((w, p) for w, p in product(world.people, PURPOSES) if world.facts.may_read(w, p))
    visit = Visit(world=world, who=who, purpose=purpose, dice=dice)
    assert all(read.right for read in read_everything(visit, dice))
    next(act for act in CHANGES if act.__name__ == "wait")(world, dice)
    old = visit.earlier_here()
    later = Visit(world=world, who=who, purpose=purpose, dice=dice, earlier=old)
    (read,) = [one for one in read_everything(later, dice) if one.path == "a decision made before"]
    assert read.came == frozenset()
