"""A backup holds what was charged: the restored hub gives nothing back, and its walls stand as they stood."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError
from catalog.vocabulary import ChunkId
from tests.catalog.ledger import rows
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import Nation
from tests.security.restoring import BUDGET, PIECE, SPANS, TEXT, dumped, put_back

WALLS = """SELECT relname::text, relrowsecurity, relforcerowsecurity, relowner::regrole::text FROM pg_class
            WHERE relnamespace = 'hub'::regnamespace AND relkind = 'r' ORDER BY 1"""
POLICIES = "SELECT tablename::text, policyname::text, qual, with_check FROM pg_policies ORDER BY 1, 2"


@pytest.fixture
def ids(nation: Nation) -> list[ChunkId]:
    """Ada has read all she may of the rivers."""
    nation.person("ada", organisation="lab")
    nation.dataset("rivers", budget=BUDGET)
    nation.grant("ada", "rivers", share=Decimal("0.5"))
    made = publish_spans(nation, "rivers", "a.txt", TEXT, SPANS)[1]
    assert sum(one.charged for one in disclose(nation.api, nation.scope("ada"), made).passages) == 6 * PIECE
    return made


@pytest.fixture
def restored(nation: Nation, ids: list[ChunkId], tmp_path: Path) -> Iterator[Nation]:
    """The same hub out of a backup, in a database of its own."""
    assert ids
    with put_back(nation, dumped(nation, tmp_path)) as made:
        yield made


def test_a_restored_backup_gives_nothing_back(restored: Nation, ids: list[ChunkId]) -> None:
    scope = restored.scope("ada")
    with pytest.raises(BudgetExhaustedError):
        disclose(restored.api, scope, ids[6:])
    again = disclose(restored.api, scope, ids[:6]).passages
    assert [one.charged for one in again] == [0] * 6, "what was read stays free to read again"
    assert "".join(one.body for one in again) == TEXT[: 6 * PIECE]


def test_a_copy_is_known_after_a_restore_too(restored: Nation) -> None:
    restored.dataset("copy", budget=replace(BUDGET, ceiling_share=Decimal(1)))
    restored.grant("ada", "copy", share=Decimal(1))
    copied = publish_spans(restored, "copy", "copy.txt", TEXT, SPANS)[1]
    with pytest.raises(BudgetExhaustedError):
        disclose(restored.api, restored.scope("ada"), copied)


def test_the_walls_of_the_restored_hub_are_those_of_the_first(restored: Nation, nation: Nation) -> None:
    for query in (WALLS, POLICIES):
        assert rows(restored.database, query) == rows(nation.database, query)
    assert [name for name, _, forced, _ in rows(restored.database, WALLS) if not forced] == ["alembic_version"]
