"""Forged, ended and garbled tokens at the API's own door, over HTTP: none opens a route, each is told to sign in."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import KeySet

from catalog.vocabulary import Role
from hub.app import AUDIENCE, CLIENTS, create_app
from hub.identity import Verifier
from hub.identity.development import RULES
from tests.hub.api.conftest import AT_HOME, Door
from tests.hub.api.walked import Ground, kind, operations, walk
from tests.hub.identity.forge import CLAIMS, NOW, Forged, rsa
from tests.hub.identity.test_verification import BAD

#: Routes of each kind: a plain one, one with a body, one that streams, one that takes files.
ROUTES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/me", {}),
    ("POST", "/search", {"json": {"query": "waste", "purpose": "research"}}),
    ("POST", "/questions", {"json": {"question": "Who?", "purpose": "research"}}),
    ("POST", "/documents", {"params": {"dataset": "harbour", "name": "a.txt"}, "content": b"words"}),
)
#: Tells of acts, places and parts; an overseer need not be in the register of people.
OVERSIGHT = {
    *("GET /alerts", "GET /audit", "GET /residency", "GET /residency/violations", "GET /residency/findings"),
    *("GET /residency/report", "POST /residency/preview", "GET /residency/explanations", "GET /system"),
}
#: What no HTTP client lets into a header: the names of forgeries that never reach the door.
UNSENDABLE = {"a newline after", "not ASCII", "a null byte"}
#: HTTP itself takes blanks around a header's value away, so this one arrives as a good token.
SAME_ON_ARRIVAL = {"a space before"}
SENT = {name: token for name, token in BAD.items() if name not in UNSENDABLE | SAME_ON_ARRIVAL}


@pytest.fixture
def forged_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """The same API behind the forger's issuer and clock, with Ada as the person the forgeries speak for."""
    hub = replace(door.hub, verifier=Verifier(KeySet([rsa("issuer")]), RULES, now=lambda: float(NOW)))
    monkeypatch.setitem(CLAIMS, "sub", str(door.nation.people["ada"]))
    monkeypatch.setitem(CLAIMS, "resource_access", {AUDIENCE: {"roles": ["researcher", "steward"]}})
    return replace(door, hub=hub, client=TestClient(create_app(hub, AT_HOME), raise_server_exceptions=False))


def sent(door: Door, method: str, path: str, authorization: str | bytes, **more: Any) -> tuple[int, str, str]:
    said = door.client.request(method, path, headers={"Authorization": authorization}, **more)
    problem = said.json() if said.headers["content-type"] == "application/problem+json" else {}
    return said.status_code, problem.get("type", "").rpartition("/")[2], said.headers.get("www-authenticate", "")


REFUSED = (401, "signed-out", "Bearer")
#: The issuer's own word, dated ahead: told apart, as it may be the hub's clock that is wrong.
OF_CLOCKS = (401, "clock", "Bearer")
FROM_TOMORROW = ("iat ahead by more than the leeway", "iat tomorrow")


def test_the_same_door_opens_for_a_token_that_is_right(forged_for: Door) -> None:
    for method, path, more in ROUTES:
        status, _, _ = sent(forged_for, method, path, f"Bearer {Forged().token()}", **more)
        assert status in {200, 202}


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one[0]} {one[1]}")
def test_no_malformed_token_opens_a_route(forged_for: Door, route: tuple[str, str, dict[str, Any]]) -> None:
    method, path, more = route
    found = {name: sent(forged_for, method, path, f"Bearer {token}", **more) for name, token in SENT.items()}
    assert {name: one for name, one in found.items() if one != REFUSED} == dict.fromkeys(FROM_TOMORROW, OF_CLOCKS)
    assert len(found) >= 100


GARBLED: dict[str, Any] = {
    "empty": "", "blank": " ", "a scheme alone": "Bearer", "a scheme and a blank": "Bearer ", "basic": "Basic YWRhOnB3",
    "basic with a good token": "Basic {token}", "token as the scheme": "{token}", "another scheme": "DPoP {token}",
    "digest": 'Digest username="ada"', "quoted": 'Bearer "{token}"', "named": "Bearer token={token}",
    "two tokens": "Bearer {token} {token}", "two tokens with a comma": "Bearer {token}, Bearer {token}",
    "a colon": "Bearer: {token}", "twice the scheme": "Bearer Bearer {token}", "latin letters": b"Bearer \xff\xfe\xfd",
    "a very long one": "Bearer " + "x" * 30_000, "null and undefined": "Bearer null", "an object": 'Bearer {{"a": 1}}',
}  # fmt: skip


