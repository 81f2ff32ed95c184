"""The eighteen ways in which systems of this kind have leaked, one test each: none of them leaks here.

The vault is unlisted and secret; nobody at the door holds a grant for it. Its word is `zanzibarine`.
"""

from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import text

from catalog import chunks, datasets, grants, people
from catalog.db import Asker
from catalog.disclosure import disclose
from catalog.errors import ConflictError
from catalog.vocabulary import Classification, DatasetId, Purpose, Role
from hub.answers import Refusal
from hub.api.doors import rule_of
from hub.app import ROUTERS
from hub.retrieve import ScopedRetriever
from hub.search import Found, search
from hub.services import Services
from tests.catalog.ledger import rows, value
from tests.fixtures.nation import OPERATOR, Nation, embedding
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import FINE, Ground, operations, walk
from tests.security.test_api_matrix import DRAWN

WORD = "zanzibarine"
ORDERS = f"Where are the {WORD} orders of the vault kept?"
FREE: dict[str, Any] = {"params": {"purpose": "research"}}
#: What the answer to a right request is named by: the same for what is not there and for what is not theirs.
Told = tuple[int, str, str]


def told(said: httpx.Response) -> Told:
    """Status, kind and words of a problem, without what names the single request."""
    body = said.json()
    return said.status_code, body.get("type", "").rpartition("/")[2], body.get("detail", "")


def found(door: Door, person: str, query: str = ORDERS, **more: Any) -> dict[str, Any]:
    said = door.call(person, "POST", "/search", json={"query": query, "purpose": "research", **more})
    assert said.status_code == 200, said.text
    return dict(said.json())


def of_vault(door: Door) -> tuple[str, str]:
    """The vault's only passage and document, as the superuser knows them."""
    query = "SELECT id, document_id FROM hub.chunks WHERE dataset_id = %s"
    ((chunk, document),) = rows(door.nation.database, query, door.nation.datasets["vault"])
    return str(chunk), str(document)


def everything(door: Door, person: str) -> dict[str, str]:
    access = {AUDIENCE: {"roles": list(map(str, Role))}}
    return {"Authorization": f"Bearer {door.token(person, resource_access=access)}"}


def test_01_no_second_door_previews_pages_citations_or_exports_show_it(door: Door) -> None:
    chunk, document = of_vault(door)
    ground = Ground.lay(door)
    hidden = Ground(**{**vars(ground), "slug": "vault", "passage_id": chunk, "document_id": document})
    absent = Ground(**{**vars(ground), "slug": "nothing", "passage_id": str(uuid4()), "document_id": str(uuid4())})
    named = {name for name in DRAWN if any(part in name for part in ("{slug}", "{passage_id}"))}
    headers = {"Authorization": f"Bearer {door.token('ada')}"}
    to_hidden = {name: told(said) for name, said in walk(door, hidden, named, headers)}
    to_absent = {name: told(said) for name, said in walk(door, absent, named, headers)}
    assert len(named) >= 7
    assert to_hidden == to_absent
    assert {status for status, _, _ in to_hidden.values()} == {403, 404}


@pytest.mark.parametrize(
    "path",
    ["/v1/chat/completions", "/v1/embeddings", "/v1/models", "/v1/rerank", "/api/chat", "/api/generate", "/graphql"],
)
def test_02_there_is_no_compatibility_endpoint_beside_the_doors(door: Door, path: str) -> None:
    body = {"model": "x", "messages": [{"role": "user", "content": ORDERS}], "input": ORDERS}
    assert told(door.client.post(path, json=body, headers=everything(door, "ada")))[:2] == (404, "absent")
    assert operations() == set(DRAWN)
    for route in (route for router in ROUTERS for route in router.routes):
        rule_of(route)  # raises for one without a declared rule


def test_03_a_conversation_is_its_persons_alone(door: Door) -> None:
    turn = door.events("ada", FINE)[-1][1]
    door.nation.grant("luc", "harbour")
    for path in (f"/questions/{turn['id']}", f"/questions/{uuid4()}"):
        assert told(door.call("luc", "GET", path))[:2] == (404, "absent")
    opinion = {"useful": True}
    assert door.call("luc", "POST", f"/questions/{turn['id']}/feedback", json=opinion).status_code == 404
    kept = "SELECT conversation_id FROM hub.turns WHERE id = %s"
    conversation = str(value(door.nation.database, kept, turn["id"]))
    door.events("luc", "And how much is it?", conversation_id=conversation)
    mine = [one["id"] for one in door.call("ada", "GET", "/questions").json()["items"]]
    assert mine == [turn["id"]], "what another writes under her number is not hers, and he did not go on from it"


