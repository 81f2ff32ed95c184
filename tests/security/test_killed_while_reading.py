"""A process killed while it discloses has delivered nothing that was not charged: debit first."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import cycle
from random import Random
from uuid import UUID

import pytest

from catalog.datasets import Budget
from catalog.db import Database
from catalog.disclosure import disclose
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId
from tests.catalog.ledger import rows
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import Nation

TEXT = "".join(f"line{number:05d} " for number in range(20_000))
SPANS = [(at, at + 40) for at in range(0, len(TEXT) - 40, 40)]
ID = 16


def reader(nation: Nation, scope: Scope, ids: Sequence[ChunkId], out: int) -> None:
    """Disclose one after the other, and say of each passage that it is here once its words are."""
    database = Database(nation.database.url("hub_api"), pool_size=1)
    for at in cycle(range(0, len(ids), 3)):
        for passage in disclose(database, scope, ids[at : at + 3]).passages:
            if passage.body:
                os.write(out, passage.chunk_id.bytes)


def killed(work: Callable[[int], None], after_s: float) -> bytes:
    """Run it in a process of its own, kill that after its first words, and return all it had said."""
    incoming, out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(incoming)
        try:
            work(out)
        finally:
            os._exit(1)
    os.close(out)
    said = os.read(incoming, ID)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(incoming, 65_536):
        said += more
    os.close(incoming)
    return said


def delivered_but_uncharged(nation: Nation, times: int) -> tuple[int, int]:
    """Kill so many readers; return how many passages came, and how many of them nobody was charged for."""
    nation.person("ada")
    size = len(TEXT)
    nation.dataset("lines", budget=Budget(window_characters=size, lifetime_characters=size, ceiling_share=Decimal(1)))
    nation.grant("ada", "lines", share=Decimal(1))
    _, ids = publish_spans(nation, "lines", "a.txt", TEXT, SPANS)
    dice, came = Random(3), set()  # noqa: S311  # a test's dice
    for number in range(times):
        scope, start = nation.scope("ada"), number * len(ids) // times
        mine = [*ids[start:], *ids[:start]]
        said = killed(lambda out, scope=scope, mine=mine: reader(nation, scope, mine, out), dice.uniform(0, 0.05))  # type: ignore[misc]
        came |= {UUID(bytes=said[at : at + ID]) for at in range(0, len(said) - ID + 1, ID)}
    query = """SELECT c.id FROM hub.chunks c JOIN hub.read_spans r ON r.revision_id = c.revision_id
                WHERE int8range(c.span_start, c.span_end) <@ r.spans"""
    charged = {one for (one,) in rows(nation.database, query)}
    return len(came), len(came - charged)


@pytest.mark.long
def test_of_five_readers_killed_on_the_way_nothing_is_delivered_uncharged(nation: Nation) -> None:
    came, uncharged = delivered_but_uncharged(nation, 5)
    assert came >= 5
    assert uncharged == 0


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_of_two_hundred_readers_killed_on_the_way_nothing_is_delivered_uncharged(nation: Nation) -> None:
    came, uncharged = delivered_but_uncharged(nation, 200)
    assert came >= 200
    assert uncharged == 0
