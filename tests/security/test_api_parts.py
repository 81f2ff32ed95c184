"""A part that is gone is named, and nothing of it is told: neither where it was nor what was asked of it."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from catalog.db import Database
from catalog.embedding import EmbeddingClient
from catalog.objects import FolderStore
from hub.api.parts import SENTENCES
from hub.generate import Writer
from hub.identity import KeyFile, Verifier
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import FINE, Ground, behind, kind, operations, walk


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    return tmp_path / "secret-place" / "gone.sock"


def lost(door: Door, part: str, nowhere: Path) -> Door:
    services = door.hub.services
    url = services.database.engine.url.update_query_dict({"host": str(nowhere)})
    match part:
        case "database":
            gone = {name: Database(url) for name in ("stewards", "auditors")}
            return behind(door, services=replace(services, database=Database(url)), **gone)
        case "model":
            return behind(
                door,
                services=replace(
                    services,
                    embedder=EmbeddingClient(nowhere, timeout_s=1),
                    writer=Writer(nowhere, place="endpoint", timeout_s=1, max_tokens=9),
                ),
            )
        case "keys":
            return behind(door, verifier=Verifier(KeyFile(nowhere), door.hub.verifier._rules))
        case "store":
            return behind(door, store=FolderStore(nowhere, place="store"))
    raise AssertionError(part)


def unavailable(said: httpx.Response, nowhere: Path) -> str:
    assert kind(said) == (503, "unavailable"), said.text
    told = said.json()
    assert told["detail"].startswith(SENTENCES[told["part"]])
    for secret in (str(nowhere), "secret-place", ".sock", "psycopg", "Traceback", "SQL", "hub_api"):
        assert secret not in said.text
    return str(told["part"])


def test_without_the_database_every_route_but_health_says_so(door: Door, nowhere: Path) -> None:
    """Whether a session was ended stands there: without it nobody is recognised."""
    ground, named = Ground.lay(door), operations()
    access = {AUDIENCE: {"roles": ["researcher", "steward", "auditor"]}}
    headers = {"Authorization": f"Bearer {door.token('ada', resource_access=access)}"}
    without = lost(door, "database", nowhere)
    found = dict(walk(without, ground, named, headers))
    assert found.pop("GET /health").json()["parts"]["database"] is False
    assert {unavailable(said, nowhere) for said in found.values()} == {"database"}
    refused = without.client.get("/me", headers={"Authorization": f"Bearer {door.token('ada', resource_access={})}"})
    assert unavailable(refused, nowhere) == "database"  # a refusal that can't be written down is none


def test_without_the_model_server_a_question_is_refused_and_nothing_else_stops(door: Door, nowhere: Path) -> None:
    without = lost(door, "model", nowhere)
    searched = without.call("ada", "POST", "/search", json={"query": FINE, "purpose": "research"}).json()
    (name, refusal) = without.events("ada", FINE)[-1]
    assert (name, refusal["kind"], searched["refusal"]["kind"]) == ("refusal", "dependency-down", "dependency-down")
    for said in (refusal["message"], searched["refusal"]["message"]):
        assert "secret-place" not in said
        assert "/" not in said
    assert without.call("ada", "GET", "/datasets").status_code == 200


def test_without_the_issuers_keys_nobody_is_recognised_and_nobody_is_turned_away(door: Door, nowhere: Path) -> None:
    said = lost(door, "keys", nowhere).call("ada", "GET", "/me")
    assert unavailable(said, nowhere) == "keys"
    assert "www-authenticate" not in said.headers


def test_without_the_store_a_file_is_not_taken(door: Door, nowhere: Path) -> None:
    nowhere.parent.mkdir()
    nowhere.write_text("a file where the folder should be")
    params = {"dataset": "harbour", "name": "a.txt"}
    said = lost(door, "store", nowhere).call("sten", "POST", "/documents", params=params, content=b"a")
    assert unavailable(said, nowhere) == "store"
    elsewhere = door.hub.settings.model_copy(update={"incoming_dir": nowhere.parent / "absent"})
    said = behind(door, settings=elsewhere).call("sten", "POST", "/documents", params=params, content=b"a")
    assert unavailable(said, nowhere) == "store"


def test_without_the_reader_of_originals_no_page_is_shown_and_none_is_charged(door: Door, nowhere: Path) -> None:
    ground = Ground.lay(door)
    with door.nation.database.connect() as connection:
        connection.execute("UPDATE hub.document_versions SET media_type = 'application/pdf'")
    left = [door.call("ada", "GET", "/datasets/harbour").json()["access"]["characters_left"]]
    without = behind(door, settings=door.hub.settings.model_copy(update={"reader_socket": nowhere}))
    said = without.call("ada", "GET", ground.path("GET /passages/{passage_id}/page"), params={"purpose": "research"})
    assert unavailable(said, nowhere) == "reader"
    left.append(door.call("ada", "GET", "/datasets/harbour").json()["access"]["characters_left"])
    assert left[0] == left[1]


@pytest.fixture
def mute_trail(door: Door) -> None:
    """No row comes into the audit trail any more, with an error that says too much."""
    with door.nation.database.connect() as connection:
        connection.execute(
            "CREATE FUNCTION hub.mute() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'secret-place %', NEW.actor; END$$"
        )
        connection.execute(
            "CREATE TRIGGER mute BEFORE INSERT ON hub.audit_events FOR EACH ROW EXECUTE FUNCTION hub.mute()"
        )


def test_what_can_not_be_written_down_is_not_done(door: Door, nowhere: Path, request: pytest.FixtureRequest) -> None:
    ground, named = Ground.lay(door), operations()
    access = {AUDIENCE: {"roles": ["researcher", "steward", "auditor"]}}
    headers = {"Authorization": f"Bearer {door.token('ada', resource_access=access)}"}
    request.getfixturevalue("mute_trail")
    found = dict(walk(door, ground, named, headers))
    asked = found.pop("POST /questions").text
    assert "event: answer" not in asked
    assert "secret-place" not in asked
    writing = {one for one in named if one.startswith(("POST", "PATCH"))} - {"POST /questions"}
    for operation in writing | {"GET /audit"}:
        assert unavailable(found[operation], nowhere) == "audit", operation
    assert kind(found["GET /passages/{passage_id}"]) == (503, "unavailable")
    for said in found.values():
        assert "secret-place" not in said.text
