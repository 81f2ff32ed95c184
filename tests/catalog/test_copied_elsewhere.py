"""Whose dataset holds a copy hears why nobody can read it; its readers hear of no other dataset."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import text

from catalog.ceilings import Reach, reach
from catalog.datasets import Budget
from catalog.db import Database, Steward
from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError
from catalog.vocabulary import ChunkId
from hub.commands.dataset import reach_in_words
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import OPERATOR, Nation

TEXT = "".join(f"reach{number:04d} of the river Marn ends at lock {number * 7:05d}. " for number in range(60))
SIZE = len(TEXT)
PIECE = SIZE // 30
SPANS = [(start, start + PIECE) for start in range(0, SIZE, PIECE)]
HALF = Budget(window_characters=10 * SIZE, lifetime_characters=10 * SIZE, ceiling_share=Decimal("0.5"))
WHOLE = Budget(window_characters=10 * SIZE, lifetime_characters=10 * SIZE, ceiling_share=Decimal(1))

Told = Callable[[str], Reach]


@pytest.fixture
def ids(nation: Nation) -> list[ChunkId]:
    """The office's rivers came first, the ministry's copy of them second; Ada may read the copy."""
    for person, organisation in (("sten", "ministry"), ("olga", "office"), ("ada", "lab")):
        nation.person(person, organisation=organisation)
    nation.dataset("rivers", owner="office", budget=HALF)
    publish_spans(nation, "rivers", "a.txt", TEXT, SPANS)
    nation.dataset("copy", budget=WHOLE)
    nation.grant("ada", "copy", share=Decimal(1))
    return publish_spans(nation, "copy", "copy.txt", TEXT, SPANS)[1]


@pytest.fixture
def told(nation: Nation) -> Told:
    """What the operator hears of a dataset."""

    def of(slug: str) -> Reach:
        with nation.operator.begin(OPERATOR) as session:
            return reach(session, slug)

    return of


def read_half(nation: Nation, ids: list[ChunkId]) -> None:
    assert sum(one.charged for one in disclose(nation.api, nation.scope("ada"), ids).passages) == SIZE // 2


def test_a_copy_is_counted_before_it_is_in_the_way_and_the_original_is_none(
    nation: Nation, ids: list[ChunkId], told: Told
) -> None:
    assert nation.people
    assert len(ids) == len(SPANS)
    assert (told("copy").copied, told("copy").copied_closed) == (SIZE, 0)
    assert (told("rivers").copied, told("rivers").copied_closed) == (0, 0)


def test_once_the_originals_ceiling_is_reached_the_owner_of_the_copy_hears_why_it_is_closed(
    nation: Nation, ids: list[ChunkId], told: Told, stewards: Database
) -> None:
    read_half(nation, ids)
    assert told("copy").copied_closed == SIZE
    with stewards.begin(Steward(person_id=nation.people["sten"])) as session:
        found = reach(session, "copy")
    assert found.copied_closed == SIZE
    assert "stood in another dataset before" in reach_in_words("copy", found)
    assert "rivers" not in reach_in_words("copy", found)


def test_who_reads_the_copy_is_refused_and_told_of_no_other_dataset(nation: Nation, ids: list[ChunkId]) -> None:
    read_half(nation, ids)
    with pytest.raises(BudgetExhaustedError) as refused:
        disclose(nation.api, nation.scope("ada"), [ids[-1]])
    assert "rivers" not in str(refused.value)
    assert "another" not in str(refused.value)


def test_the_steward_of_another_organisation_hears_nothing_of_it(
    nation: Nation, ids: list[ChunkId], stewards: Database
) -> None:
    assert ids
    asked = text("SELECT e.copied::int FROM hub.copied_elsewhere(:dataset) e")
    with stewards.begin(Steward(person_id=nation.people["olga"])) as session:
        assert session.scalar(asked, {"dataset": nation.datasets["copy"]}) == 0
    with stewards.begin(Steward(person_id=nation.people["sten"])) as session:
        assert session.scalar(asked, {"dataset": nation.datasets["copy"]}) == SIZE
