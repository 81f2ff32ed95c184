"""A network zone is come in by, never claimed: nothing a client writes makes its session one of another zone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from catalog import places, turns
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError, SettingsError
from catalog.policy.model import Scope
from catalog.settings import load
from catalog.vocabulary import PlaceKind, Purpose
from hub.answers import ELSEWHERE
from hub.api.__main__ import listening
from hub.app import create_app
from hub.seal.sockets import listen
from hub.settings import DoorSettings
from tests.catalog.ledger import rows, value
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.api.conftest import Door
from tests.hub.api.walked import FINE
from tests.hub.stack.issuer.served import serving
from tests.spec.drawn import stand

#: What a client might write to be taken for one who comes in at home; none of it is asked for.
CLAIMS: dict[str, list[tuple[str, str]]] = {
    "nothing": [],
    "a header": [("X-Hub-Zone", "zone")],
    "the name it is kept by": [("hub.zone", "zone"), ("Hub-Zone", "zone")],
    "twice": [("X-Hub-Zone", "south"), ("X-Hub-Zone", "zone")],
    "odd capitals": [("x-hUB-zONE", "zone"), ("X-HUB-ZONE", "zone")],
    "as a proxy": [("Forwarded", "for=127.0.0.1;by=zone;host=testserver"), ("X-Forwarded-For", "127.0.0.1")],
    "as a proxy of the server": [("X-Forwarded-Host", "zone"), ("X-Forwarded-Server", "zone"), ("Via", "1.1 zone")],
    "in the request": [("X-Original-URL", "/questions?zone=zone"), ("Cookie", "zone=zone; hub.zone=zone")],
}


@dataclass(frozen=True, kw_only=True)
class Gates:
    """One API on three sockets: of the site's own zone, of one in FR, and of one that nobody registered."""

    door: Door
    sockets: dict[str, Path]

    def ask(self, zone: str, headers: list[tuple[str, str]], path: str = "/questions") -> dict[str, Any]:
        """Ask as Ada, through a zone; returns the last event."""
        said = self.call(zone, "POST", path, headers, json={"question": FINE, "purpose": "research"})
        assert said.status_code == 200, said.text
        *_, last = said.text.strip().split("\n\n")
        kind, data = last.split("\n")
        return {"event": kind.removeprefix("event: "), **json.loads(data.removeprefix("data: "))}

    def call(
        self, zone: str, method: str, path: str, headers: Any = (), who: str = "ada", **more: Any
    ) -> httpx.Response:
        """Call as Ada, through a zone."""
        transport = httpx.HTTPTransport(uds=str(self.sockets[zone]))
        token = {"Authorization": f"Bearer {self.door.token(who)}"}
        with httpx.Client(transport=transport, base_url="http://testserver", trust_env=False, timeout=60) as http:
            return http.request(method, path, headers=[*token.items(), *headers], **more)


@pytest.fixture
def gates(door: Door, tmp_path: Path) -> Iterator[Gates]:
    door.nation.zone("south", "FR")
    with door.nation.operator.begin(OPERATOR) as session:
        session.connection().exec_driver_sql("UPDATE hub.datasets SET access_from = '{DE}' WHERE slug = 'harbour'")
    others = {name: tmp_path / f"{name}.sock" for name in ("south", "cafe")}
    settings = door.hub.settings.model_copy(update={"zone_sockets": others})
    sockets = listening(settings)
    app = create_app(replace(door.hub, settings=settings), {one.getsockname(): zone for one, zone in sockets.items()})
    with serving(app, *sockets):
        yield Gates(door=door, sockets=settings.sockets)


@pytest.mark.parametrize("claim", CLAIMS)
def test_nothing_a_client_writes_makes_its_session_one_of_another_zone(gates: Gates, claim: str) -> None:
    refused = gates.ask("south", CLAIMS[claim])
    assert (refused["event"], refused["kind"]) == ("refusal", "outside-access")
    assert gates.ask("zone", [("X-Hub-Zone", "south")])["event"] == "answer"
    query = "SELECT DISTINCT rule, tag, place, actor FROM hub.violations"
    ada = f"person:{gates.door.nation.people['ada']}"
    assert rows(gates.door.nation.database, query) == [
        ("query.session-outside-access-from", "access_from", "south", ada)
    ]


