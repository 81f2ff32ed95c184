"""What the issuer's tokens say is what Keycloak's say with the same realm file, and the hub takes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import IdentityError
from catalog.vocabulary import Classification, Role
from hub.identity import SignedIn, TokenRules, Verifier
from hub.identity.keyfile import signing_keys
from hub.stack.keycloak.people import ORGANISATIONS, PEOPLE, DemoPerson
from hub.stack.keycloak.realm import realm
from tests.hub.stack.issuer.browser import URL, Browser, answer_in, part

RULES = TokenRules(issuer=URL, audience="hub-api", clients=frozenset({"hub-ui", "hub-cli"}))
CERTS = f"{URL}/protocol/openid-connect/certs"

#: Written down from Keycloak 26.7.3 with this realm file: Sten signs in at the UI; what changes with each is a type.
KEYCLOAK_ACCESS: dict[str, Any] = {
    "exp": int, "iat": int, "auth_time": int, "jti": str, "iss": URL, "aud": "hub-api",
    "sub": "c93fc69f-e1e0-5663-b53b-50a9a378dfdf", "typ": "Bearer", "azp": "hub-ui", "sid": str,
    "resource_access": {"hub-api": {"roles": ["steward"]}}, "scope": "openid",
    "affiliation": "Water Board of Varnholm", "amr": ["pwd"], "jurisdiction": "DE", "clearance": "secret",
    "groups": ["/water-board"],
}  # fmt: skip
KEYCLOAK_ID: dict[str, Any] = {
    "exp": int, "iat": int, "auth_time": int, "jti": str, "iss": URL, "aud": "hub-ui",
    "sub": "c93fc69f-e1e0-5663-b53b-50a9a378dfdf", "typ": "ID", "azp": "hub-ui", "nonce": "a nonce", "sid": str,
    "amr": ["pwd"], "name": "Sten Brandt", "preferred_username": "sten",
}  # fmt: skip


def alike(claims: dict[str, Any], keycloaks: dict[str, Any]) -> bool:
    """The same names; the same values, or the same type where the value is of the moment."""
    assert set(claims) == set(keycloaks)
    return all(
        isinstance(claims[name], value) if isinstance(value, type) else claims[name] == value
        for name, value in keycloaks.items()
    )


def verified(browser: Browser, token: str) -> SignedIn:
    keys = signing_keys(browser.http.get(CERTS).content)
    return Verifier(keys, RULES, now=browser.clock).signed_in(token)


def test_an_access_token_is_shaped_like_keycloaks(browser: Browser) -> None:
    token = browser.tokens("sten")["access_token"]
    assert alike(part(token, 1), KEYCLOAK_ACCESS)
    assert {name: type(value) for name, value in part(token, 0).items()} == {"alg": str, "typ": str, "kid": str}
    assert (part(token, 0)["alg"], part(token, 0)["typ"]) == ("RS256", "at+jwt")


def test_an_id_token_is_shaped_like_keycloaks(browser: Browser) -> None:
    token = browser.tokens("sten")["id_token"]
    assert alike(part(token, 1), KEYCLOAK_ID)
    assert part(token, 0)["typ"] == "JWT"


def test_a_terminals_access_token_differs_by_its_client_alone(browser: Browser) -> None:
    answer = browser.connect("sten")
    assert alike(part(answer["access_token"], 1), {**KEYCLOAK_ACCESS, "azp": "hub-cli", "scope": ""})
    assert "id_token" not in answer


def test_the_answer_around_the_tokens_is_keycloaks(browser: Browser) -> None:
    answer = browser.tokens()
    assert set(answer) == {
        "access_token", "expires_in", "refresh_expires_in", "token_type", "id_token", "not-before-policy",
        "session_state", "scope",
    }  # fmt: skip
    assert (answer["expires_in"], answer["token_type"], answer["refresh_expires_in"]) == (300, "Bearer", 0)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.slug)
def test_the_hub_takes_each_persons_token_for_who_they_are(person: DemoPerson, browser: Browser) -> None:
    token = browser.tokens(person.slug)["access_token"]
    found = verified(browser, token)
    assert found.subject.person_id == person.id
    assert (found.subject.jurisdiction, found.subject.clearance) == (person.jurisdiction, person.clearance)
    assert (found.roles, found.organisations) == ({person.role}, {person.organisation})
    assert part(token, 1)["affiliation"] == ORGANISATIONS[person.organisation]
    assert person.name not in json.dumps(part(token, 1))


def test_a_token_lives_five_minutes_to_the_second(browser: Browser) -> None:
    token = browser.tokens()["access_token"]
    claims = part(token, 1)
    assert claims["exp"] - claims["iat"] == 300
    browser.clock.now += 299
    assert verified(browser, token)
    browser.clock.now += 1
    with pytest.raises(IdentityError, match="expired"):
        verified(browser, token)


def test_the_hub_takes_no_id_token(browser: Browser) -> None:
    with pytest.raises(IdentityError, match="not an access token"):
        verified(browser, browser.tokens()["id_token"])


def test_no_two_tokens_are_the_same_and_one_session_names_them_all(browser: Browser) -> None:
    first = browser.tokens()
    second = browser.redeem(_silent_code(browser)).json()
    one, two = part(first["access_token"], 1), part(second["access_token"], 1)
    assert one["jti"] != two["jti"]
    assert one["sid"] == two["sid"] == first["session_state"]


def test_the_session_a_token_names_is_not_the_cookie(browser: Browser) -> None:
    claims = part(browser.tokens()["access_token"], 1)
    assert claims["sid"] not in str(browser.http.cookies)


def test_without_a_nonce_or_openid_none_is_made_up(browser: Browser) -> None:
    assert "nonce" not in part(browser.redeem(browser.code(nonce=None)).json()["id_token"], 1)
    assert "id_token" not in browser.redeem(browser.code(scope=None)).json()


def test_public_keys_are_public(browser: Browser) -> None:
    (key,) = browser.http.get(CERTS).json()["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}


def test_a_client_carries_only_the_roles_the_realm_lets_it(secrets_dir: Path, tmp_path: Path) -> None:
    raw = realm()
    for mapping in raw["clientScopeMappings"]["hub-api"]:
        mapping["roles"].remove("admin")
    held_back = Browser.of_realm(raw, tmp_path, secrets_dir)
    assert verified(held_back, held_back.tokens("ines")["access_token"]).roles == {Role.AUDITOR}
    token = held_back.tokens("anton")["access_token"]
    assert "resource_access" not in part(token, 1)
    assert verified(held_back, token).roles == set()


def test_roles_and_clearance_are_the_realms_and_nothing_in_a_request_changes_them(browser: Browser) -> None:
    code = browser.code("mia", claims='{"access_token":{"clearance":{"value":"secret"}}}', roles="admin")
    found = verified(browser, browser.redeem(code, clearance="secret", groups="/hub-office").json()["access_token"])
    assert (found.roles, found.subject.clearance) == ({Role.FOUNDER}, Classification.INTERNAL)


def _silent_code(browser: Browser) -> str:
    return answer_in(browser.authorize(prompt="none"))["code"]
