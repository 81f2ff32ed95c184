"""The meter, asking for more from both sides, and the alert with its evidence."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from catalog import alerts
from catalog.datasets import Budget
from catalog.disclosure import disclose
from catalog.vocabulary import ChunkId
from tests.catalog.ledger import events, rows
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door

TEXT = "".join(f"word{number:05d} " for number in range(400))
SPANS = [(at, at + 100) for at in range(0, 4_000, 100)]
ASKED = {"dataset": "rivers", "purpose": "research", "characters": 700, "reason": "A review of ten years."}


@pytest.fixture
def ids(door: Door) -> list[ChunkId]:
    """Ada, of a lab, may read 1,000 characters a day of the ministry's rivers; Sten is their steward."""
    budget = Budget(window_characters=1_000, lifetime_characters=2_000, ceiling_share=Decimal(1))
    door.nation.dataset("rivers", budget=budget)
    door.nation.person("lea", organisation="lab")
    door.nation.grant("lea", "rivers", share=Decimal("0.9"))
    return publish_spans(door.nation, "rivers", "a.txt", TEXT, SPANS)[1]


def read(door: Door, ids: Sequence[ChunkId]) -> int:
    return sum(p.charged for p in disclose(door.nation.api, door.nation.scope("lea"), ids).passages)


def meter(door: Door) -> dict[str, Any]:
    (found,) = door.call("lea", "GET", "/budget", params={"purpose": "research"}).json()["items"]
    return dict(found)


def test_the_meter_says_what_is_left_and_when_it_refills_and_whether_it_matters(door: Door, ids: list[ChunkId]) -> None:
    before = meter(door)
    assert (before["characters_left"], before["window_characters"], before["matters"]) == (1_000, 1_000, False)
    assert (read(door, ids[:8]), meter(door)["matters"]) == (800, True)
    after = meter(door)
    assert (after["characters_left"], after["refills_at"] is not None) == (200, True)
    assert (read(door, ids[:8]), meter(door)["characters_left"]) == (0, 200)


def test_a_question_for_more_is_decided_in_one_call_and_takes_effect_at_once(door: Door, ids: list[ChunkId]) -> None:
    assert read(door, ids) == 1_000
    asked = door.call("lea", "POST", "/step-ups", json=ASKED)
    assert (asked.status_code, asked.json()["items"][0]["granted"]) == (202, None)
    (waiting,) = door.call("sten", "GET", "/step-ups/waiting").json()["items"]
    assert (waiting["person"], waiting["reason"], waiting["characters"]) == ("Lea", "A review of ten years.", 700)
    assert asked.json()["items"][0]["weighed"] is None
    assert waiting["weighed"] == {
        "organisation": "lab", "dataset_characters": 4_000, "characters_read": 1_000,
        "reachable_now": 2_000, "reachable_then": 2_700,
    }  # fmt: skip
    path = f"/step-ups/{waiting['id']}/decision"
    assert door.call("sten", "POST", path, json={"granted": True}).status_code == 204
    assert read(door, ids[10:]) == 700
    assert door.call("lea", "GET", "/step-ups").json()["items"][0]["granted"] is True
    assert door.call("sten", "POST", path, json={"granted": False}).status_code == 409
    told = events(door.nation.database, "increase.decided")
    assert [(actor, detail["granted"]) for actor, _, detail in told] == [(f"person:{door.nation.people['sten']}", True)]
    assert len(events(door.nation.database, "increase.asked")) == 1


def test_a_no_changes_nothing(door: Door, ids: list[ChunkId]) -> None:
    read(door, ids)
    made = door.call("lea", "POST", "/step-ups", json=ASKED).json()["items"][0]["id"]
    door.call("sten", "POST", f"/step-ups/{made}/decision", json={"granted": False})
    assert rows(
        door.nation.database, "SELECT count(*) FROM hub.grants g WHERE person_id = %s", door.nation.people["lea"]
    ) == [(1,)]
    assert meter(door)["characters_left"] == 0


def test_more_than_the_owners_limit_is_no_more_however_it_was_asked(door: Door, ids: list[ChunkId]) -> None:
    made = door.call("lea", "POST", "/step-ups", json={**ASKED, "characters": 10**9}).json()["items"][0]["id"]
    (waiting,) = door.call("sten", "GET", "/step-ups/waiting").json()["items"]
    assert waiting["weighed"]["reachable_then"] == 3_600
    door.call("sten", "POST", f"/step-ups/{made}/decision", json={"granted": True})
    assert read(door, ids) == 3_600, "the lab's share of nine tenths"


def test_one_question_is_open_at_a_time_and_none_without_a_grant(door: Door, ids: list[ChunkId]) -> None:
    assert ids
    assert door.call("lea", "POST", "/step-ups", json=ASKED).status_code == 202
    assert door.call("lea", "POST", "/step-ups", json=ASKED).status_code == 409
    assert door.call("mia", "POST", "/step-ups", json=ASKED).status_code == 404
    assert door.call("lea", "POST", "/step-ups", json={**ASKED, "dataset": "vault"}).status_code == 404


@pytest.mark.parametrize("wrong", [{"characters": 0}, {"characters": -5}, {"reason": "x"}, {"reason": "y" * 501}])
def test_a_question_that_is_none_is_refused_with_its_field(
    door: Door, ids: list[ChunkId], wrong: dict[str, Any]
) -> None:
    assert ids
    said = door.call("lea", "POST", "/step-ups", json={**ASKED, **wrong})
    assert (said.status_code, said.json()["errors"][0]["field"]) == (422, f"body.{next(iter(wrong))}")