@pytest.mark.parametrize("address", ["/questions?zone=zone", "//zone/questions", "http://zone/questions"])
def test_no_address_does_either(gates: Gates, address: str) -> None:
    said = gates.call("south", "POST", address, json={"question": FINE, "purpose": "research"})
    assert said.status_code in {400, 404} or '"kind":"outside-access"' in said.text.replace(" ", "")


WALKS = "Zanzibar quixotic xylophone"


def test_who_finds_nothing_where_something_granted_is_shut_is_told_so_and_nobody_else(gates: Gates) -> None:
    nation = gates.door.nation
    nation.dataset("walks")
    nation.document("walks", "path.txt", ["The path climbs to the mill."])
    for person in ("ada", "mia"):
        nation.grant(person, "walks")

    def told(zone: str, who: str) -> tuple[str, bool, bool]:
        said = gates.call(zone, "POST", "/search", who=who, json={"query": WALKS, "purpose": "research"})
        refused = said.json()["refusal"]
        return refused["kind"], refused["shut_from_here"], ELSEWHERE in refused["message"]

    assert told("south", "ada") == ("nothing-found", True, True)
    assert told("zone", "ada") == ("nothing-found", False, False)
    assert told("south", "mia") == ("nothing-found", False, False)  # the harbour was never granted to her
    asked = gates.ask("south", [])
    assert (asked["event"], asked["kind"], asked["shut_from_here"]) == ("refusal", "nothing-found", True)


@pytest.mark.parametrize("claim", ["nothing", "a header", "twice"])
def test_who_comes_in_where_nobody_knows_the_place_reads_which_zone_it_was_and_what_to_do(
    gates: Gates, claim: str
) -> None:
    refused = gates.ask("cafe", CLAIMS[claim])
    assert (refused["event"], refused["kind"]) == ("refusal", "unknown-zone")
    assert "'cafe'" in refused["message"]
    assert "`hub place add`" in refused["message"]


def test_a_public_dataset_is_not_read_from_an_unknown_zone_either(gates: Gates) -> None:
    with gates.door.nation.operator.begin(OPERATOR) as session:
        session.connection().exec_driver_sql("UPDATE hub.datasets SET classification = 'public', access_from = '{EU}'")
    assert gates.ask("south", [])["event"] == "answer"
    assert gates.ask("cafe", [])["kind"] == "unknown-zone"


def test_a_zone_that_is_retired_is_shut_at_the_next_question_and_open_once_it_is_there_again(gates: Gates) -> None:
    with gates.door.nation.operator.begin(OPERATOR) as session:
        session.connection().exec_driver_sql("UPDATE hub.datasets SET access_from = '{EU}'")
    assert gates.ask("south", [])["event"] == "answer"
    with gates.door.nation.operator.begin(OPERATOR) as session:
        places.retire(session, "south")
    assert gates.ask("south", [])["kind"] == "unknown-zone"
    with gates.door.nation.operator.begin(OPERATOR) as session:
        again = {"kind": PlaceKind.ZONE, "jurisdiction": "FR", "operator": "ministry", "legal_control": ()}
        places.register(session, name="south", anew=True, **again)
    assert gates.ask("south", [])["event"] == "answer"


def test_passages_pages_and_the_history_are_decided_in_the_zone_they_are_asked_from(gates: Gates) -> None:
    answer = gates.ask("zone", [])
    turn, passage = f"/questions/{answer['id']}", f"/passages/{answer['citations'][0]['passage_id']}"
    at_home = gates.call("zone", "GET", turn).json()
    assert (at_home["gone"], at_home["answer"]["text"]) == (False, answer["text"])
    for zone in ("south", "cafe"):
        elsewhere = gates.call(zone, "GET", turn).json()
        assert (elsewhere["gone"], elsewhere["answer"]) == (True, None)
        for of in ("", "/page", "/page/cost"):
            assert gates.call(zone, "GET", passage + of, params={"purpose": "research"}).status_code == 404
        found = gates.call(zone, "POST", "/search", json={"query": FINE, "purpose": "research"}).json()
        assert found["items"] == []
        again = {"question": "And who pays it?", "purpose": "research", "conversation_id": answer["conversation_id"]}
        assert "event: answer" not in gates.call(zone, "POST", "/questions", json=again).text
    assert gates.call("zone", "GET", passage, params={"purpose": "research"}).status_code == 200