def test_04_what_a_client_names_narrows_and_never_widens(door: Door) -> None:
    assert found(door, "ada", filters={"datasets": ["vault"]})["items"] == []
    told_of = [found(door, "ada", filters={"datasets": [name]})["refusal"] for name in ("vault", "no-such-thing")]
    assert told_of[0] == told_of[1]
    for field in ("dataset_ids", "collection", "scope", "filter", "decision_id", "person", "tenant"):
        body = {"query": ORDERS, "purpose": "research", field: ["vault"]}
        assert door.call("ada", "POST", "/search", json=body).status_code == 422
        assert door.call("ada", "POST", "/questions", json={**body, "question": ORDERS}).status_code == 422


def test_05_without_an_identity_there_is_nothing_and_no_default_one(door: Door) -> None:
    ground = Ground.lay(door)
    said = {name: one.status_code for name, one in walk(door, ground, set(DRAWN), {})}
    assert {status for name, status in said.items() if DRAWN[name][0] != "open"} == {401}
    scope = door.nation.scope("ada")
    for claim in ("", str(uuid4())):
        asked = "SELECT * FROM hub.search_chunks(%s, 'waste', %s::extensions.halfvec, 5, 'hybrid')"
        with door.nation.database.connect("hub_api") as connection:
            connection.execute("SELECT set_config('hub.subject', %s, true)", [claim])
            with pytest.raises(psycopg.DatabaseError):
                connection.execute(asked, [scope.decision_id, str(embedding("waste"))])


def test_06_nothing_is_not_everything(door: Door) -> None:
    """No grant, no role, no chunk, no dataset in the decision, no words of a filter: each means none."""
    assert found(door, "mia")["refusal"]["kind"] == "not-permitted"
    assert found(door, "ada", FINE, filters={"datasets": []})["items"] != []  # a filter left out narrows nothing
    scope = door.nation.scope("mia")
    assert scope.dataset_ids == ()
    assert door.nation.search(scope, "waste") == []
    ids = [row[0] for row in rows(door.nation.database, "SELECT id FROM hub.chunks")]
    assert disclose(door.nation.api, scope, ids).passages == ()
    assert disclose(door.nation.api, door.nation.scope("ada"), []).passages == ()
    nobody = {"Authorization": f"Bearer {door.token('ada', resource_access={})}"}
    assert door.client.post("/search", json={"query": FINE, "purpose": "research"}, headers=nobody).status_code == 403


def test_07_a_grant_is_not_copied_anywhere_it_could_grow_old(door: Door) -> None:
    """Revoked in the middle of a transaction: its next statement sees nothing."""
    scope, nation = door.nation.scope("ada"), door.nation
    context = scope.asker
    (grant,) = [one["id"] for one in every_grant(nation) if one["dataset"] == "harbour"]
    with nation.api.begin(context) as session:
        before = chunks.nearest(session, scope.decision_id, question="waste", embedding=embedding("w"), limit=9)
        with nation.operator.begin(OPERATOR) as operator:
            grants.revoke(operator, grant, reason="test")
        after = chunks.nearest(session, scope.decision_id, question="waste", embedding=embedding("w"), limit=9)
    assert (len(before), after) == (3, [])


def every_grant(nation: Nation) -> list[dict[str, Any]]:
    with nation.operator.begin(OPERATOR) as session:
        return grants.every(session)


def test_08_taking_in_again_rewrites_no_tag_and_no_grant(door: Door) -> None:
    nation = door.nation
    tags = "SELECT classification, store_in, access_from, listed, purposes FROM hub.datasets ORDER BY slug"
    before = rows(nation.database, tags), len(every_grant(nation))
    nation.document("vault", "orders.md", [f"The {WORD} orders are kept in a green safe now."])
    with pytest.raises(ConflictError):
        nation.dataset("vault", listed=True, classification=Classification.PUBLIC)
    with pytest.raises(ConflictError):
        nation.person("mia", organisation="ministry")
    assert (rows(nation.database, tags), len(every_grant(nation))) == before
    assert found(door, "ada")["items"] == [] or WORD not in str(found(door, "ada"))
    assert found(door, "mia")["refusal"]["kind"] == "not-permitted"


