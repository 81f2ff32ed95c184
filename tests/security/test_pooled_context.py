"""Whom a transaction speaks for ends with it, however it ends, also when the next one gets the same connection."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from catalog.db import Asker, Database
from catalog.errors import DataHubError
from tests.fixtures.nation import Nation

THREADS = 64
ROUNDS = 15
CONNECTIONS = 4
WHO = text("SELECT array_agg(id) FROM hub.people")


class AbortedError(Exception):
    """A request that broke off."""


def abort() -> NoReturn:
    raise AbortedError


def one_transaction(pool: Database, person: UUID, dice: random.Random) -> str:
    """Speak for a person and end in one of four ways; tell what was seen."""
    ending = dice.choice(["commit", "abort", "error", "no context"])
    if ending == "no context":
        with pytest.raises(DBAPIError), pool.engine.begin() as connection:
            connection.execute(WHO)
        return "nothing"
    try:
        with pool.begin(Asker(person_id=person, zone="zone")) as session:  # type: ignore[arg-type]
            seen = session.scalar(WHO)
            if ending == "abort":
                abort()
            if ending == "error":
                session.execute(text("SELECT 1 / 0"))
    except (AbortedError, DataHubError):
        pass
    return "oneself" if seen == [person] else "another"


def test_no_transaction_sees_whom_another_spoke_for(nation: Nation) -> None:
    people = [nation.person(name) for name in ("ada", "bob", "cem", "dea")]
    pool = Database(nation.database.url("hub_api"), pool_size=CONNECTIONS)

    def thread(number: int) -> Counter[str]:
        dice = random.Random(number)  # noqa: S311  # a test's dice
        return Counter(one_transaction(pool, dice.choice(people), dice) for _ in range(ROUNDS))

    with ThreadPoolExecutor(THREADS) as threads:
        seen = sum(threads.map(thread, range(THREADS)), Counter())
    pool.close()
    assert seen["another"] == 0
    assert seen["oneself"] + seen["nothing"] == THREADS * ROUNDS
    assert min(seen["oneself"], seen["nothing"]) > THREADS


def test_a_context_that_outlived_its_transaction_would_be_seen_here(nation: Nation) -> None:
    person = nation.person("ada")
    pool = Database(nation.database.url("hub_api"), pool_size=1)
    with pool.engine.begin() as connection:
        connection.execute(text("SELECT set_config('hub.subject', :person, false)"), {"person": str(person)})
    with pool.engine.begin() as connection:
        assert connection.scalar(WHO) == [person]
    pool.close()
