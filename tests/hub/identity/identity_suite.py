"""What the hub needs of an issuer: the same tests run on the development issuer and on a real Keycloak."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from catalog.errors import IdentityError
from catalog.vocabulary import Role
from hub.identity import SignedIn, TokenRules, Verifier
from hub.identity.keyfile import signing_keys
from hub.stack.keycloak.people import ORGANISATIONS, PEOPLE, DemoPerson
from tests.hub.identity.visitor import Desk, Visitor, told
from tests.hub.stack.issuer.browser import VERIFIER, challenge, part

ACCESS = {
    "exp", "iat", "auth_time", "jti", "iss", "aud", "sub", "typ", "azp", "sid", "resource_access", "scope",
    "affiliation", "amr", "jurisdiction", "clearance", "groups",
}  # fmt: skip
ID = {
    "exp", "iat", "auth_time", "jti", "iss", "aud", "sub", "typ", "azp", "sid", "nonce", "amr", "name",
    "preferred_username",
}  # fmt: skip
BACK = "http://localhost:8080/oauth2callback"


def refused(answer: httpx.Response, *codes: str) -> None:
    assert answer.status_code in {400, 401, 403}, answer.text
    assert answer.json()["error"] in codes, answer.text


class IdentitySuite(ABC):
    """Whoever runs it has a fixture `desk`."""

    @abstractmethod
    def methods(self, person: DemoPerson) -> list[str]:
        """How this person proves themselves there (RFC 8176)."""

    @pytest.fixture
    def visitor(self, desk: Desk) -> Iterator[Visitor]:
        with Visitor(desk=desk) as visitor:
            yield visitor

    def verifier(self, desk: Desk) -> Verifier:
        content = httpx.get(desk.at("certs"), trust_env=False).content
        rules = TokenRules(issuer=desk.issuer, audience="hub-api", clients=frozenset({"hub-ui", "hub-cli"}))
        return Verifier(signing_keys(content), rules)

    def verified(self, visitor: Visitor, token: str) -> SignedIn:
        return self.verifier(visitor.desk).signed_in(token)

    @pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.slug)
    def test_each_persons_token_says_who_they_are_and_names_nobody(self, visitor: Visitor, person: DemoPerson) -> None:
        token = visitor.tokens(person.slug)["access_token"]
        head, claims = part(token, 0), part(token, 1)
        assert (head["alg"], head["typ"], set(head)) == ("RS256", "at+jwt", {"alg", "typ", "kid"})
        assert set(claims) == ACCESS
        assert (claims["iss"], claims["aud"], claims["azp"]) == (visitor.desk.issuer, "hub-api", "hub-ui")
        assert (claims["typ"], claims["sub"]) == ("Bearer", str(person.id))
        assert claims["resource_access"] == {"hub-api": {"roles": [person.role]}}
        assert claims["groups"] == [f"/{person.organisation}"]
        assert claims["amr"] == self.methods(person)
        assert claims["affiliation"] == ORGANISATIONS[person.organisation]
        assert (claims["jurisdiction"], claims["clearance"]) == (person.jurisdiction, person.clearance)
        assert claims["exp"] - claims["iat"] == 300
        assert person.name not in json.dumps(claims)
        found = self.verified(visitor, token)
        assert (found.subject.person_id, found.roles) == (person.id, {person.role})
        assert (found.organisations, found.session_id) == ({person.organisation}, claims["sid"])

    def test_the_id_token_greets_and_the_hub_takes_it_for_no_access_token(self, visitor: Visitor) -> None:
        token = visitor.tokens("luc")["id_token"]
        claims = part(token, 1)
        assert set(claims) - {"at_hash"} == ID
        assert (claims["aud"], claims["name"], claims["preferred_username"]) == ("hub-ui", "Luc Perrin", "luc")
        assert claims["nonce"] == "a nonce"
        with pytest.raises(IdentityError, match="not an access token"):
            self.verified(visitor, token)

    def test_a_terminal_signs_in_by_a_code_in_the_browser_with_the_same_claims(self, visitor: Visitor) -> None:
        answer = visitor.connect("ada")
        claims = part(answer["access_token"], 1)
        assert (set(claims), claims["azp"], claims["aud"]) == (ACCESS, "hub-cli", "hub-api")
        assert "id_token" not in answer
        assert self.verified(visitor, answer["access_token"]).roles == {Role.RESEARCHER}

    def test_a_terminal_renews_its_token_once_with_each_refresh_token(self, visitor: Visitor) -> None:
        first = visitor.connect("ada")["refresh_token"]
        again = {"grant_type": "refresh_token", "client_id": "hub-cli", "refresh_token": first}
        second = visitor.token(**again)
        assert part(second.json()["access_token"], 1)["azp"] == "hub-cli"
        refused(visitor.token(**again), "invalid_grant")

    def test_before_the_person_has_answered_a_terminal_waits(self, visitor: Visitor) -> None:
        codes = visitor.begin().json()
        refused(visitor.poll(codes), "authorization_pending")
        sooner = [visitor.poll(codes) for _ in range(5)]  # on a busy machine one of them may be late enough
        refused(min(sooner, key=lambda answer: answer.json()["error"] != "slow_down"), "slow_down")

    def test_a_terminals_code_is_its_own(self, visitor: Visitor) -> None:
        codes = visitor.begin().json()
        visitor.say_yes(codes)
        refused(visitor.poll(codes, code_verifier="x" * 50), "invalid_grant")
        refused(visitor.poll({"device_code": "made-up"}), "invalid_grant")

    @pytest.mark.parametrize("changes", [
        {"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"},
    ], ids=str)  # fmt: skip
    def test_without_pkce_nobody_gets_a_code(self, visitor: Visitor, changes: dict[str, str | None]) -> None:
        refused(visitor.begin(**changes), "invalid_request")
        answer = told(visitor.authorize(**changes))
        assert (answer["error"], "code" in answer) == ("invalid_request", False)

    def test_a_code_is_worth_something_once_to_whoever_began(self, visitor: Visitor) -> None:
        code = told(visitor.sign_in("ada"))["code"]
        assert visitor.redeem(code).status_code == 200
        refused(visitor.redeem(code), "invalid_grant")
        other = (
            told(visitor.authorize())["code"] if visitor.authorize().is_redirect else told(visitor.sign_in())["code"]
        )
        refused(visitor.redeem(other, code_verifier="x" * 43), "invalid_grant")

    @pytest.mark.parametrize(
        "scope", ["openid profile", "openid offline_access", "hub-api", "openid email roles phone"]
    )
    def test_a_scope_the_client_was_not_given_is_refused(self, visitor: Visitor, scope: str) -> None:
        answer = told(visitor.authorize(scope=scope))
        assert (answer["error"], "code" in answer) == ("invalid_scope", False)

    def test_a_terminal_gets_no_scope_it_was_not_given(self, visitor: Visitor) -> None:
        """Keycloak looks at it when the person comes, the development issuer at once."""
        begun = visitor.begin(scope="openid offline_access")
        if begun.status_code == httpx.codes.OK:
            visitor.say_yes(begun.json())
            begun = visitor.poll(begun.json())
        assert "access_token" not in begun.json() or "offline" not in begun.json()["scope"]

    @pytest.mark.parametrize("kind", ["token", "id_token", "code id_token", "code token"])
    def test_there_is_no_implicit_flow(self, visitor: Visitor, kind: str) -> None:
        answer = visitor.authorize(response_type=kind)
        place = answer.headers["location"]
        assert "error=" in place
        assert "access_token=" not in place

    @pytest.mark.parametrize("client", ["hub-ui", "hub-cli", "hub-api", "hub-worker", "admin-cli", "account"])
    def test_nobody_gets_a_token_for_a_password_alone(self, visitor: Visitor, client: str) -> None:
        form = {"grant_type": "password", "client_id": client, "username": "ada", "password": visitor.desk.password}
        if client == "hub-api":
            form["client_secret"] = visitor.desk.api_secret
        answer = visitor.token(**form)
        assert answer.status_code in {400, 401}, answer.text
        assert "access_token" not in answer.text

    @pytest.mark.parametrize("client", ["hub-ui", "hub-cli", "hub-api"])
    def test_a_program_is_nobody_by_itself(self, visitor: Visitor, client: str) -> None:
        secret = visitor.desk.api_secret if client == "hub-api" else None
        answer = visitor.token(grant_type="client_credentials", client_id=client, client_secret=secret)
        assert answer.status_code in {400, 401}, answer.text
        assert "access_token" not in answer.text

    def test_no_program_registers_itself(self, visitor: Visitor) -> None:
        asked = {"openid-connect": {"redirect_uris": ["http://localhost/"]}, "default": {"clientId": "mine"}}
        for kind, client in asked.items():
            answer = visitor.http.post(f"{visitor.desk.issuer}/clients-registrations/{kind}", json=client)
            assert answer.status_code in {401, 403, 404, 405}, answer.text

    def test_without_a_session_nobody_is_signed_in_silently(self, visitor: Visitor) -> None:
        assert told(visitor.authorize(prompt="none"))["error"] == "login_required"

    def test_signing_out_ends_the_session_and_all_that_hangs_on_it(self, visitor: Visitor) -> None:
        tokens = visitor.tokens("ada")
        assert "code" in told(visitor.authorize(prompt="none"))
        parameters = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": BACK}
        answer = visitor.http.get(visitor.desk.at("logout"), params=parameters)
        assert (answer.is_redirect, answer.headers["location"]) == (True, BACK)
        assert told(visitor.authorize(prompt="none"))["error"] == "login_required"
        refused(visitor.exchange(tokens["access_token"]), "invalid_request", "invalid_grant")

    def test_signing_out_leads_to_registered_addresses_only(self, visitor: Visitor) -> None:
        hint = visitor.tokens("ada")["id_token"]
        parameters = {"id_token_hint": hint, "post_logout_redirect_uri": "https://evil.example/"}
        answer = visitor.http.get(visitor.desk.at("logout"), params=parameters)
        assert answer.status_code == 400
        assert "code" in told(visitor.authorize(prompt="none"))

    def test_an_agents_token_is_narrower_in_audience_purpose_and_time_and_ends_with_the_session(
        self, visitor: Visitor
    ) -> None:
        tokens = visitor.tokens("luc")
        whole = part(tokens["access_token"], 1)
        answer = visitor.exchange(tokens["access_token"], audience="hub-agent-statistics")
        assert answer.status_code == 200, answer.text
        claims: dict[str, Any] = part(answer.json()["access_token"], 1)
        assert part(answer.json()["access_token"], 0)["typ"] == "at+jwt"
        assert (claims["aud"], claims["azp"]) == ("hub-agent-statistics", "hub-api")
        assert (claims["sub"], claims["sid"]) == (whole["sub"], whole["sid"])
        assert (claims["jurisdiction"], claims["clearance"]) == ("FR", "secret")
        assert claims["auth_time"] == whole["auth_time"]
        assert claims["resource_access"] == {}
        assert 0 < claims["exp"] - time.time() <= 120
        assert claims["exp"] <= whole["exp"]
        assert set(claims) == ACCESS
        assert not {"refresh_token", "id_token"} & set(answer.json())

    @pytest.mark.parametrize("changes", [
        {"client_secret": "guessed"}, {"client_secret": None}, {"audience": "hub-ui"}, {"audience": "hub-agent-review"},
        {"audience": "account"}, {"client_id": "hub-ui", "client_secret": None}, {"subject_token": "made.up.token"},
        {"subject_token": None}, {"subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, {"scope": "offline_access"},
    ], ids=str)  # fmt: skip
    def test_no_other_token_is_to_be_had_by_exchange(self, visitor: Visitor, changes: dict[str, str | None]) -> None:
        answer = visitor.exchange(visitor.tokens("ada")["access_token"], **changes)
        assert answer.status_code in {400, 401, 403}, answer.text
        assert "access_token" not in answer.json()

    def test_the_id_token_is_exchanged_for_nothing(self, visitor: Visitor) -> None:
        answer = visitor.exchange(visitor.tokens("ada")["id_token"])
        assert answer.status_code in {400, 401, 403}, answer.text

    def test_discovery_offers_what_is_used_and_nothing_else_of_weight(self, visitor: Visitor) -> None:
        said = visitor.http.get(f"{visitor.desk.issuer}/.well-known/openid-configuration").json()
        assert said["issuer"] == visitor.desk.issuer
        assert "S256" in said["code_challenge_methods_supported"]
        assert said["jwks_uri"] == visitor.desk.at("certs")

    def test_the_proof_is_the_one_the_challenge_was_made_from(self) -> None:
        assert challenge(VERIFIER) != VERIFIER