# A decision is bound to the zone it was made in: in the database, whoever holds its id.


def used(nation: Nation, scope: Scope) -> int:
    """How many passages a decision discloses to whoever holds it."""
    with nation.database.connect() as connection:
        every = [one for (one,) in connection.execute("SELECT id FROM hub.chunks").fetchall()]
    return len(disclose(nation.api, scope, every).passages)


@pytest.mark.parametrize("zone", ["south", "", "zone ", "ZONE", "nowhere"])
def test_a_decision_made_in_one_zone_is_of_no_use_in_another(harbour: Nation, zone: str) -> None:
    harbour.zone("south", "DE")
    scope = harbour.scope("ada")
    assert used(harbour, scope) == 3
    elsewhere = replace(scope, subject=replace(scope.subject, zone=zone))
    with pytest.raises(AccessDeniedError):
        used(harbour, elsewhere)
    with pytest.raises(AccessDeniedError):
        harbour.search(elsewhere, "the fine")
    with pytest.raises(AccessDeniedError), harbour.api.begin(elsewhere.asker) as session:
        turns.answer_again(session, scope.decision_id, uuid4())
    assert value(harbour.database, "SELECT count(*) FROM hub.disclosures") == 1


def test_a_decision_ends_with_its_zone(harbour: Nation) -> None:
    scope = harbour.scope("ada", zone=harbour.zone("south", "DE"))
    assert used(harbour, scope) == 3
    with harbour.operator.begin(OPERATOR) as session:
        places.retire(session, "south")
    assert (used(harbour, scope), harbour.search(scope, "the fine")) == (0, [])


def test_a_pooled_connection_keeps_no_zone_of_the_one_before(harbour: Nation) -> None:
    scope = harbour.scope("ada")
    assert used(harbour, scope) == 3
    nowhere = replace(scope.subject.asker, zone="")
    for _ in range(20):  # more than the pool holds
        with pytest.raises(AccessDeniedError), harbour.api.begin(nowhere) as session:
            turns.answer_again(session, scope.decision_id, uuid4())


def test_where_a_zone_stands_is_felt_at_the_next_decision(harbour: Nation) -> None:
    assert harbour.scope("ada").dataset_ids
    stand(harbour, "zone", "US")
    assert not harbour.scope("ada").dataset_ids
    assert not harbour.scope("ada", purpose=Purpose.RESEARCH, zone="store").dataset_ids


# Sockets.


@pytest.mark.parametrize(
    "sockets", [{"zone": "other.sock"}, {"south": "api.sock"}, {"south": "api.other"}, {"a": "b.sock", "c": "b.x"}]
)
def test_two_zones_never_share_a_socket(door: Door, tmp_path: Path, sockets: dict[str, str]) -> None:
    told = door.hub.settings.model_dump() | {"zone_sockets": {name: tmp_path / one for name, one in sockets.items()}}
    with pytest.raises(SettingsError, match="zone"):
        load(DoorSettings, **told)


def test_the_sockets_are_their_users_alone(door: Door, tmp_path: Path) -> None:
    settings = door.hub.settings.model_copy(update={"zone_sockets": {"south": tmp_path / "south.sock"}})
    for one in listening(settings):
        one.close()
    assert {path.stat().st_mode & 0o777 for path in settings.sockets.values()} == {0o600}


def test_a_socket_nobody_gave_a_zone_has_none(door: Door, tmp_path: Path) -> None:
    with serving(create_app(door.hub, {"zone": "zone"}), listen(tmp_path / "stray.sock")):
        refused = Gates(door=door, sockets={"": tmp_path / "stray.sock"}).ask("", CLAIMS["a header"])
    assert (refused.get("kind"), "without a name" in refused.get("message", "")) == ("unknown-zone", True)
