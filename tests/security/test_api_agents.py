"""An agent reads for one purpose, for a while, what its person may read and pays for, and comes in nowhere else."""

import time
from typing import Any

import httpx
import pytest

from catalog import audit
from catalog.vocabulary import EventType
from tests.catalog.ledger import value
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import FINE, Ground, kind, walk
from tests.security.test_api_matrix import DRAWN

AUDIENCES = ("hub-agent-statistics", "hub-agent-review", "hub-agent-", "account", "hub-ui", "hub-agent-research2")


def call(door: Door, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    return door.client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **more)


def search(door: Door, token: str, purpose: str = "research") -> httpx.Response:
    return call(door, token, "POST", "/search", json={"query": FINE, "purpose": purpose})


def test_an_agent_reads_for_its_person_who_pays_and_the_ledger_names_both(door: Door) -> None:
    found = search(door, door.agent("ada")).json()
    assert found["items"]
    with door.nation.operator.begin(OPERATOR) as session:
        kinds = [EventType.PASSAGES_DISCLOSED, EventType.PASSAGES_SEARCHED, EventType.DECISION_MADE]
        events = audit.newest(session, limit=9, types=kinds)
        (admitted,) = audit.newest(session, limit=9, types=[EventType.AGENT_ADMITTED])
    assert {(event.actor, event.agent) for event in events} == {(f"person:{door.nation.people['ada']}", "reading-list")}
    assert len(events) >= 2
    assert (admitted.detail["agent"], admitted.agent) == ("reading-list", None)
    spent = "SELECT lifetime_used FROM hub.person_budgets WHERE person_id = %s"
    assert value(door.nation.database, spent, door.nation.people["ada"]) > 0


def test_the_auditor_reads_both_names(door: Door) -> None:
    search(door, door.agent("ada"))
    items = door.call("ines", "GET", "/audit", params={"reason": "A test looks"}).json()["items"]
    assert ("Ada", "reading-list") in {(one["actor"]["name"], one["agent"]) for one in items}


def test_for_another_purpose_it_reads_nothing(door: Door) -> None:
    for purpose in ("statistics", "public-service", "evaluation"):
        said = search(door, door.agent("ada"), purpose).json()
        assert (said["items"], said["refusal"]["kind"]) == ([], "not-permitted")
    said = search(door, door.agent("ada", "statistics")).json()
    assert (said["items"], said["refusal"]["kind"]) == ([], "not-permitted")


def test_it_sees_no_more_than_its_person(door: Door) -> None:
    said = search(door, door.agent("mia")).json()
    assert (said["items"], said["refusal"]["kind"]) == ([], "not-permitted")


def test_it_goes_through_the_doors_of_asking_and_no_other(door: Door) -> None:
    ground = Ground.lay(door)
    headers = {"Authorization": f"Bearer {door.agent('ada')}"}
    found = {name: said.status_code for name, said in walk(door, ground, set(DRAWN), headers)}
    passed = {name for name, (action, _) in DRAWN.items() if action in {"ask", "open"}}
    assert {name for name, status in found.items() if status == 403} == set(DRAWN) - passed


def test_roles_written_into_an_agents_token_open_nothing(door: Door) -> None:
    token = forged(door, resource_access={AUDIENCE: {"roles": ["admin", "auditor", "steward", "researcher"]}})
    for path in ("/me", "/system", "/audit", "/questions", "/datasets"):
        assert kind(call(door, token, "GET", path)) == (403, "not-allowed")


def forged(door: Door, **claims: Any) -> str:
    """An admitted agent's token with something else in it, signed by the issuer."""
    known = door.key.read_back(door.agent("ada"), kind="at+jwt")
    assert known
    return door.key.sign({**known, **claims}, kind="at+jwt")


@pytest.mark.parametrize(
    "audience", [*AUDIENCES, ["hub-agent-research", "hub-agent-statistics"], ["hub-agent-research"]]
)
def test_a_token_for_another_audience_is_not_taken(door: Door, audience: object) -> None:
    assert kind(search(door, forged(door, aud=audience))) == (401, "signed-out")


@pytest.mark.parametrize("claims", [
    {"azp": "hub-ui"}, {"azp": "hub-cli"}, {"azp": "evil-app"}, {"jti": "another"}, {"jti": None}, {"jti": "x" * 200},
    {"iss": "https://evil.example"}, {"exp": 1}, {"typ": "ID"}, {"aud": "hub-api"},
], ids=str)  # fmt: skip
def test_an_agents_token_with_another_word_in_it_is_not_taken(door: Door, claims: dict[str, Any]) -> None:
    assert kind(search(door, forged(door, **claims))) == (401, "signed-out")


def test_a_token_of_the_issuers_that_nobody_admitted_is_not_taken(door: Door) -> None:
    assert door.hub.exchanger
    token = door.hub.exchanger.exchange(door.token("ada"), "hub-agent-research")
    assert kind(search(door, token)) == (401, "signed-out")


def test_anothers_agent_is_not_made_ones_own(door: Door) -> None:
    mine = str(door.nation.people["mia"])
    assert kind(search(door, forged(door, sub=mine))) == (401, "signed-out")


def test_its_time_is_over_sooner_than_its_persons(door: Door) -> None:
    said = door.call("ada", "POST", "/agents", json={"name": "reader", "purpose": "research"}).json()
    claims = door.key.read_back(said["token"], kind="at+jwt")
    assert claims
    assert claims["exp"] - time.time() <= 120
    longer = door.key.sign({**claims, "exp": claims["exp"] + 100}, kind="at+jwt")
    with door.nation.database.connect() as connection:
        connection.execute("UPDATE hub.clock SET ahead = interval '130 seconds'")
    assert kind(search(door, longer)) == (401, "signed-out")


def test_it_ends_with_its_persons_session_within_a_second(door: Door) -> None:
    token = door.agent("ada")
    assert search(door, token).status_code == 200
    began = time.monotonic()
    door.client.post("/sessions/ended", data={"logout_token": door.farewell("ada")})
    assert kind(search(door, token)) == (401, "signed-out")
    assert time.monotonic() - began < 1


def test_an_agent_gives_no_other_agent_leave(door: Door) -> None:
    said = call(door, door.agent("ada"), "POST", "/agents", json={"name": "another", "purpose": "research"})
    assert kind(said) == (403, "not-allowed")


@pytest.mark.parametrize("body", [
    {"name": "x", "purpose": "review"}, {"name": "", "purpose": "research"}, {"name": "x" * 81, "purpose": "research"},
    {"name": "a\nb", "purpose": "research"}, {"name": "x"}, {"name": "x", "purpose": "everything"},
], ids=str)  # fmt: skip
def test_what_is_no_agent_is_not_understood(door: Door, body: dict[str, str]) -> None:
    assert kind(door.call("ada", "POST", "/agents", json=body)) == (422, "invalid")
