"""A session that was ended opens no door any more, in any process, at once."""

import time

import pytest

from catalog import audit
from catalog.vocabulary import EventType
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door
from tests.hub.api.walked import behind, kind


def tell(door: Door, token: str) -> int:
    return int(door.client.post("/sessions/ended", data={"logout_token": token}).status_code)


def test_after_the_issuers_word_the_session_is_refused_within_a_second_also_by_another_process(door: Door) -> None:
    other = behind(door)
    assert door.call("ada", "GET", "/me").status_code == 200
    began = time.monotonic()
    assert tell(door, door.farewell("ada")) == 204
    for one in (door, other):
        said = one.call("ada", "GET", "/me")
        assert kind(said) == (401, "signed-out")
        assert "Sign out, then sign in again" in said.json()["detail"]
    assert time.monotonic() - began < 1


def test_another_session_of_the_person_goes_on_and_so_do_others(door: Door) -> None:
    tell(door, door.farewell("ada", sid="another-session"))
    tell(door, door.farewell("luc"))
    assert door.call("ada", "GET", "/me").status_code == 200


def test_a_question_of_an_ended_session_is_answered_by_nothing(door: Door) -> None:
    tell(door, door.farewell("ada"))
    body = {"question": "What is the fine for throwing waste into the basin?", "purpose": "research"}
    assert kind(door.call("ada", "POST", "/questions", json=body)) == (401, "signed-out")


def test_the_issuers_word_counts_once(door: Door) -> None:
    token = door.farewell("luc")
    assert tell(door, token) == 204
    assert kind(door.client.post("/sessions/ended", data={"logout_token": token})) == (422, "invalid")


@pytest.mark.parametrize("content", [b"", b"logout_token=", b"logout_token=a&logout_token=b", b"\xff\x00", b"x=y"])
def test_what_is_no_word_is_not_understood(door: Door, content: bytes) -> None:
    assert kind(door.client.post("/sessions/ended", content=content)) == (422, "invalid")


def test_an_access_token_ends_no_session(door: Door) -> None:
    assert tell(door, door.token("ada")) == 422
    assert door.call("ada", "GET", "/me").status_code == 200


def test_an_admin_ends_every_session_of_a_person_and_a_new_sign_in_works(door: Door) -> None:
    assert door.call("anton", "POST", "/people/ada/sign-out").status_code == 204
    assert kind(door.call("ada", "GET", "/me")) == (401, "signed-out")
    for sid in ("a-session", "another", "a-third"):
        renewed = door.token("ada", sid=sid, iat=int(time.time()) + 2)
        assert door.client.get("/me", headers={"Authorization": f"Bearer {renewed}"}).status_code == 401
    anew = {"Authorization": f"Bearer {door.token('ada', sid='new', auth_time=int(time.time()) + 2)}"}
    assert door.client.get("/me", headers=anew).status_code == 200
    assert door.call("anton", "GET", "/me").status_code == 200
    with door.nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=5, types=[EventType.SESSION_ENDED])
    assert event.actor == f"person:{door.nation.people['anton']}"


def test_nobody_else_ends_a_persons_sessions(door: Door) -> None:
    for person in ("ada", "mia", "sten", "ines", "rosa"):
        assert kind(door.call(person, "POST", "/people/luc/sign-out")) == (403, "not-allowed")
    assert kind(door.call("anton", "POST", "/people/nobody-here/sign-out")) == (404, "absent")
    assert door.call("luc", "GET", "/me").status_code == 200


def test_the_issuer_keeps_no_connection_on_which_its_next_word_could_be_lost(door: Door) -> None:
    answer = door.client.post("/sessions/ended", data={"logout_token": door.farewell("ada")})
    assert (answer.status_code, answer.headers["connection"]) == (204, "close")
