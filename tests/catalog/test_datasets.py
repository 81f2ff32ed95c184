"""Datasets: what an owner declares is what is kept, checked on the way in, in the trail, and the ceiling holds."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from catalog import datasets
from catalog.datasets import BUDGETS, PUBLIC_TERM, Budget, NewDataset
from catalog.db import Asker
from catalog.errors import ConflictError, DataHubError, InvalidTransitionError, NotFoundError, SettingsError
from catalog.vocabulary import Classification, DatasetId, Purpose
from tests.catalog.ledger import events, rows, value
from tests.fixtures.nation import OPERATOR, Nation

RIVERS = NewDataset(
    slug="rivers",
    title="Rivers of the land",
    description="Levels, banks and mills.",
    owner="ministry",
    listed=True,
    classification=Classification.RESTRICTED,
    store_in=["DE", "FR", "DE"],
    process_in=["EU"],
    access_from=["EEA", "CA-QC"],
    forbidden_legal_control=["US", "CN", "US"],
    forbidden_model_origins=["EU", "CN", "EU"],
    purposes=[Purpose.STATISTICS, Purpose.RESEARCH, Purpose.STATISTICS],
)
#: Each declaration that is refused: what is wrong, the error, and words of its message.
REFUSED: list[tuple[dict[str, Any], type[DataHubError], str]] = [
    ({"store_in": ["Atlantis"]}, SettingsError, "'Atlantis' is neither a place nor a group"),
    ({"store_in": ["EU", "UK"]}, SettingsError, "'UK' is neither"),
    ({"process_in": ["de"]}, SettingsError, "'de' is neither"),
    ({"access_from": ["DE-XX"]}, SettingsError, "'DE-XX' is neither"),
    ({"forbidden_legal_control": ["EU"]}, SettingsError, "'EU' is not a place"),
    ({"forbidden_model_origins": ["XX"]}, SettingsError, "'XX' is neither a place nor a group"),
    ({"forbidden_legal_control": ["USA"]}, SettingsError, "'USA' is not a place"),
    ({"owner": "ghost"}, NotFoundError, "no organisation 'ghost'"),
    ({"purposes": []}, SettingsError, "at least one purpose"),
    ({"store_in": []}, SettingsError, "needs a residency"),
    ({"process_in": []}, SettingsError, "needs a residency"),
    ({"access_from": []}, SettingsError, "needs a residency"),
]
COUNTED = ("datasets", "lineages", "grants", "organisation_budgets")


def declared(**other: Any) -> NewDataset:
    return NewDataset(**{**asdict(RIVERS), "budget": None, **other})


def register(nation: Nation, **other: Any) -> DatasetId:
    with nation.operator.begin(OPERATOR) as session:
        return datasets.register(session, declared(**other))


def sizes(nation: Nation) -> list[int]:
    query = " UNION ALL ".join(f"SELECT count(*) FROM hub.{table}" for table in COUNTED)  # noqa: S608  # own names
    return [count for (count,) in rows(nation.database, query)]  # type: ignore[arg-type]


def test_a_card_says_what_the_owner_declared_sorted_and_without_repeats(nation: Nation) -> None:
    added = register(nation)
    with nation.operator.begin(OPERATOR) as session:
        card = datasets.find(session, "rivers")
    assert asdict(card) == {
        "id": added,
        "slug": "rivers",
        "title": "Rivers of the land",
        "description": "Levels, banks and mills.",
        "listed": True,
        "classification": Classification.RESTRICTED,
        "purposes": ("research", "statistics"),
        "store_in": ("DE", "FR"),
        "process_in": ("EU",),
        "access_from": ("CA-QC", "EEA"),
    }


def test_a_registration_is_in_the_trail_with_every_tag(nation: Nation) -> None:
    added = register(nation)
    assert events(nation.database, "dataset.registered") == [
        (
            "operator:test",
            f"dataset:{added}",
            {
                "slug": "rivers",
                "classification": "restricted",
                "store_in": ["DE", "FR"],
                "process_in": ["EU"],
                "access_from": ["CA-QC", "EEA"],
                "forbidden_legal_control": ["CN", "US"],
                "forbidden_model_origins": ["CN", "EU"],
                "purposes": ["research", "statistics"],
            },
        )
    ]


@pytest.mark.parametrize(("wrong", "error", "words"), REFUSED)
def test_a_declaration_that_can_not_be_kept_is_refused_and_leaves_nothing(
    nation: Nation, wrong: dict[str, Any], error: type[DataHubError], words: str
) -> None:
    before = sizes(nation)
    with pytest.raises(error, match=words):
        register(nation, **wrong)
    assert sizes(nation) == before
    assert events(nation.database, "dataset.registered") == []


def test_an_empty_residency_is_not_taken_for_a_spent_budget(nation: Nation) -> None:
    with pytest.raises(DataHubError) as caught:
        register(nation, store_in=[])
    assert type(caught.value) is not ConflictError
    assert "budget" not in str(caught.value)


def test_a_taken_name_is_a_conflict_even_after_withdrawal(nation: Nation) -> None:
    first = register(nation)
    with pytest.raises(ConflictError, match="already a dataset 'rivers'"):
        register(nation, classification=Classification.PUBLIC)
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, first, reason="over")
    with pytest.raises(ConflictError):
        register(nation)


def test_sample_questions_are_kept_in_their_order_and_are_none_unless_given(nation: Nation) -> None:
    register(nation, sample_questions=["Who mills?", "Are there banks?"])
    register(nation, slug="lakes")
    found = rows(nation.database, "SELECT slug, sample_questions FROM hub.datasets ORDER BY slug")
    assert found == [("lakes", []), ("rivers", ["Who mills?", "Are there banks?"])]


def test_of_two_who_take_a_name_at_the_same_moment_one_is_told_it_is_taken(nation: Nation) -> None:
    """Both looked and saw it free: the second waits in the database until the first has committed."""
    looked = threading.Event()

    def second() -> str:
        looked.wait(20)
        try:
            register(nation, title="Somebody else's rivers")
        except ConflictError as error:
            return str(error)
        return "registered"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with nation.operator.begin(OPERATOR) as session:
            datasets.register(session, RIVERS)
            looked.set()
            assert not wait([waiting], timeout=0.5).done, "it waits for the first to commit"
        told = waiting.result(20)
    assert told == "Something by that name is already there."
    assert len(events(nation.database, "dataset.registered")) == 1


@pytest.mark.parametrize("classification", Classification)
def test_each_classification_brings_its_budget_and_ceiling(nation: Nation, classification: Classification) -> None:
    register(nation, classification=classification)
    budget = BUDGETS[classification]
    query = """SELECT d.window_characters, d.window_s, d.lifetime_characters, l.ceiling_share, l.characters
                 FROM hub.datasets d JOIN hub.lineages l ON l.id = d.lineage_id"""
    assert rows(nation.database, query) == [
        (budget.window_characters, budget.window_s, budget.lifetime_characters, budget.ceiling_share, 0)
    ]


def test_the_more_sensitive_the_tighter() -> None:
    budgets = [BUDGETS[classification] for classification in Classification]
    for name in ("window_characters", "lifetime_characters", "ceiling_share"):
        figures = [getattr(budget, name) for budget in budgets]
        assert figures == sorted(figures, reverse=True)
    assert all(budget.window_characters < budget.lifetime_characters for budget in budgets)


@pytest.mark.parametrize(
    ("field", "figure"),
    [
        ("ceiling_share", Decimal(0)),
        ("ceiling_share", Decimal("-0.1")),
        ("ceiling_share", Decimal("1.0001")),
        ("window_characters", 0),
        ("lifetime_characters", -1),
        ("window_s", 0),
    ],
)
def test_a_budget_that_bounds_nothing_is_refused(nation: Nation, field: str, figure: Any) -> None:
    budget = {"window_characters": 10, "lifetime_characters": 20, "ceiling_share": Decimal(1), field: figure}
    with pytest.raises(DataHubError):
        register(nation, budget=Budget(**budget))
    assert sizes(nation) == [0, 0, 0, 0]


def test_each_dataset_has_a_lineage_of_its_own(nation: Nation) -> None:
    register(nation)
    register(nation, slug="harbours")
    assert value(nation.database, "SELECT count(DISTINCT lineage_id) FROM hub.datasets") == 2


def test_a_public_dataset_is_granted_to_everyone_for_each_purpose_once(nation: Nation) -> None:
    added = register(nation, classification=Classification.PUBLIC)
    query = "SELECT purpose, everyone, ends_at - starts_at, given_by FROM hub.grants WHERE dataset_id = %s ORDER BY 1"
    assert rows(nation.database, query, added) == [
        ("research", True, PUBLIC_TERM, "operator:test"),
        ("statistics", True, PUBLIC_TERM, "operator:test"),
    ]
    assert {detail["purpose"] for _, _, detail in events(nation.database, "grant.given")} == {"research", "statistics"}


@pytest.mark.parametrize("classification", [c for c in Classification if c is not Classification.PUBLIC])
def test_no_other_dataset_is_granted_to_anybody(nation: Nation, classification: Classification) -> None:
    register(nation, classification=classification)
    assert sizes(nation) == [1, 1, 0, 0]


def test_a_public_dataset_can_be_read_by_a_stranger_and_takes_nothing_from_the_ceiling(nation: Nation) -> None:
    nation.person("eve", organisation="startup", clearance=Classification.PUBLIC)
    nation.dataset("laws", classification=Classification.PUBLIC)
    nation.document("laws", "one.txt", ["Every river is a road."])
    assert len(nation.search(nation.scope("eve"), "river")) == 1
    assert value(nation.database, "SELECT count(*) FROM hub.organisation_budgets WHERE NOT open") == 0


def test_a_withdrawn_dataset_is_in_no_scope_from_that_moment(nation: Nation) -> None:
    nation.person("ada")
    added = nation.dataset("laws")
    nation.grant("ada", "laws")
    nation.document("laws", "one.txt", ["Every river is a road."])
    scope = nation.scope("ada")
    assert len(nation.search(scope, "river")) == 1
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, added, reason="recalled")
    assert nation.search(scope, "river") == []
    assert nation.scope("ada").dataset_ids == ()
    assert events(nation.database, "dataset.withdrawn") == [
        ("operator:test", f"dataset:{added}", {"reason": "recalled"})
    ]


def test_a_dataset_is_withdrawn_once_and_keeps_its_first_date(nation: Nation) -> None:
    added = register(nation)
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, added, reason="recalled")
    first = value(nation.database, "SELECT withdrawn_at FROM hub.datasets")
    nation.step_clock(timedelta(days=1))
    with nation.operator.begin(OPERATOR) as session, pytest.raises(InvalidTransitionError, match="withdrawn already"):
        datasets.withdraw(session, added, reason="again")
    assert value(nation.database, "SELECT withdrawn_at FROM hub.datasets") == first
    assert len(events(nation.database, "dataset.withdrawn")) == 1


def test_withdrawing_what_is_not_there_is_not_found_and_leaves_no_event(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session, pytest.raises(NotFoundError):
        datasets.withdraw(session, DatasetId(uuid4()), reason="whim")
    assert events(nation.database, "dataset.withdrawn") == []


def test_the_list_counts_published_documents_alone(nation: Nation) -> None:
    for slug in ("rivers", "harbours"):
        nation.dataset(slug)
    nation.document("rivers", "one.txt", ["first"])
    nation.document("rivers", "one.txt", ["second version"])
    nation.document("rivers", "two.txt", ["another"])
    with nation.operator.begin(OPERATOR) as session:
        assert [(card.slug, count) for card, count in datasets.every(session)] == [("harbours", 0), ("rivers", 2)]


def test_nothing_by_that_name_is_said_with_the_command_that_lists(nation: Nation) -> None:
    register(nation)
    for slug in ("river", "RIVERS", "rivers ", ""):
        with nation.operator.begin(OPERATOR) as session, pytest.raises(NotFoundError, match="hub dataset list"):
            datasets.find(session, slug)


@pytest.mark.parametrize("listed", [True, False])
def test_an_unlisted_dataset_looks_absent_to_a_person_without_a_grant(nation: Nation, *, listed: bool) -> None:
    eve = nation.person("eve", organisation="startup")
    nation.person("ada")
    nation.dataset("rivers", listed=listed)
    nation.grant("ada", "rivers")
    for person, sees in ((eve, listed), (nation.people["ada"], True)):
        with nation.api.begin(Asker(person_id=person, zone="zone")) as session:
            assert [card.slug for card, _ in _cards(session)] == (["rivers"] if sees else [])
            if not sees:
                with pytest.raises(NotFoundError, match="There is no dataset 'rivers'"):
                    datasets.find(session, "rivers")


def _cards(session: Any) -> list[tuple[datasets.Card, int]]:
    """As the API sees them: it may not count documents, so cards are found one by one."""
    from sqlalchemy import select

    from catalog.tables import datasets as table

    return [(datasets.find(session, slug), 0) for slug in session.scalars(select(table.c.slug))]