@pytest.mark.parametrize("person", ["ada", "mia", "luc"])
def test_09_every_way_to_ask_shows_the_same(door: Door, services: Services, person: str) -> None:
    """The API, the flow the command line calls, llama-index's retriever, and the gate itself."""
    scope = door.nation.scope(person)
    by_api = {item["id"] for item in found(door, person, FINE)["items"]}
    by_flow = search(FINE, scope.subject, Purpose.RESEARCH, services, 5)
    assert isinstance(by_flow, Found if by_api else Refusal)
    flowed = {str(one.chunk_id) for one in by_flow.passages} if isinstance(by_flow, Found) else set()
    retrieved = {one.node.node_id for one in ScopedRetriever(scope, services).retrieve(FINE)}
    ids = [row[0] for row in rows(door.nation.database, "SELECT id FROM hub.chunks")]
    gated = {str(one.chunk_id) for one in disclose(door.nation.api, scope, ids).passages}
    assert by_api == flowed
    assert retrieved <= gated
    assert by_api <= gated
    assert len(gated) == (3 if person == "ada" else 0)


def test_10_what_may_not_be_seen_takes_no_place_of_what_may(door: Door) -> None:
    """No search first and sorting out after: a hundred better matches next door change nothing."""
    asked = "waste in the basin and the first jetty"
    before = found(door, "ada", asked, limit=2)
    for number in range(20):
        door.nation.document("vault", f"{number}.md", [f"{asked}, {number} {part}." for part in range(5)])
    after = found(door, "ada", asked, limit=2)
    assert [item["id"] for item in after["items"]] == [item["id"] for item in before["items"]]
    assert len(after["items"]) == 2
    assert after["facets"] == before["facets"]


def test_11_programs_have_their_own_grants_or_those_of_one_purpose(door: Door) -> None:
    with door.nation.operator.begin(OPERATOR) as session:
        ministry = people.find_organisation(session, "ministry")
        term = every_grant(door.nation)[0]
        grants.give(
            session, dataset_id=door.nation.datasets["harbour"], purpose=Purpose.RESEARCH,
            grantee=grants.Grantee(organisation_id=ministry),
            term=grants.Term(starts_at=term["starts_at"], ends_at=term["ends_at"]),
        )  # fmt: skip
    program = {"Authorization": f"Bearer {door.service()}"}
    body = {"query": FINE, "purpose": "research"}
    said = door.client.post("/search", json=body, headers=program).json()
    assert said["refusal"]["kind"] == "not-permitted", "its organisation's grant is for people"
    agent = {"Authorization": f"Bearer {door.agent('ada', 'statistics')}"}
    assert door.client.post("/search", json=body, headers=agent).json()["items"] == []
    agent = {"Authorization": f"Bearer {door.agent('ada', 'research')}"}
    assert door.client.post("/search", json=body, headers=agent).json()["items"] != []
    assert WORD not in door.client.post("/search", json={**body, "query": ORDERS}, headers=agent).text


def test_12_scores_counts_and_refusals_are_no_oracle(door: Door) -> None:
    item = found(door, "ada", FINE)["items"][0]
    assert {"score", "similarity", "rank", "distance"} & set(item) == set()
    with_vault = door.call("ada", "GET", "/datasets").json(), found(door, "ada", "nothing fits this at all")
    with door.nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, door.nation.datasets["vault"], reason="test")
    assert (door.call("ada", "GET", "/datasets").json(), found(door, "ada", "nothing fits this at all")) == with_vault
    for method, path, more in (("GET", "/datasets/{}", {}), ("GET", "/documents", {"params": {"dataset": "{}"}})):
        both = []
        for name in ("vault", "no-such-thing"):
            asked = {key: {k: v.format(name) for k, v in given.items()} for key, given in more.items()}
            both.append(told(door.call("ada", method, path.format(name), **asked)))
        assert both[0] == both[1]


def test_13_history_replay_and_what_was_read_end_with_the_grant(door: Door) -> None:
    turn = door.events("ada", FINE)[-1][1]
    passage = turn["citations"][0]["passage_id"]
    scope = door.nation.scope("ada")
    assert door.call("ada", "GET", f"/questions/{turn['id']}").json()["answer"]
    assert door.call("ada", "GET", f"/passages/{passage}", **FREE).status_code == 200
    disclosed = value(door.nation.database, "SELECT id FROM hub.disclosures WHERE cardinality(chunk_ids) > 0 LIMIT 1")
    with door.nation.operator.begin(OPERATOR) as session:
        for one in grants.every(session):
            grants.revoke(session, one["id"], reason="test")  # type: ignore[arg-type]
    assert not door.call("ada", "GET", f"/questions/{turn['id']}").json()["answer"]
    assert door.call("ada", "GET", f"/passages/{passage}", **FREE).status_code == 404
    with door.nation.api.begin(Asker(person_id=scope.subject.person_id, zone="zone")) as session:
        again = session.execute(text("SELECT body FROM hub.disclosed_text(:id)"), {"id": disclosed}).all()
    assert again == []


