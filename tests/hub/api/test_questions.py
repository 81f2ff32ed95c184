"""`/questions`: streamed answers, refusals that say what to do, and one's own history."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from catalog import audit
from catalog.vocabulary import EventType
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door

FINE = "What is the fine for throwing waste into the basin?"
Last = Callable[..., tuple[str, dict[str, Any]]]


def test_an_answer_comes_in_stages_pieces_and_one_end(door: Door) -> None:
    events = door.events("ada", FINE)
    names = [name for name, _ in events]
    assert [content["name"] for name, content in events if name == "stage"] == ["checking", "looking", "reading"]
    assert names.count("piece") > 1
    assert names[-1] == "answer"
    assert names.count("answer") + names.count("refusal") == 1


def test_each_citation_names_a_passage_that_holds_its_quote(ask: Last) -> None:
    _, answer = ask("ada", FINE)
    bodies = {passage["id"]: passage["body"] for passage in answer["passages"]}
    assert answer["citations"]
    for citation in answer["citations"]:
        assert citation["quote"] in bodies[citation["passage_id"]]
    assert (answer["label"], answer["process_in"]) == ("internal", ["DE"])


def test_who_holds_no_grant_is_refused_and_told_whom_to_ask(ask: Last) -> None:
    name, refusal = ask("mia", FINE)
    assert (name, refusal["kind"]) == ("refusal", "not-permitted")
    assert refusal["datasets_to_request"] == [{"slug": "harbour", "title": "Harbour"}]


def test_what_a_person_may_not_know_of_is_never_named(door: Door) -> None:
    for person in ("ada", "mia", "luc"):
        said = door.call(person, "POST", "/questions", json={"question": "zanzibarine orders", "purpose": "research"})
        assert "zanzibarine" not in said.text
        assert "vault" not in said.text.lower()


def test_a_question_that_is_too_long_is_refused_by_the_guard_and_one_beyond_all_measure_by_the_door(
    door: Door, ask: Last
) -> None:
    assert ask("ada", "why " * 700)[1]["kind"] == "guard"
    long = door.call("ada", "POST", "/questions", json={"question": "x" * 10_001, "purpose": "research"})
    assert (long.status_code, long.json()["type"].rpartition("/")[2]) == (422, "invalid")
    assert "x" * 20 not in long.text


def test_history_is_ones_own_and_newest_first(door: Door, ask: Last) -> None:
    ask("ada", FINE)
    ask("ada", "When was the first jetty built?")
    ask("mia", FINE)
    mine = door.call("ada", "GET", "/questions").json()["items"]
    assert [turn["question"] for turn in mine] == ["When was the first jetty built?", FINE]
    assert [turn["outcome"] for turn in door.call("mia", "GET", "/questions").json()["items"]] == ["refused"]


def test_history_is_read_in_pages_without_gap_or_repeat(door: Door, ask: Last) -> None:
    for number in range(5):
        ask("mia", f"Question {number}?")
    seen, cursor = [], None
    while True:
        page = door.call("mia", "GET", "/questions", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        seen += [turn["question"] for turn in page.json()["items"]]
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert seen == [f"Question {number}?" for number in reversed(range(5))]


def test_an_answer_is_there_again_until_the_grant_ends(door: Door, ask: Last) -> None:
    _, answer = ask("ada", FINE)
    again = door.call("ada", "GET", f"/questions/{answer['id']}").json()
    assert again["answer"]["text"] == answer["text"]
    with door.nation.operator.begin(OPERATOR) as session:
        from sqlalchemy import text

        session.execute(text("UPDATE hub.grants SET ends_at = hub.hub_now()"))
    gone = door.call("ada", "GET", f"/questions/{answer['id']}").json()
    assert (gone["answer"], gone["gone"]) == (None, True)


def test_an_answer_is_gone_once_a_passage_of_it_is(door: Door, ask: Last) -> None:
    _, answer = ask("ada", FINE)
    door.nation.document("harbour", "rules.md", ["The rules are being rewritten."])
    assert door.call("ada", "GET", f"/questions/{answer['id']}").json()["gone"] is True


def test_nobody_reads_anothers_turn(door: Door, ask: Last) -> None:
    _, answer = ask("ada", FINE)
    for path in (f"/questions/{answer['id']}", f"/questions/{uuid4()}"):
        found = door.call("luc", "GET", path)
        assert (found.status_code, found.json()["type"].rpartition("/")[2]) == (404, "absent")
    judged = door.call("luc", "POST", f"/questions/{answer['id']}/feedback", json={"useful": True})
    assert judged.status_code == 404


def test_feedback_is_kept_and_written_down(door: Door, ask: Last) -> None:
    _, answer = ask("ada", FINE)
    said = door.call("ada", "POST", f"/questions/{answer['id']}/feedback", json={"useful": False, "note": "too short"})
    assert said.status_code == 204
    with door.nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=5, types=[EventType.FEEDBACK_GIVEN])
    assert event.detail == {"useful": False}


def test_a_follow_up_is_understood_with_the_question_before(door: Door, ask: Last) -> None:
    _, first = ask("ada", "How fast may a boat go inside the breakwaters?")
    name, second = ask("ada", "And outside?", conversation_id=first["conversation_id"])
    assert name == "answer"
    assert second["conversation_id"] == first["conversation_id"]
    alone_name, alone = ask("ada", "And it?")
    assert (alone_name, alone["kind"]) == ("refusal", "nothing-found")
    assert door.call("ada", "GET", "/questions").json()["items"][0]["question"] == "And it?"


def test_anothers_conversation_adds_nothing(ask: Last) -> None:
    _, first = ask("ada", "How fast may a boat go inside the breakwaters?")
    name, _ = ask("luc", "And it?", conversation_id=first["conversation_id"])
    assert name == "refusal"


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "x", "purpose": "gossip"}, {"question": 3}])
def test_a_body_of_another_shape_is_named_field_by_field(door: Door, body: dict[str, Any]) -> None:
    found = door.call("ada", "POST", "/questions", json=body)
    assert found.status_code == 422
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json()["errors"]
