"""An owner changes what they declared: only theirs, checked like a new one, told by its tags, in force at once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog import amendments, withdrawals
from catalog.amendments import Change
from catalog.db import Database, Steward
from catalog.errors import NotFoundError, SettingsError
from catalog.vocabulary import Classification, Purpose
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, Nation

WHOLE = Change(
    title="Rivers and streams",
    description="All of them.",
    listed=False,
    classification=Classification.RESTRICTED,
    store_in=["EU", "DE"],
    process_in=["FR", "DE", "FR"],
    access_from=["EU"],
    forbidden_legal_control=["US", "CN", "US"],
    forbidden_model_origins=["EU", "CN", "EU"],
    purposes=[Purpose.STATISTICS, Purpose.RESEARCH],
)


@pytest.fixture
def kept(nation: Nation) -> Nation:
    nation.person("sten")
    nation.person("olga", organisation="office")
    nation.person("ada")
    nation.dataset("rivers")
    nation.dataset("lakes", owner="office")
    nation.grant("ada", "rivers")
    nation.document("rivers", "one.txt", ["It is deep. "])
    return nation


@pytest.fixture
def sten(kept: Nation, stewards: Database) -> Iterator[Session]:
    with stewards.begin(Steward(person_id=kept.people["sten"])) as session:
        yield session


def amend(nation: Nation, stewards: Database, change: Change, slug: str = "rivers", person: str = "sten") -> None:
    with stewards.begin(Steward(person_id=nation.people[person])) as session:
        assert amendments.amend(session, slug, change) == nation.datasets[slug]


def declared(nation: Nation) -> dict[str, Any]:
    return dict(value(nation.database, "SELECT to_jsonb(d) - 'law_id' FROM hub.datasets d WHERE slug = 'rivers'"))


def test_all_of_it_is_changed_sorted_and_without_repeats(kept: Nation, stewards: Database) -> None:
    before = declared(kept)
    amend(kept, stewards, WHOLE)
    changed = {
        "title": "Rivers and streams",
        "description": "All of them.",
        "listed": False,
        "classification": "restricted",
        "store_in": ["DE", "EU"],
        "process_in": ["DE", "FR"],
        "access_from": ["EU"],
        "forbidden_legal_control": ["CN", "US"],
        "forbidden_model_origins": ["CN", "EU"],
        "purposes": ["research", "statistics"],
    }
    assert declared(kept) == before | changed


def test_what_is_not_named_stays_and_an_empty_word_is_a_word(kept: Nation, stewards: Database) -> None:
    amend(kept, stewards, WHOLE)
    before = declared(kept)
    amend(kept, stewards, Change(description="", forbidden_legal_control=[], listed=True))
    assert declared(kept) == before | {"description": "", "forbidden_legal_control": [], "listed": True}


def test_it_is_written_down_with_tags_before_and_after_and_no_words(kept: Nation, stewards: Database) -> None:
    amend(kept, stewards, Change(title="New", access_from=["DE"]))
    detail = {"fields": ["access_from", "title"], "tags": {"access_from": {"from": ["EU"], "to": ["DE"]}}}
    assert events(kept.database, "dataset.amended") == [
        (f"person:{kept.people['sten']}", f"dataset:{kept.datasets['rivers']}", detail)
    ]
    named = rows(kept.database, "SELECT dataset_ids FROM hub.audit_events WHERE type = 'dataset.amended'")
    assert named == [([kept.datasets["rivers"]],)]


@pytest.mark.parametrize("change", [Change(), Change(title="Rivers"), Change(access_from=["EU", "EU"], listed=True)])
def test_what_changes_nothing_is_not_written_down(kept: Nation, stewards: Database, change: Change) -> None:
    before = declared(kept)
    amend(kept, stewards, change)
    assert declared(kept) == before
    assert events(kept.database, "dataset.amended") == []


def test_the_next_decision_is_made_under_the_new_tags(kept: Nation, stewards: Database) -> None:
    assert kept.scope("ada").dataset_ids == (kept.datasets["rivers"],)
    amend(kept, stewards, Change(access_from=["FR"]))
    assert kept.scope("ada").dataset_ids == ()
    amend(kept, stewards, Change(access_from=["DE"]))
    assert kept.scope("ada").dataset_ids == (kept.datasets["rivers"],)


@pytest.mark.parametrize(
    "wrong",
    [
        {"store_in": []},
        {"process_in": ()},
        {"access_from": []},
        {"purposes": []},
        {"store_in": ["Germany"]},
        {"process_in": ["DE", "XX"]},
        {"access_from": ["de"]},
        {"forbidden_legal_control": ["EU"]},
        {"forbidden_legal_control": ["USA"]},
    ],
    ids=str,
)
def test_an_unknown_place_and_an_empty_residency_are_refused_whole(
    sten: Session, kept: Nation, wrong: dict[str, Any]
) -> None:
    before = declared(kept)
    with pytest.raises(SettingsError):
        amendments.amend(sten, "rivers", replace(Change(title="New"), **wrong))
    sten.commit()
    assert declared(kept) == before
    assert events(kept.database, "dataset.amended") == []


def test_anothers_an_absent_and_a_withdrawn_dataset_look_alike(kept: Nation, stewards: Database) -> None:
    run(kept.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'")
    said = set()
    for slug in ("lakes", "never-was", "rivers"):
        with pytest.raises(NotFoundError) as found, stewards.begin(Steward(person_id=kept.people["sten"])) as session:
            amendments.amend(session, slug, Change(title="Mine"))
        said.add(str(found.value))
        with pytest.raises(NotFoundError), stewards.begin(Steward(person_id=kept.people["sten"])) as session:
            amendments.documents_under(session, slug)
    assert len(said) == 1
    assert rows(kept.database, "SELECT slug FROM hub.datasets WHERE title = 'Mine'") == []


def test_the_documents_a_change_concerns_are_the_published_ones(sten: Session, kept: Nation) -> None:
    assert amendments.documents_under(sten, "rivers") == 1
    kept.document("rivers", "one.txt", ["It is deeper. "])
    kept.document("rivers", "two.txt", ["It is cold. "])
    kept.document("lakes", "three.txt", ["It is a lake. "])
    assert amendments.documents_under(sten, "rivers") == 2
    with kept.operator.begin(OPERATOR) as session:
        withdrawals.withdraw(session, kept.document_of("two.txt"), reason="test")
    assert amendments.documents_under(sten, "rivers") == 1
