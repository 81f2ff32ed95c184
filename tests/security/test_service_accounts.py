"""A program with an account of its own asks within its own grants, pays itself, holds no role, and can be put out."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from catalog import audit, grants, people
from catalog.datasets import Budget
from catalog.db import Asker
from catalog.errors import DataHubError
from catalog.vocabulary import EventType, PersonId, Purpose, Role
from hub.identity import Registrar
from tests.catalog.ledger import rows, value
from tests.fixtures.nation import OPERATOR, TERM
from tests.hub.api.conftest import AUDIENCE, ISSUER, Door
from tests.hub.api.walked import FINE, Ground, behind, kind, walk
from tests.security.test_api_matrix import DRAWN

SLUG = "tide-watch"
BODY = {"slug": SLUG, "name": "Tide watch", "organisation": "ministry", "jurisdiction": "DE"}


def call(door: Door, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    return door.client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **more)


def search(door: Door, token: str, query: str = FINE) -> dict[str, Any]:
    said = call(door, token, "POST", "/search", json={"query": query, "purpose": "research"})
    assert said.status_code == 200, said.text
    return dict(said.json())


def claims(door: Door, token: str) -> dict[str, Any]:
    found = door.key.read_back(token, kind="at+jwt")
    assert found
    return found


def forged(door: Door, token: str, **changes: Any) -> str:
    """The program's token with something else in it, signed by the issuer."""
    whole = {name: value for name, value in {**claims(door, token), **changes}.items() if value is not None}
    return door.key.sign(whole, kind="at+jwt")


def permit(door: Door, slug: str = SLUG, dataset: str = "harbour", **more: Any) -> PersonId:
    """Give the account a grant of its own."""
    with door.nation.operator.begin(OPERATOR) as session:
        door.nation.people[slug] = people.find_person(session, slug).id
    door.nation.grant(slug, dataset, **more)
    return door.nation.people[slug]


def rotated(door: Door) -> str:
    """A token got by a new key, a second later: what is older than the key's making has ended."""
    said = door.call("anton", "POST", f"/service-accounts/{SLUG}/key")
    assert said.status_code == 200, said.text
    time.sleep(1)
    return door.service_token(said.json())


def test_it_reads_what_it_was_granted_pays_itself_and_the_trail_names_it(door: Door) -> None:
    token = door.service()
    before = search(door, token)
    assert (before["items"], before["refusal"]["kind"]) == ([], "not-permitted")
    me = permit(door)
    assert search(door, token)["items"]
    with door.nation.operator.begin(OPERATOR) as session:
        (disclosed,) = audit.newest(session, limit=9, types=[EventType.PASSAGES_DISCLOSED])
        (opened,) = audit.newest(session, limit=9, types=[EventType.SERVICE_REGISTERED])
    assert (disclosed.actor, disclosed.agent) == (f"person:{me}", None)
    assert (opened.actor, opened.object) == (f"person:{door.nation.people['anton']}", f"person:{me}")
    assert value(door.nation.database, "SELECT lifetime_used FROM hub.person_budgets WHERE person_id = %s", me) > 0
    shown = door.call("ines", "GET", "/audit", params={"reason": "A test looks", "actor": SLUG}).json()["items"]
    assert {one["actor"]["name"] for one in shown} == {SLUG.title()}


def test_its_organisations_grants_are_not_its_own(door: Door) -> None:
    token = door.service()
    organisation = value(door.nation.database, "SELECT id FROM hub.organisations WHERE slug = 'ministry'")
    with door.nation.operator.begin(OPERATOR) as session:
        for dataset in ("harbour", "vault"):
            grants.give(
                session, dataset_id=door.nation.datasets[dataset], purpose=Purpose.RESEARCH, term=TERM,
                grantee=grants.Grantee(organisation_id=organisation),
            )  # fmt: skip
    said = search(door, token)
    assert (said["items"], said["refusal"]["kind"]) == ([], "not-permitted")
    assert search(door, door.token("mia"))["items"]
    for query in (f"%{door.nation.datasets['harbour']}%", f"%{door.nation.datasets['vault']}%"):
        decided = "SELECT count(*) FROM hub.decisions WHERE subject_id = %s AND dataset_ids::text LIKE %s"
        assert value(door.nation.database, decided, claims(door, token)["sub"], query) == 0


def test_its_own_budget_bounds_it(door: Door) -> None:
    token = door.service()
    door.nation.dataset("small", budget=Budget(window_characters=60, lifetime_characters=60, ceiling_share=Decimal(1)))
    door.nation.document("small", "s.md", [f"The quay number {n} is fine for boats of {n} metres. " for n in range(9)])
    me = permit(door, dataset="small")
    shown = {
        one["body"]
        for query in ("quay boats", "quay metres", "fine quay")
        for one in search(door, token, query)["items"]
    }
    used = value(door.nation.database, "SELECT lifetime_used FROM hub.person_budgets WHERE person_id = %s", me)
    assert 0 < used <= 60
    assert len(shown) == 1