def test_14_a_token_in_an_address_is_none(door: Door) -> None:
    token = door.token("ada")
    for name in ("access_token", "token", "bearer", "api_key", "Authorization"):
        said = door.client.get("/me", params={name: token})
        assert said.status_code == 401
        assert token not in said.text + str(said.headers)
    shown = door.call("ada", "POST", "/search", json={"query": FINE, "purpose": "research"})
    assert token not in shown.text + str(shown.headers)
    assert "://" not in shown.text, "no address that would carry a right of its own"


@pytest.mark.parametrize(
    "header", ["X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Auth-Request-User", "X-Hub-Subject", "X-Email"]
)
def test_15_a_header_from_outside_says_nothing_about_a_person(door: Door, header: str) -> None:
    other = str(door.nation.people["sten"])
    more = {header: other, "X-Roles": "admin", "X-Jurisdiction": "DE", "X-Forwarded-For": "127.0.0.1"}
    assert door.client.get("/me", headers=more).status_code == 401
    seen = [door.call("luc", "GET", "/me", headers=headers).json() for headers in (more, {})]
    assert len({str({**one, "token_ends_at": ""}) for one in seen}) == 1
    assert door.call("luc", "GET", "/system", headers=more).status_code == 403


def test_16_a_group_is_known_by_its_id_never_by_its_name(door: Door) -> None:
    nation = door.nation
    with nation.operator.begin(OPERATOR) as session:
        nation.dataset("tides")
        for slug in ("first", "second"):
            people.register_organisation(session, slug=slug, name="Institute of Tides", jurisdiction="DE")
        first = people.find_organisation(session, "first")
        term = grants.every(session)[0]
        grants.give(
            session, dataset_id=nation.datasets["tides"], grantee=grants.Grantee(organisation_id=first),
            purpose=Purpose.RESEARCH, term=grants.Term(starts_at=term["starts_at"], ends_at=term["ends_at"]),
        )  # fmt: skip
    nation.person("ivo", organisation="first")
    nation.person("eli", organisation="second")
    assert nation.scope("ivo").dataset_ids == (nation.datasets["tides"],)
    assert nation.scope("eli").dataset_ids == ()
    claims = {"groups": ["/first", "/institute-of-tides", "/ministry"], "organisation": "first", "affiliation": "first"}
    headers = {"Authorization": f"Bearer {door.token('eli', **claims)}"}
    said = door.client.post("/search", json={"query": FINE, "purpose": "research"}, headers=headers).json()
    assert said["refusal"]["kind"] == "not-permitted"


def test_17_roles_add_no_right_to_text_and_a_forbid_beats_every_grant(door: Door) -> None:
    for person in ("anton", "ines", "sten", "rosa"):
        body = {"query": ORDERS, "purpose": "research"}
        said = door.client.post("/search", json=body, headers=everything(door, person))
        assert said.json()["refusal"]["kind"] == "not-permitted"
        assert WORD not in said.text
    door.nation.person("tom", clearance=Classification.INTERNAL)
    for dataset in ("vault", "harbour"):
        door.nation.grant("tom", dataset)
    assert door.nation.scope("tom").dataset_ids == (DatasetId(door.nation.datasets["harbour"]),)


def test_18_a_failure_is_said_to_be_one_and_never_nothing_found(door: Door) -> None:
    body = {"query": FINE, "purpose": "research"}
    for token in ("", "x", door.token("ada", exp=1), door.token("ada", iss="https://elsewhere")):
        said = door.client.post("/search", json=body, headers={"Authorization": f"Bearer {token}"})
        assert (said.status_code, said.headers["content-type"]) == (401, "application/problem+json")
    with door.nation.database.connect(autocommit=True) as connection:
        connection.execute("REVOKE EXECUTE ON FUNCTION hub.search_chunks FROM hub_api")
    failed = door.call("ada", "POST", "/search", json=body)
    kind = failed.json()["refusal"]["kind"] if failed.status_code == 200 else failed.status_code
    assert kind in {"dependency-down", 500, 503}
