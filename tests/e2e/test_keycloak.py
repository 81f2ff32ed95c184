"""The identity suite on a real Keycloak, and what only Keycloak can answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright
from pydantic import SecretStr

from catalog.errors import IdentityError
from hub.identity import Registrar
from hub.stack.keycloak.flow import SECOND_FACTOR
from hub.stack.keycloak.people import PEOPLE, DemoPerson
from tests.e2e.services import keycloak
from tests.e2e.services.keycloak_people import API_SECRET, PASSWORD, REGISTRAR_SECRET, one_time_code, otp_credential
from tests.e2e.test_keycloak_sessions import outlet
from tests.hub.identity.identity_suite import IdentitySuite
from tests.hub.identity.programs_suite import AUDIENCE, ProgramsSuite
from tests.hub.identity.visitor import Desk, Visitor, plain
from tests.hub.stack.issuer.browser import part
from tests.ui.peer.screen import chromium, window

pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def desk(server: keycloak.Server) -> Desk:
    return Desk(issuer=server.issuer, password=PASSWORD, api_secret=API_SECRET, code_for=one_time_code)


class TestKeycloak(IdentitySuite):
    def methods(self, person: DemoPerson) -> list[str]:
        return ["pwd", "otp"] if person.role in SECOND_FACTOR else ["pwd"]


class TestKeycloaksPrograms(ProgramsSuite):
    @pytest.fixture
    def registrar(self, server: keycloak.Server, tmp_path: Path) -> Iterator[Registrar]:
        socket, secret = tmp_path / "outlet.sock", SecretStr(REGISTRAR_SECRET)
        with outlet(server, socket):
            yield Registrar(
                issuer=server.issuer, socket=socket, client="hub-registrar", secret=secret, audience=AUDIENCE
            )


# What only Keycloak can answer


@pytest.fixture
def visitor(desk: Desk) -> Iterator[Visitor]:
    with Visitor(desk=desk) as visitor:
        yield visitor


@contextmanager
def changed(server: keycloak.Server, slug: str, **changes: object) -> Iterator[None]:
    """A person with something else said of them, for a while."""
    at = f"/realms/hub/users/{person_id(slug)}"
    with server.keeper() as keeper:
        before = keeper.get(at).json()
        assert keeper.put(at, json={**before, **changes}).status_code == 204
        try:
            yield
        finally:
            assert keeper.put(at, json=before).status_code == 204


def person_id(slug: str) -> str:
    return next(str(person.id) for person in PEOPLE if person.slug == slug)


def test_a_steward_is_asked_for_a_second_factor_in_a_real_browser(server: keycloak.Server, desk: Desk) -> None:
    with sync_playwright() as playwright, chromium(playwright) as browser, window(browser) as watched:
        page, program = watched.page, Visitor(desk=desk)
        page.goto(str(httpx.URL(desk.at("auth"), params=program.asked())))
        page.get_by_label("Username").fill("sten")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign In").click()
        code = page.get_by_label(re.compile("code", re.IGNORECASE))
        code.fill("000000")
        page.get_by_role("button", name="Sign In").click()
        expect(page.get_by_text("Invalid authenticator code")).to_be_visible()
        code.fill(one_time_code("sten") or "")  # may wait for the next one, longer than a request is waited for
        with page.expect_request(re.compile(r"/oauth2callback\?")) as sent:
            page.get_by_role("button", name="Sign In").click()
        with program:
            answer = program.redeem(dict(parse_qsl(urlsplit(sent.value.url).query))["code"])
        assert part(answer.json()["access_token"], 1)["amr"] == ["pwd", "otp"]
    assert server.issuer == desk.issuer


@pytest.mark.parametrize("slug", ["sten", "anton", "ines"])
def test_without_the_second_factor_who_keeps_the_hub_does_not_get_in(visitor: Visitor, slug: str) -> None:
    page = visitor.submit(visitor.authorize(), {"username": slug, "password": PASSWORD})
    assert (page.status_code, 'name="otp"' in page.text) == (200, True)
    wrong = visitor.submit(page, {"otp": "000000"})
    assert not wrong.is_redirect


def test_someone_with_two_of_these_roles_is_asked_once(server: keycloak.Server, visitor: Visitor) -> None:
    with server.keeper() as keeper:
        api = keeper.get("/realms/hub/clients", params={"clientId": "hub-api"}).json()[0]["id"]
        role = keeper.get(f"/realms/hub/clients/{api}/roles/auditor").json()
        mapping = f"/realms/hub/users/{person_id('sten')}/role-mappings/clients/{api}"
        assert keeper.post(mapping, json=[role]).status_code == 204
        try:
            claims = part(visitor.tokens("sten")["access_token"], 1)
        finally:
            assert keeper.request("DELETE", mapping, json=[role]).status_code == 204
    assert sorted(claims["resource_access"]["hub-api"]["roles"]) == ["auditor", "steward"]
    assert claims["amr"] == ["pwd", "otp"]


def test_a_keeper_without_a_second_factor_must_set_one_up_first(server: keycloak.Server, visitor: Visitor) -> None:
    at = f"/realms/hub/users/{person_id('anton')}/credentials"
    with server.keeper() as keeper:
        (otp,) = [one for one in keeper.get(at).json() if one["type"] == "otp"]
        kept = keeper.get(f"/realms/hub/users/{person_id('anton')}").json()
        assert keeper.delete(f"{at}/{otp['id']}").status_code == 204
        page = visitor.submit(visitor.authorize(), {"username": "anton", "password": PASSWORD})
        assert "Mobile Authenticator Setup" in plain(page.text)
        assert not page.is_redirect
        kept["credentials"] = [otp_credential()]
        assert keeper.put(f"/realms/hub/users/{person_id('anton')}", json=kept).status_code == 204


def test_after_five_wrong_passwords_the_right_one_is_no_use_for_a_while(
    server: keycloak.Server, visitor: Visitor
) -> None:
    locked = f"/realms/hub/attack-detection/brute-force/users/{person_id('rosa')}"
    for number in range(5):
        assert not visitor.sign_in("rosa", f"guess-{number}-guess").is_redirect
    assert not visitor.sign_in("rosa").is_redirect
    with server.keeper() as keeper:
        assert keeper.get(locked).json()["disabled"]
        assert keeper.delete(locked).status_code == 204
    assert visitor.sign_in("rosa").is_redirect


def test_a_disabled_person_gets_in_nowhere_and_keeps_nothing(server: keycloak.Server, visitor: Visitor) -> None:
    tokens = visitor.connect("mia")
    renew = {"grant_type": "refresh_token", "client_id": "hub-cli", "refresh_token": tokens["refresh_token"]}
    with changed(server, "mia", enabled=False):
        assert "access_token" not in visitor.token(**renew).json()
        assert "access_token" not in visitor.exchange(tokens["access_token"]).json()
        with Visitor(desk=visitor.desk) as other:
            page = other.sign_in("mia")
        assert not page.is_redirect
        assert "disabled" in plain(page.text)


def test_nobody_changes_their_own_place_clearance_or_organisation(server: keycloak.Server, visitor: Visitor) -> None:
    """By the account console's own interface, with its own token, as far as a person can get one."""
    mapping = f"/realms/hub/users/{person_id('ada')}/role-mappings/realm"
    with server.keeper() as keeper:  # what Keycloak gives everyone it registers by itself
        assert keeper.post(mapping, json=[keeper.get("/realms/hub/roles/default-roles-hub").json()]).status_code == 204
    pages = {"client_id": "account-console", "redirect_uri": f"{visitor.desk.issuer}/account/", "scope": "openid"}
    code = dict(parse_qsl(visitor.sign_in("ada", **pages).url.query.decode()))
    token = visitor.redeem(code["code"], client_id="account-console", redirect_uri=pages["redirect_uri"]).json()
    own = {"Authorization": f"Bearer {token['access_token']}", "Accept": "application/json"}
    account = f"{visitor.desk.issuer}/account/"
    told = visitor.http.get(account, headers=own).json()
    assert told["username"] == "ada"
    for name, value in {"jurisdiction": "FR", "clearance": "public", "affiliation": "Tidewise"}.items():
        asked = {**told, "attributes": {**told.get("attributes", {}), name: [value]}}
        visitor.http.post(account, headers=own, json=asked)
    visitor.http.post(account, headers=own, json={**told, "attributes": {}})
    with server.keeper() as keeper:
        role = [keeper.get("/realms/hub/roles/default-roles-hub").json()]
        assert keeper.request("DELETE", mapping, json=role).status_code == 204
        kept = keeper.get(f"/realms/hub/users/{person_id('ada')}").json()["attributes"]
    assert (kept["jurisdiction"], kept["clearance"]) == (["DE"], ["secret"])
    assert kept["affiliation"] == ["Institute for Coast and Climate"]