def test_nobody_decides_their_own_question_nor_one_about_anothers_dataset(door: Door, ids: list[ChunkId]) -> None:
    assert ids
    made = door.call("lea", "POST", "/step-ups", json=ASKED).json()["items"][0]["id"]
    door.people["lea"] = ("researcher", "steward")
    assert door.call("lea", "POST", f"/step-ups/{made}/decision", json={"granted": True}).status_code == 404
    door.nation.person("otto", organisation="lab")
    door.people["otto"] = ("steward",)
    assert door.call("otto", "POST", f"/step-ups/{made}/decision", json={"granted": True}).status_code == 404
    door.nation.grant("sten", "rivers", share=Decimal("0.05"))
    door.people["sten"] = ("researcher", "steward")
    own = door.call("sten", "POST", "/step-ups", json=ASKED).json()["items"][0]["id"]
    assert door.call("sten", "POST", f"/step-ups/{own}/decision", json={"granted": True}).status_code == 404


def test_a_bait_that_is_read_raises_an_alert_with_its_evidence_and_no_word_of_it(
    door: Door, ids: list[ChunkId]
) -> None:
    _, (bait,) = publish_spans(door.nation, "rivers", "bait.txt", "The ninth key lies under the fern.", [(0, 34)])
    with door.nation.operator.begin(OPERATOR) as session:
        alerts.lay_bait(session, door.nation.document_of("bait.txt"))
    read(door, ids[:3])
    assert door.call("ines", "GET", "/alerts").json()["items"] == []
    read(door, [bait])
    (found,) = door.call("ines", "GET", "/alerts").json()["items"]
    assert (found["kind"], found["person"], found["dataset"]) == ("bait", "Lea", "rivers")
    assert found["evidence"] == {"documents": [str(door.nation.document_of("bait.txt"))], "passages": 1}
    assert "fern" not in door.call("ines", "GET", "/alerts").text


def test_a_question_whose_grant_has_ended_meanwhile_says_that_nothing_can_be_widened(
    door: Door, ids: list[ChunkId]
) -> None:
    assert ids
    made = door.call("lea", "POST", "/step-ups", json=ASKED).json()["items"][0]["id"]
    with door.nation.database.connect() as connection:
        connection.execute("UPDATE hub.grants SET ends_at = now() WHERE person_id = %s", [door.nation.people["lea"]])
    (waiting,) = door.call("sten", "GET", "/step-ups/waiting").json()["items"]
    assert (waiting["weighed"]["reachable_now"], waiting["weighed"]["reachable_then"]) == (None, None)
    assert door.call("sten", "POST", f"/step-ups/{made}/decision", json={"granted": True}).status_code == 409


def raised(door: Door, ids: list[ChunkId]) -> str:
    """An alert about Lea, by a bait she read."""
    _, (bait,) = publish_spans(door.nation, "rivers", "bait.txt", "The ninth key lies under the fern.", [(0, 34)])
    with door.nation.operator.begin(OPERATOR) as session:
        alerts.lay_bait(session, door.nation.document_of("bait.txt"))
    assert ids
    read(door, [bait])
    return str(door.call("anton", "GET", "/alerts").json()["items"][0]["id"])


def test_an_admin_acknowledges_an_alert_once_with_a_note_and_it_stays_with_its_evidence(
    door: Door, ids: list[ChunkId]
) -> None:
    path = f"/alerts/{raised(door, ids)}/acknowledgement"
    assert door.call("ines", "POST", path, json={"note": "An auditor only reads."}).status_code == 403
    assert door.call("anton", "POST", path, json={"note": "x"}).status_code == 422
    assert door.call("anton", "POST", path, json={"note": "Asked; a planned review."}).status_code == 204
    (found,) = door.call("ines", "GET", "/alerts").json()["items"]
    assert (found["acknowledged_by"], found["note"]) == ("Anton", "Asked; a planned review.")
    assert (found["kind"], found["evidence"]["passages"]) == ("bait", 1)
    assert door.call("anton", "POST", path, json={"note": "Once more."}).status_code == 409
    assert [actor for actor, _, _ in events(door.nation.database, "alert.acknowledged")] == [
        f"person:{door.nation.people['anton']}"
    ]


def test_nobody_acknowledges_an_alert_about_themselves_nor_one_that_is_not_there(
    door: Door, ids: list[ChunkId]
) -> None:
    made = raised(door, ids)
    door.people["lea"] = ("researcher", "admin")
    assert door.call("lea", "POST", f"/alerts/{made}/acknowledgement", json={"note": "It's fine."}).status_code == 404
    assert door.call("anton", "POST", f"/alerts/{ids[0]}/acknowledgement", json={"note": "None."}).status_code == 404
    assert door.call("ines", "GET", "/alerts").json()["items"][0]["acknowledged_at"] is None


@pytest.mark.parametrize(("again", "raised"), [(0, 1), (6, 0)])
def test_a_window_half_spent_on_nothing_but_new_text_raises_an_alert_and_reading_again_does_not(
    door: Door, ids: list[ChunkId], again: int, raised: int
) -> None:
    with door.nation.database.connect() as connection:
        connection.execute(
            """UPDATE hub.datasets SET window_characters = 4000, lifetime_characters = 4000,
                      most_window_characters = 4000, most_lifetime_characters = 4000 WHERE slug = 'rivers'"""
        )
    for one in ids[:19]:
        read(door, [one])
    for one in ids[:again]:
        read(door, [one])
    read(door, ids[19:21])
    found = door.call("anton", "GET", "/alerts").json()["items"]
    assert [one["kind"] for one in found] == ["novelty"] * raised
