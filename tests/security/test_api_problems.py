"""What goes wrong tells nobody more than they may know: forbidden and absent alike, faults without their words."""

import logging
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from catalog.errors import AccessDeniedError, NotFoundError
from hub.api.middleware import HEADERS
from hub.app import create_app
from tests.hub.api.conftest import AT_HOME, AUDIENCE, Door
from tests.hub.api.walked import FINE, Ground, kind, operations, walk


@pytest.mark.parametrize("person", ["ada", "mia", "luc", "rosa", "ines", "anton", "olga"])
def test_forbidden_and_absent_differ_in_nothing_but_the_id(door: Door, person: str) -> None:
    """`vault` is there, unlisted and not theirs; `vaulz` is not there: same words, same bytes, same headers."""
    door.nation.person("olga", organisation="other-office")
    door.people["olga"] = ("steward",)
    vault = str(door.nation.document_of("orders.md"))
    with door.nation.database.connect() as connection:
        chunk = str(connection.execute("SELECT id FROM hub.chunks WHERE document_id = %s", [vault]).fetchall()[0][0])
    pairs: list[tuple[str, str, str, dict[str, Any]]] = [
        ("GET", "/datasets/vault", "/datasets/vaulz", {}),
        ("PATCH", "/datasets/vault", "/datasets/vaulz", {"json": {"listed": True}}),
        ("GET", "/datasets/vault/effect", "/datasets/vaulz/effect", {}),
        ("GET", "/documents?dataset=vault", "/documents?dataset=vaulz", {}),
        ("POST", "/documents?dataset=vault&name=a", "/documents?dataset=vaulz&name=a", {"content": b"a"}),
        ("GET", f"/passages/{chunk}?purpose=research", f"/passages/{uuid4()}?purpose=research", {}),
        ("GET", f"/passages/{chunk}/page?purpose=research", f"/passages/{uuid4()}/page?purpose=research", {}),
        ("POST", f"/documents/{vault}/withdrawal", f"/documents/{uuid4()}/withdrawal", {"json": {"reason": "why"}}),
    ]
    for method, forbidden, absent, more in pairs:
        first, second = (door.call(person, method, path, **more) for path in (forbidden, absent))
        assert first.status_code in {403, 404}
        assert first.content.replace(first.json()["request_id"].encode(), b"") == second.content.replace(
            second.json()["request_id"].encode(), b""
        ), (method, forbidden)
        plain = [{k: v for k, v in said.headers.items() if k != "x-request-id"} for said in (first, second)]
        assert plain[0] == plain[1]


def test_search_and_ask_say_the_same_of_what_is_hidden_and_what_is_not_there(door: Door) -> None:
    for person in ("ada", "mia"):
        said = [
            door.call(
                person, "POST", "/search", json={"query": FINE, "purpose": "research", "filters": {"datasets": [d]}}
            )
            for d in ("vault", "vaulz")
        ]
        assert said[0].content == said[1].content


@pytest.mark.parametrize("error", [AccessDeniedError("You hold no grant on vault."), NotFoundError("No vault here.")])
def test_whatever_an_error_says_of_what_is_hidden_is_not_passed_on(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    absent = door.call("ada", "GET", "/datasets/vaulz").json()
    monkeypatch.setattr("hub.api.datasets.card", refuse)
    said = door.call("ada", "GET", "/datasets/harbour")
    assert {**said.json(), "request_id": ""} == {**absent, "request_id": ""}


# every response


def test_every_response_has_an_id_of_its_own_and_all_the_headers(door: Door) -> None:
    named = operations()
    ground, seen = Ground.lay(door), set()
    for roles in (["researcher", "steward", "auditor"], []):
        access = {AUDIENCE: {"roles": roles}}
        token = {"Authorization": f"Bearer {door.token('ada', resource_access=access)}"}
        for headers in (token, {}):
            for operation, said in walk(door, ground, named, headers):
                assert {name: said.headers.get(name) for name in HEADERS} == HEADERS, operation
                assert "server" not in said.headers
                seen.add(said.headers["x-request-id"])
                if said.headers.get("content-type") == "application/problem+json":
                    assert said.json()["request_id"] == said.headers["x-request-id"]
    assert len(seen) == 4 * len(named)


def test_a_request_can_not_choose_its_id(door: Door) -> None:
    said = door.call("ada", "GET", "/me", headers={"X-Request-ID": "mine"})
    assert said.headers["x-request-id"] != "mine"


@pytest.mark.parametrize(
    "host", ["evil.example", "", "testserver.evil.example", "testserver@evil.example", ":testserver"]
)
def test_another_name_for_the_api_is_refused_like_everything_else(door: Door, host: str) -> None:
    said = door.call("ada", "GET", "/me", headers={"Host": host})
    assert kind(said) == (400, "invalid")
    assert {name: said.headers.get(name) for name in HEADERS} == HEADERS


# a fault of ours


def test_a_fault_tells_its_words_neither_to_a_person_nor_to_a_log(
    door: Door, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("zanzibarine words of a document")

    monkeypatch.setattr("hub.api.datasets.cards", fail)
    caplog.set_level(logging.DEBUG)
    # This client raises what the app lets out: the server would log it with its trace and its words.
    strict = replace(door, client=TestClient(create_app(door.hub, AT_HOME)))
    said = strict.call("ada", "GET", "/datasets")
    assert kind(said) == (500, "fault")
    assert {name: said.headers.get(name) for name in HEADERS} == HEADERS
    assert said.json()["request_id"] == said.headers["x-request-id"]
    logged = "".join(capfd.readouterr()) + caplog.text
    assert "RuntimeError" in logged
    assert said.headers["x-request-id"] in logged
    assert "zanzibarine" not in said.text + logged