def test_an_attribute_nobody_declared_is_dropped_without_a_word(server: keycloak.Server, visitor: Visitor) -> None:
    with server.keeper() as keeper:
        at = f"/realms/hub/users/{person_id('luc')}"
        person = keeper.get(at).json()
        written = {**person, "attributes": {**person["attributes"], "need_to_know": ["everything"]}}
        assert keeper.put(at, json=written).status_code == 204
        assert "need_to_know" not in keeper.get(at).json()["attributes"]
    assert "need_to_know" not in part(visitor.tokens("luc")["access_token"], 1)


@pytest.mark.parametrize("password", ["short", "ada", "password"])
def test_a_password_against_the_policy_is_refused(server: keycloak.Server, password: str) -> None:
    with server.keeper() as keeper:
        at = f"/realms/hub/users/{person_id('ada')}/reset-password"
        answer = keeper.put(at, json={"type": "password", "value": password, "temporary": False})
    assert answer.status_code == 400, answer.text


def test_the_workers_account_opens_nothing_here(server: keycloak.Server, visitor: Visitor) -> None:
    with server.keeper() as keeper:
        client = keeper.get("/realms/hub/clients", params={"clientId": "hub-worker"}).json()[0]["id"]
        secret = keeper.get(f"/realms/hub/clients/{client}/client-secret").json()["value"]
    answer = visitor.token(grant_type="client_credentials", client_id="hub-worker", client_secret=secret)
    claims = part(answer.json()["access_token"], 1)
    assert "aud" not in claims
    assert "resource_access" not in claims
    with pytest.raises(IdentityError):
        TestKeycloak().verified(visitor, answer.json()["access_token"])


def test_an_exchange_that_names_no_audience_gains_a_token_this_hub_does_not_take(visitor: Visitor) -> None:
    answer = visitor.exchange(visitor.tokens("ada")["access_token"], audience=None)
    with pytest.raises(IdentityError):
        TestKeycloak().verified(visitor, answer.json()["access_token"])
