"""An older copy of the database put back gives out nothing of what was charged since it was made."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from catalog import high_water
from catalog.db import Operator
from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError, DependencyError, InvalidError
from catalog.vocabulary import ChunkId
from hub.stack import high_water as beside
from hub.stack.folder import DataFolder
from tests.catalog.ledger import events, rows, value
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import Nation
from tests.security.restoring import BUDGET, PIECE, SPANS, TEXT, dumped, put_back

OPERATOR = Operator(name="tests")
ONE, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    (tmp_path / "state").mkdir()
    return DataFolder(root=tmp_path, run_dir=tmp_path / "run")


@pytest.fixture
def ids(nation: Nation) -> list[ChunkId]:
    """Ada and Ben of the lab, and Eve of a firm, may read the rivers; half of it all of them together."""
    nation.dataset("rivers", budget=BUDGET)
    for person, organisation in {"ada": "lab", "ben": "lab", "eve": "firm"}.items():
        nation.person(person, organisation=organisation)
        nation.grant(person, "rivers", share=Decimal("0.25"))
    return publish_spans(nation, "rivers", "a.txt", TEXT, SPANS)[1]


@pytest.fixture
def older(nation: Nation, ids: list[ChunkId], folder: DataFolder, tmp_path: Path) -> Iterator[Nation]:
    """The hub as it was when only Ada had read two pieces; since then she read all she may, and Eve her first."""
    disclose(nation.api, nation.scope("ada"), ids[:2])
    file = dumped(nation, tmp_path)
    disclose(nation.api, nation.scope("ada"), ids[2:8])
    disclose(nation.api, nation.scope("eve"), ids[:5])
    assert kept(nation, folder) == 0
    with put_back(nation, file) as restored:
        yield restored


def kept(nation: Nation, folder: DataFolder) -> int:
    return beside.keep(folder, nation.operator, OPERATOR)


def used(nation: Nation) -> list[int]:
    return [int(row[0]) for row in rows(nation.database, "SELECT lifetime_used FROM hub.person_budgets ORDER BY 1")]


def test_an_older_copy_by_itself_would_give_it_out_anew(older: Nation, ids: list[ChunkId]) -> None:
    assert len(disclose(older.api, older.scope("ada"), ids[10:16]).passages) > 0


def test_what_was_charged_since_is_taken_up_and_nothing_is_regained(
    older: Nation, ids: list[ChunkId], folder: DataFolder
) -> None:
    assert kept(older, folder) == 5  # Ada and Eve, the lab and the firm, all together
    with pytest.raises(BudgetExhaustedError):
        disclose(older.api, older.scope("ada"), ids[10:])
    assert used(older) == [5 * PIECE, 6 * PIECE]
    assert [detail for _, _, detail in events(older.database, "budgets.raised")] == [{"counters": 5}]


def test_who_had_read_nothing_when_the_copy_was_made_has_no_more_than_was_left(
    older: Nation, ids: list[ChunkId], folder: DataFolder
) -> None:
    kept(older, folder)
    got = disclose(older.api, older.scope("eve"), ids[10:20])
    assert sum(one.charged for one in got.passages) == PIECE


def test_organisations_are_counted_together_as_before(older: Nation, ids: list[ChunkId], folder: DataFolder) -> None:
    assert ids
    kept(older, folder)
    assert value(older.database, "SELECT used FROM hub.lineage_budgets") == 11 * PIECE


def test_looking_again_raises_nothing_and_forgets_nothing(older: Nation, folder: DataFolder) -> None:
    kept(older, folder)
    before = (folder.state("high-water")).read_text()
    assert kept(older, folder) == 0
    assert folder.state("high-water").read_text() == before
    assert len(events(older.database, "budgets.raised")) == 1


def test_a_hub_that_only_goes_on_is_not_touched(nation: Nation, ids: list[ChunkId], folder: DataFolder) -> None:
    for at in range(3):
        disclose(nation.api, nation.scope("ada"), ids[at : at + 1])
        assert kept(nation, folder) == 0
    assert used(nation) == [3 * PIECE]
    assert events(nation.database, "budgets.raised") == []


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"person/x/y": 1}', f'{{"person/{ONE}/{OTHER}": -1}}'])
def test_a_file_that_cannot_be_read_stops_the_start(
    nation: Nation, ids: list[ChunkId], folder: DataFolder, broken: str
) -> None:
    assert ids
    folder.state("high-water").write_text(broken)
    with pytest.raises(DependencyError, match="nothing is served"):
        kept(nation, folder)
    assert folder.state("high-water").read_text() == broken


def test_what_cannot_be_kept_is_said(nation: Nation, ids: list[ChunkId], folder: DataFolder) -> None:
    disclose(nation.api, nation.scope("ada"), ids[:1])
    (folder.root / "state").rmdir()
    with pytest.raises(DependencyError, match="can't be kept"):
        kept(nation, folder)


@pytest.mark.parametrize("name", ["person", f"lineage/{ONE}/{OTHER}", f"organisation/{ONE}", f"bank/{ONE}/{OTHER}"])
def test_what_is_no_mark_is_refused(nation: Nation, name: str) -> None:
    with nation.operator.begin(OPERATOR) as session, pytest.raises(InvalidError):
        high_water.take_up(session, {name: 1})


def test_marks_of_what_is_not_there_are_kept_for_later(nation: Nation, folder: DataFolder) -> None:
    folder.state("high-water").write_text(f'{{"person/{ONE}/{OTHER}": 7}}')
    assert kept(nation, folder) == 0
    assert ONE in folder.state("high-water").read_text()