def test_it_goes_through_the_doors_of_asking_and_no_other(door: Door) -> None:
    ground, token = Ground.lay(door), door.service()
    found = dict(walk(door, ground, set(DRAWN), {"Authorization": f"Bearer {token}"}))
    passed = {name for name, (action, _) in DRAWN.items() if action in {"ask", "open"}}
    assert {name for name, said in found.items() if said.status_code == 403} == set(DRAWN) - passed


@pytest.mark.parametrize("roles", [["admin"], ["steward"], ["auditor"], list(map(str, Role))], ids=str)
def test_roles_written_into_its_token_open_nothing(door: Door, roles: list[str]) -> None:
    token = forged(door, door.service(), resource_access={AUDIENCE: {"roles": roles}}, groups=["/ministry"])
    assert door.hub.verifier.signed_in(token).roles == frozenset()
    for path in ("/me", "/system", "/audit", "/questions", "/datasets", "/service-accounts"):
        assert kind(call(door, token, "GET", path)) == (403, "not-allowed")
    assert kind(call(door, token, "POST", "/people/gone/sign-out")) == (403, "not-allowed")


@pytest.mark.parametrize("changes", [
    {"azp": "hub-service-another"}, {"azp": "hub-service-"}, {"azp": "hub-servic"}, {"azp": ["hub-service-tide-watch"]},
    {"aud": "account"}, {"aud": "hub-agent-research"}, {"aud": None}, {"iss": "https://evil.example"}, {"exp": 1},
    {"typ": "ID"}, {"azp": None}, {"sub": None}, {"sub": "5e0c1d3c-7a36-4b0e-9d0a-6f0f6f3c8f11"},
], ids=str)  # fmt: skip
def test_a_programs_token_with_another_word_in_it_is_not_taken(door: Door, changes: dict[str, Any]) -> None:
    token = door.service()
    permit(door)
    said = call(door, forged(door, token, **changes), "POST", "/search", json={"query": FINE, "purpose": "research"})
    assert kind(said) == (401, "signed-out")


def test_a_client_of_that_name_that_no_admin_opened_is_nobody(door: Door) -> None:
    registrar = door.hub.registrar
    assert registrar
    registrar.open("hub-service-stray", jurisdiction="DE", clearance="secret")
    token = registrar.token_of("hub-service-stray", registrar.new_key("hub-service-stray"))
    for one in (token, forged(door, token, sub=str(door.nation.people["ada"]))):
        said = call(door, one, "POST", "/search", json={"query": FINE, "purpose": "research"})
        assert kind(said) == (401, "signed-out")
        assert "no service account here" in said.json()["detail"]


def test_one_program_is_not_another(door: Door) -> None:
    token = door.service()
    permit(door)
    other = door.service("wind-watch")
    stolen = forged(door, other, sub=claims(door, token)["sub"])
    said = call(door, stolen, "POST", "/search", json={"query": FINE, "purpose": "research"})
    assert kind(said) == (401, "signed-out")


def test_a_new_key_ends_the_old_one_and_every_token_it_gave_out(door: Door) -> None:
    told = door.call("anton", "POST", "/service-accounts", json=BODY).json()
    old = door.service_token(told)
    permit(door)
    assert search(door, old)["items"]
    new = rotated(door)
    said = call(door, old, "POST", "/search", json={"query": FINE, "purpose": "research"})
    assert kind(said) == (401, "signed-out")
    assert "session was ended" in said.json()["detail"]
    with pytest.raises(AssertionError):
        door.service_token(told)
    assert search(door, new)["items"]
    with door.nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=9, types=[EventType.SERVICE_REKEYED])
    assert event.actor == f"person:{door.nation.people['anton']}"


def test_a_removed_account_is_refused_at_once_and_for_good(door: Door) -> None:
    token = door.service()
    permit(door)
    began = time.monotonic()
    assert door.call("anton", "POST", f"/service-accounts/{SLUG}/removal").status_code == 204
    said = call(door, token, "POST", "/search", json={"query": FINE, "purpose": "research"})
    assert time.monotonic() - began < 5
    assert kind(said) == (401, "signed-out")
    assert "service account was removed" in said.json()["detail"]
    assert door.call("anton", "POST", f"/service-accounts/{SLUG}/removal").status_code == 204
    assert kind(door.call("anton", "POST", f"/service-accounts/{SLUG}/key")) == (404, "absent")
    assert kind(door.call("anton", "POST", "/service-accounts", json=BODY)) == (409, "conflict")
    (listed,) = door.call("anton", "GET", "/service-accounts").json()["items"]
    assert listed["removed_at"]
    with door.nation.operator.begin(OPERATOR) as session:
        assert len(audit.newest(session, limit=9, types=[EventType.SERVICE_REMOVED])) == 1


def test_an_admin_ends_a_programs_sessions_like_a_persons(door: Door) -> None:
    token = door.service()
    assert door.call("anton", "POST", f"/people/{SLUG}/sign-out").status_code == 204
    assert kind(call(door, token, "POST", "/search", json={"query": FINE, "purpose": "research"}))[0] == 401


