"""Nobody reads the audit trail without saying why, and the trail says who read it and why."""

from typing import Any

import pytest

from catalog import audit
from catalog.vocabulary import EventType
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door
from tests.hub.api.walked import kind

WHY = "The monthly look at refusals"
READERS = ("ines", "anton")


def readings(door: Door) -> list[tuple[str, dict[str, Any]]]:
    with door.nation.operator.begin(OPERATOR) as session:
        found = audit.newest(session, limit=99, types=[EventType.AUDIT_CONSULTED])
    return [(event.actor, event.detail) for event in found]


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize(
    "reason", [None, "", "   ", "because", "a  b  c  d ", " " * 50, "x" * 301, "\t\n\t\n\t\n\t\n\t\n\t\n"]
)
def test_without_a_reason_nothing_is_read_and_a_sentence_says_how(door: Door, who: str, reason: str | None) -> None:
    said = door.call(who, "GET", "/audit", params={} if reason is None else {"reason": reason})
    assert kind(said) == (422, "reason-needed")
    assert "says why, in 10 to 300 characters" in said.json()["detail"]
    assert "items" not in said.json()
    assert readings(door) == []


@pytest.mark.parametrize("who", READERS)
def test_each_reading_is_written_down_with_its_reason_before_anything_is_read(door: Door, who: str) -> None:
    me = f"person:{door.nation.people[who]}"
    first = door.call(who, "GET", "/audit", params={"reason": f"  {WHY} ", "limit": 1})
    (event,) = first.json()["items"]
    assert (event["type"], event["detail"], event["actor"]["id"]) == (
        "audit.consulted",
        {"reason": WHY},
        str(door.nation.people[who]),
    )
    again = {"reason": "Umlaute äöü: Prüfung der Ablehnungen", "cursor": first.json()["next"]}
    assert door.call(who, "GET", "/audit", params=again).status_code == 200
    assert readings(door) == [(me, {"reason": again["reason"]}), (me, {"reason": WHY})]


def test_a_reason_that_can_not_be_kept_is_not_taken(door: Door) -> None:
    for reason in ("a null \x00 character", "x" * 5_000):
        assert kind(door.call("ines", "GET", "/audit", params={"reason": reason}))[0] == 422
    assert readings(door) == []


def test_a_reason_opens_the_trail_to_nobody_else(door: Door) -> None:
    for who in ("ada", "mia", "sten", "rosa"):
        assert kind(door.call(who, "GET", "/audit", params={"reason": WHY})) == (403, "not-allowed")
    assert readings(door) == []