@pytest.mark.parametrize("name", GARBLED)
def test_a_garbled_header_is_none(door: Door, name: str) -> None:
    garbled = GARBLED[name]
    value = garbled if isinstance(garbled, bytes) else garbled.format(token=door.token("ada"))
    assert sent(door, "GET", "/me", value) == REFUSED


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"params": {"access_token": "{token}"}},
        {"cookies": {"access_token": "{token}", "Authorization": "Bearer {token}"}},
        {"headers": {"X-Authorization": "Bearer {token}"}},
        {"headers": {"X-Forwarded-User": "ada", "X-Remote-User": "ada", "X-Auth-Request-Access-Token": "{token}"}},
        {"headers": {"Proxy-Authorization": "Bearer {token}"}},
    ],
)
def test_a_token_anywhere_else_is_not_read(door: Door, elsewhere: dict[str, dict[str, str]]) -> None:
    token = door.token("ada")
    filled = {where: {k: v.format(token=token) for k, v in values.items()} for where, values in elsewhere.items()}
    door.client.cookies.update(filled.pop("cookies", {}))
    assert door.client.get("/me", **filled).status_code == 401  # type: ignore[arg-type]


def test_a_second_authorization_header_opens_nothing_the_first_does_not(door: Door) -> None:
    good = f"Bearer {door.token('ada')}"
    for first, second in (("Bearer x", good), ("", good)):
        said = door.client.get("/me", headers=[("Authorization", first), ("Authorization", second)])
        assert said.status_code == 401


def test_an_api_whose_clock_is_ahead_says_so_and_recognises_nobody(door: Door) -> None:
    keys = json.loads(door.hub.settings.issuer_keys_file.read_text())
    door.hub.settings.issuer_keys_file.write_text(json.dumps({**keys, "clock_ahead_s": 600}))
    now = int(time.time())
    late = {"Authorization": f"Bearer {door.token('ada', iat=now - 600, exp=now - 300)}"}
    said = door.client.get("/me", headers=late)
    assert kind(said) == (401, "clock")
    assert "ahead of the sign-in service's by about 10 minutes" in said.json()["detail"]


def test_a_token_ends_between_two_requests(door: Door) -> None:
    now = int(time.time())
    ending = door.token("ada", iat=now - 298, exp=now + 2)
    headers = {"Authorization": f"Bearer {ending}"}
    assert door.client.get("/me", headers=headers).status_code == 200
    time.sleep(2.1)
    assert door.client.get("/me", headers=headers).status_code == 401


def test_a_token_of_keys_that_were_replaced_opens_nothing(door: Door) -> None:
    headers = {"Authorization": f"Bearer {door.token('ada')}"}
    assert door.client.get("/me", headers=headers).status_code == 200
    replaced = {"keys": [rsa("issuer").as_dict(private=False)]}
    door.hub.settings.issuer_keys_file.write_text(json.dumps(replaced))
    assert door.client.get("/me", headers=headers).status_code == 401


def test_who_the_issuer_knows_and_the_hub_does_not_is_nobody_here(door: Door) -> None:
    """A right token, all roles, an id that is in no register: absent or refused, and no fault."""
    access = {AUDIENCE: {"roles": list(map(str, Role))}}
    stranger = door.token("ada", sub="7f0c1d52-8a7e-4f39-9a55-0e2f0f6f9a99", resource_access=access)
    ground, named = Ground.lay(door), operations()
    found = dict(walk(door, ground, named, {"Authorization": f"Bearer {stranger}"}))
    assert {path: said.status_code for path, said in found.items() if said.status_code >= 500} == {}
    own = {"GET /questions", "GET /budget", "GET /step-ups", "GET /step-ups/waiting"}
    for operation in named - OVERSIGHT - own - {"GET /health", "POST /sessions/ended"}:
        assert found[operation].status_code in {403, 404} or "event: refusal" in found[operation].text, operation
    for operation in ("GET /me", "POST /search", "POST /questions"):
        assert "this hub does not know you yet" in found[operation].text, operation
    assert [path for path in own if found[path].json().get("items")] == []


def test_a_refusal_says_nothing_of_the_token(door: Door) -> None:
    said = door.client.get("/me", headers={"Authorization": "Bearer aaa.bbb.ccc"})
    assert "aaa" not in said.text
    assert set(said.json()) == {"type", "title", "status", "detail", "request_id"}


def test_tokens_for_other_programs_or_by_other_clients_are_not_ours() -> None:
    assert (AUDIENCE, set(CLIENTS)) == ("hub-api", {"hub-ui", "hub-cli"})