def test_a_key_is_told_once_and_kept_nowhere_in_the_hub(door: Door) -> None:
    keys = [door.call("anton", "POST", "/service-accounts", json=BODY).json()["key"]]
    keys.append(door.call("anton", "POST", f"/service-accounts/{SLUG}/key").json()["key"])
    heard = door.call("anton", "GET", "/service-accounts").text
    heard += door.call("ines", "GET", "/audit", params={"reason": "A test looks"}).text
    tables = ("people", "service_accounts", "audit_events", "ended_sessions")
    held = "".join(str(rows(door.nation.database, f"SELECT t::text FROM hub.{one} t")) for one in tables)  # type: ignore[arg-type]  # noqa: S608
    assert SLUG in heard
    assert SLUG in held
    assert not [key for key in keys if key in heard or key in held]


@pytest.mark.parametrize(("changes", "said"), [
    ({"organisation": "nowhere"}, (404, "absent")), ({"slug": "ada"}, (409, "conflict")),
    ({"jurisdiction": "ZZ"}, (422, "invalid")), ({"jurisdiction": "Germany"}, (422, "invalid")),
    ({"slug": "Tide Watch"}, (422, "invalid")), ({"slug": ""}, (422, "invalid")),
    ({"clearance": "cosmic"}, (422, "invalid")),
    ({"name": "a\x00b"}, (422, "invalid")), ({"roles": ["admin"]}, (422, "invalid")),
], ids=str)  # fmt: skip
def test_what_can_not_be_opened_leaves_no_client_behind(
    door: Door, changes: dict[str, Any], said: tuple[int, str]
) -> None:
    assert kind(door.call("anton", "POST", "/service-accounts", json={**BODY, **changes})) == said
    assert vars(door.hub.registrar)["known"] == {}
    assert door.call("anton", "GET", "/service-accounts").json()["items"] == []


def test_opening_one_twice_leaves_the_first_as_it_is(door: Door) -> None:
    token = door.service()
    permit(door)
    assert kind(door.call("anton", "POST", "/service-accounts", json=BODY)) == (409, "conflict")
    assert search(door, token)["items"]


def test_a_person_is_no_service_account(door: Door) -> None:
    for path in ("key", "removal"):
        assert kind(door.call("anton", "POST", f"/service-accounts/ada/{path}")) == (404, "absent")
    assert door.call("ada", "GET", "/me").status_code == 200


def test_an_admin_the_register_does_not_know_opens_nothing(door: Door) -> None:
    stranger = door.token("anton", sub=str(uuid4()))
    for path in ("", f"/{SLUG}/key", f"/{SLUG}/removal"):
        said = call(door, stranger, "POST", f"/service-accounts{path}", json=BODY)
        assert kind(said) == (403, "not-allowed")
    assert kind(call(door, stranger, "GET", "/service-accounts")) == (403, "not-allowed")
    assert vars(door.hub.registrar)["known"] == {}


def test_without_a_registrar_a_sentence_says_what_is_missing(door: Door) -> None:
    door.service()
    alone = behind(door, registrar=None)
    for path in ("", f"/{SLUG}/key"):
        said = alone.call("anton", "POST", f"/service-accounts{path}", json={**BODY, "slug": "another"})
        assert (said.status_code, said.json()["part"]) == (503, "registrar")
        assert "can't be opened" in said.json()["detail"]


@pytest.mark.parametrize("there", [True, False])
def test_removing_needs_no_issuer(door: Door, tmp_path: Path, there: bool) -> None:  # noqa: FBT001  # pytest's
    token = door.service()
    gone = Registrar(issuer=ISSUER, socket=tmp_path / "gone", client="x", secret=SecretStr("x"), audience="x")
    said = behind(door, registrar=gone if there else None).call("anton", "POST", f"/service-accounts/{SLUG}/removal")
    assert (said.status_code, said.text and said.json()["part"]) == ((503, "issuer") if there else (204, ""))
    assert kind(call(door, token, "POST", "/search", json={"query": FINE, "purpose": "research"}))[0] == 401


def test_the_account_sees_no_other_and_writes_none(door: Door) -> None:
    mine, others = claims(door, door.service())["sub"], claims(door, door.service("wind-watch"))["sub"]
    with door.nation.api.begin(Asker(person_id=PersonId(UUID(mine)))) as session:
        seen = session.execute(text("SELECT person_id FROM hub.service_accounts")).scalars().all()
        assert seen == [UUID(mine)]
    for statement in (
        f"UPDATE hub.service_accounts SET removed_at = NULL WHERE person_id = '{mine}'",  # noqa: S608  # own ids
        f"DELETE FROM hub.service_accounts WHERE person_id = '{others}'",  # noqa: S608
        f"INSERT INTO hub.service_accounts (person_id, client, opened_by) VALUES ('{mine}', 'x', 'x')",  # noqa: S608
        f"UPDATE hub.people SET kind = 'person' WHERE id = '{mine}'",  # noqa: S608
    ):
        with pytest.raises(DataHubError), door.nation.api.begin(Asker(person_id=PersonId(UUID(mine)))) as session:
            session.execute(text(statement))
