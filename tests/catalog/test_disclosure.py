from datetime import timedelta
from decimal import Decimal

import pytest

from catalog import datasets, grants
from catalog.db import Asker
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError, BudgetExhaustedError, DataHubError
from tests.fixtures.nation import OPERATOR, Nation

BODIES = [f"Paragraph {n} tells of the river and its harbour. ".ljust(100, ".") for n in range(10)]
BUDGET = datasets.Budget(window_characters=500, lifetime_characters=700, ceiling_share=Decimal(1))


@pytest.fixture
def reader(nation: Nation) -> Nation:
    nation.person("ada")
    nation.dataset("rivers", budget=BUDGET)
    nation.grant("ada", "rivers", share=Decimal(1))
    nation.document("rivers", "one.txt", BODIES)
    return nation


def test_a_passage_comes_back_whole_with_its_place(reader: Nation) -> None:
    scope = reader.scope("ada")
    found = reader.search(scope, BODIES[3], limit=1)
    got = disclose(reader.api, scope, [found[0].chunk_id])
    assert [p.body for p in got.passages] == [BODIES[3]]
    assert (got.passages[0].span_start, got.passages[0].span_end) == (300, 400)
    assert got.passages[0].charged == 100
    assert got.passages[0].document_name == "one.txt"


def test_reading_again_is_free(reader: Nation) -> None:
    for expected in (100, 0):
        scope = reader.scope("ada")
        found = reader.search(scope, BODIES[3], limit=1)
        assert disclose(reader.api, scope, [found[0].chunk_id]).passages[0].charged == expected


def test_what_the_budget_does_not_hold_is_left_out_from_the_lowest_rank_up(reader: Nation) -> None:
    scope = reader.scope("ada")
    ids = [c.chunk_id for c in reader.search(scope, "river harbour", limit=10)]
    got = disclose(reader.api, scope, ids)
    assert [p.chunk_id for p in got.passages] == ids[:5]
    assert got.left_out == 5
    assert got.refills_at is not None


def test_a_window_refills_and_the_lifetime_does_not(reader: Nation) -> None:
    def read() -> int:
        scope = reader.scope("ada")
        ids = [c.chunk_id for c in reader.search(scope, "river harbour", limit=10)]
        return sum(p.charged for p in disclose(reader.api, scope, ids).passages)

    assert read() == 500
    assert read() == 0
    reader.step_clock(timedelta(days=1, seconds=1))
    assert read() == 200
    reader.step_clock(timedelta(days=2, seconds=2))
    assert read() == 0


def test_a_full_budget_is_said_with_the_time_it_refills(reader: Nation) -> None:
    scope = reader.scope("ada")
    ids = [c.chunk_id for c in reader.search(scope, "river harbour", limit=10)]
    disclose(reader.api, scope, ids)
    with pytest.raises(BudgetExhaustedError) as caught:
        disclose(reader.api, scope, ids[5:])
    assert caught.value.refills_at is not None


def test_an_organisation_cannot_read_more_than_its_share_however_many_people_it_sends(reader: Nation) -> None:
    reader.dataset(
        "ports", budget=datasets.Budget(window_characters=1000, lifetime_characters=1000, ceiling_share=Decimal("0.5"))
    )
    reader.document("ports", "ports.txt", BODIES)
    read = set()
    for name in ("bob", "cem", "dea"):
        reader.person(name, organisation="startup")
        reader.grant(name, "ports", share=Decimal("0.3"))
        scope = reader.scope(name)
        ids = [c.chunk_id for c in reader.search(scope, "river harbour " + name, limit=10)]
        try:
            read |= {p.chunk_id for p in disclose(reader.api, scope, ids).passages}
        except BudgetExhaustedError:
            continue
    assert len(read) == 3


def test_shares_never_add_up_to_more_than_the_owners_ceiling(reader: Nation) -> None:
    reader.dataset(
        "ports", budget=datasets.Budget(window_characters=1000, lifetime_characters=1000, ceiling_share=Decimal("0.5"))
    )
    reader.person("bob", organisation="one")
    reader.person("cem", organisation="two")
    reader.grant("bob", "ports", share=Decimal("0.3"))
    with pytest.raises(DataHubError, match="ceiling"):
        reader.grant("cem", "ports", share=Decimal("0.3"))


def test_another_persons_decision_discloses_nothing(reader: Nation) -> None:
    from dataclasses import replace

    reader.person("eve")
    scope = reader.scope("ada")
    ids = [c.chunk_id for c in reader.search(scope, "river", limit=3)]
    stolen = replace(scope, subject=reader.subject("eve"))
    with pytest.raises(AccessDeniedError):
        disclose(reader.api, stolen, ids)


def test_an_old_decision_discloses_nothing(reader: Nation) -> None:
    scope = reader.scope("ada")
    ids = [c.chunk_id for c in reader.search(scope, "river", limit=3)]
    reader.step_clock(timedelta(seconds=31))
    with pytest.raises(AccessDeniedError):
        disclose(reader.api, scope, ids)


def test_a_grant_does_not_outlive_its_expiry(reader: Nation) -> None:
    scope = reader.scope("ada")
    assert len(scope.dataset_ids) == 1
    reader.step_clock(timedelta(days=31))
    assert reader.scope("ada").dataset_ids == ()


def test_a_revoked_grant_discloses_nothing_even_under_a_fresh_decision(reader: Nation) -> None:
    reader.person("bob")
    grant = reader.grant("bob", "rivers", share=Decimal(1))
    scope = reader.scope("bob")
    ids = [c.chunk_id for c in reader.search(scope, "river", limit=3)]
    with reader.operator.begin(OPERATOR) as session:
        grants.revoke(session, grant, reason="test")
    assert disclose(reader.api, scope, ids).passages == ()


def test_disclosure_refuses_to_join_another_transaction(reader: Nation) -> None:
    scope = reader.scope("ada")
    context = Asker(person_id=scope.subject.person_id, zone="zone")
    with reader.api.begin(context), pytest.raises(DataHubError, match="own transaction"):
        disclose(reader.api, scope, [])


def test_every_disclosure_leaves_an_audit_row_with_its_figures(reader: Nation) -> None:
    scope = reader.scope("ada")
    found = reader.search(scope, BODIES[3], limit=2)
    disclose(reader.api, scope, [c.chunk_id for c in found])
    with reader.database.connect() as connection:
        rows = connection.execute(
            "SELECT actor, detail FROM hub.audit_events WHERE type = 'passages.disclosed'"
        ).fetchall()
    assert [(actor, detail["charged"]) for actor, detail in rows] == [(f"person:{reader.people['ada']}", [100, 100])]
