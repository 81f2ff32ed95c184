"""However many ask at once, a budget is never overdrawn; a gate without locks is, so these tests can see it."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import psycopg
import pytest

from catalog import datasets
from catalog.db import Database
from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId
from tests.fixtures.nation import OPERATOR, Nation

CALLS = 64
BUDGET = 20_000
LENGTH = 500
CHUNKS = 100
ASKED = 5


def body(number: int) -> str:
    return f"Sluice {number} of the river. ".ljust(LENGTH, ".")


@dataclass(frozen=True, kw_only=True)
class Race:
    """A dataset of 50,000 characters of which 20,000 may be read."""

    nation: Nation
    pool: Database
    chunks: list[ChunkId]

    def picks(self) -> list[list[ChunkId]]:
        dice = Random(7)  # noqa: S311  # a test's dice
        return [dice.sample(self.chunks, ASKED) for _ in range(CALLS)]

    def used(self) -> tuple[int, int, int]:
        with self.nation.database.connect() as connection:
            query = """SELECT (SELECT sum(window_used) FROM hub.person_budgets),
                              (SELECT sum(used) FROM hub.organisation_budgets),
                              (SELECT sum(upper(s) - lower(s)) FROM hub.read_spans, unnest(spans) s)"""
            row = connection.execute(query).fetchone()
        assert row is not None
        window, organisation, spans = row
        return int(window), int(organisation), int(spans)


@pytest.fixture
def race(nation: Nation) -> Any:  # an iterator of Race
    nation.person("ada")
    limits = datasets.Budget(window_characters=BUDGET, lifetime_characters=50_000, ceiling_share=Decimal(1))
    nation.dataset("sluices", budget=limits)
    nation.grant("ada", "sluices", share=Decimal("0.5"))
    nation.document("sluices", "all.txt", [body(n) for n in range(CHUNKS)])
    with nation.database.connect() as connection:
        chunks = [ChunkId(one) for (one,) in connection.execute("SELECT id FROM hub.chunks ORDER BY ordinal")]
    pool = Database(nation.database.url("hub_api"), pool_size=CALLS)
    yield Race(nation=nation, pool=pool, chunks=chunks)
    pool.close()


def all_at_once(calls: Sequence[Callable[[], int]]) -> int:
    """Start every call at the same moment, each in its thread, and add up what they got."""
    start = threading.Barrier(len(calls))

    def one(call: Callable[[], int]) -> int:
        start.wait(60)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return sum(threads.map(one, calls))


def characters(race: Race, scope: Scope, chunks: Sequence[ChunkId]) -> int:
    try:
        return sum(p.charged for p in disclose(race.pool, scope, chunks).passages)
    except BudgetExhaustedError:
        return 0


def test_one_person_asking_64_times_at_once_reads_exactly_their_budget(race: Race) -> None:
    scope = race.nation.scope("ada")
    got = all_at_once([lambda chunks=chunks: characters(race, scope, chunks) for chunks in race.picks()])  # type: ignore[misc]
    assert (got, race.used()) == (BUDGET, (BUDGET, BUDGET, BUDGET))


def test_eight_people_of_one_organisation_read_exactly_its_share(race: Race) -> None:
    scopes = []
    for number in range(8):
        race.nation.person(f"person-{number}")
        race.nation.grant(f"person-{number}", "sluices", share=Decimal("0.3"))
        scopes.append(race.nation.scope(f"person-{number}"))
    picks = list(enumerate(race.picks()))
    got = all_at_once([lambda n=n, c=c: characters(race, scopes[n % 8], c) for n, c in picks])  # type: ignore[misc]
    share = CHUNKS * LENGTH * 3 // 10
    assert (got, race.used()) == (share, (share, share, share))


def test_a_gate_that_checks_and_then_writes_is_overdrawn(race: Race) -> None:
    """The same race over the obvious way to do it: this is what the locks are for."""
    with race.nation.database.connect() as connection:
        connection.execute("CREATE TABLE naive (characters integer)")

    def naive() -> int:
        with race.nation.database.connect() as connection:
            row = connection.execute("SELECT coalesce(sum(characters), 0) FROM naive").fetchone()
            assert row is not None
            if row[0] + ASKED * LENGTH > BUDGET:
                return 0
            connection.execute("INSERT INTO naive VALUES (%s)", [ASKED * LENGTH])
            return ASKED * LENGTH

    for _ in range(10):
        if all_at_once([naive] * CALLS) > BUDGET:
            return
        with race.nation.database.connect() as connection:
            connection.execute("TRUNCATE naive")
    pytest.fail("ten races, and not one went over: this machine shows no race at all")


def begin(race: Race, person: str) -> psycopg.Connection:
    connection = race.nation.database.connect("hub_api")
    connection.execute(
        "SELECT set_config('hub.subject', %s, true), set_config('hub.zone', 'zone', true)",
        [str(race.nation.people[person])],
    )
    return connection


def charge(connection: psycopg.Connection, scope: Scope, chunks: Sequence[ChunkId]) -> tuple[int, int]:
    query = "SELECT taken, left_out FROM hub.disclose(%s, %s)"
    row = connection.execute(query, [scope.decision_id, list(chunks)]).fetchone()
    assert row is not None
    return row[0], row[1]


def until_it_waits(race: Race, waiting: psycopg.Connection) -> None:
    deadline = time.monotonic() + 20
    with race.nation.database.connect(autocommit=True) as connection:
        query = "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s"
        while connection.execute(query, [waiting.info.backend_pid]).fetchone() != ("Lock",):
            assert time.monotonic() < deadline, "the second call did not wait for the first"
            time.sleep(0.01)


def second_waits_for_first(
    race: Race,
    first: tuple[str, Scope, list[ChunkId]],
    second: tuple[str, Scope, list[ChunkId]],
    between: Callable[[], None],
) -> tuple[int, int]:
    """Charge the first without committing, start the second, commit the first; return what the second got."""
    person, scope, chunks = first
    with begin(race, person) as one, begin(race, second[0]) as two, ThreadPoolExecutor(1) as thread:
        charge(one, scope, chunks)
        between()
        result: Future[tuple[int, int]] = thread.submit(charge, two, second[1], second[2])
        until_it_waits(race, two)
        one.commit()
        return result.result(30)


def test_who_waits_sees_what_a_colleague_has_just_used_up(race: Race) -> None:
    race.nation.person("bob")
    race.nation.grant("bob", "sluices", share=Decimal("0.1"))
    ada, bob = race.nation.scope("ada"), race.nation.scope("bob")
    everything, one_more = race.chunks[:10], race.chunks[10:11]
    got = second_waits_for_first(race, ("ada", ada, everything), ("bob", bob, one_more), lambda: None)
    assert got == (0, 1)
    assert race.used() == (5000, 5000, 5000)


def test_a_window_that_two_calls_find_over_begins_anew_once(race: Race) -> None:
    """Also when the person changes organisation in between, so that no row of an organisation makes them wait."""
    nation = race.nation
    nation.person("eve", organisation="startup")
    nation.grant("eve", "sluices", share=Decimal("0.5"))
    nation.step_clock(timedelta(seconds=1))
    characters(race, nation.scope("ada"), race.chunks[:1])
    nation.step_clock(timedelta(days=1, seconds=2))
    scope = nation.scope("ada")

    def change_organisation() -> None:
        with nation.operator.begin(OPERATOR) as session:
            moved = (
                "UPDATE hub.people SET organisation_id = (SELECT organisation_id FROM hub.people WHERE slug = 'eve')"
            )
            session.connection().exec_driver_sql(moved + " WHERE slug = 'ada'")

    held = "SELECT FROM hub.person_budgets FOR UPDATE"
    with nation.database.connect() as holder, begin(race, "ada") as one, begin(race, "ada") as two:
        holder.execute(held)  # both come as far as the row and no further: each has seen that the window is over
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(charge, one, scope, race.chunks[1:31])
            until_it_waits(race, one)
            change_organisation()
            second = threads.submit(charge, two, scope, race.chunks[31:61])
            until_it_waits(race, two)
            holder.rollback()
            assert first.result(30) == (30, 0)
            one.commit()
            assert second.result(30) == (10, 20)
            two.commit()
    with nation.database.connect() as connection:
        row = connection.execute("SELECT window_used, lifetime_used FROM hub.person_budgets").fetchone()
    assert row == (BUDGET, BUDGET + LENGTH)


@pytest.mark.parametrize(
    "overdraft",
    [
        "UPDATE hub.person_budgets SET window_used = window_limit + 1",
        "UPDATE hub.person_budgets SET lifetime_used = lifetime_limit + 1",
        "UPDATE hub.organisation_budgets SET used = cap + 1",
        "UPDATE hub.person_budgets SET window_used = -1",
        "UPDATE hub.organisation_budgets SET used = -1",
    ],
)
def test_behind_the_locks_stands_a_check(race: Race, overdraft: Any) -> None:
    characters(race, race.nation.scope("ada"), race.chunks[:1])
    with race.nation.database.connect() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(overdraft)


@pytest.mark.prove
@pytest.mark.timeout(7_200)
def test_two_hundred_times_64_at_once_and_never_a_character_over(race: Race) -> None:
    """Each run in a window of its own, until the lifetime is spent: exactly the budget, and then nothing."""
    with race.nation.database.connect() as connection:
        connection.execute(
            "UPDATE hub.datasets SET most_lifetime_characters = 2000000000, lifetime_characters = 2000000000"
        )
        connection.execute("UPDATE hub.organisation_budgets SET share = 1")
        connection.execute("UPDATE hub.grants SET ends_at = ends_at + interval '400 days'")  # every run is a day later
    for number in range(200):
        with race.nation.database.connect() as connection:
            # As if nothing had been read before: rows of an owner, which the gate itself never gives back.
            connection.execute("DELETE FROM hub.read_spans")
            connection.execute("UPDATE hub.organisation_budgets SET used = 0")
        race.nation.step_clock(timedelta(days=1, seconds=1) * (number + 1))
        scope = race.nation.scope("ada")
        picks = [Random(number * CALLS + one).sample(race.chunks, ASKED) for one in range(CALLS)]  # noqa: S311  # a test's dice
        got = all_at_once([lambda c=c, s=scope: characters(race, s, c) for c in picks])  # type: ignore[misc]
        window, organisation, spans = race.used()
        assert got == window == organisation == spans <= BUDGET
        assert got > BUDGET - ASKED * LENGTH
