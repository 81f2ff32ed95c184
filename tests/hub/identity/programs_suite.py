"""What the hub needs of an issuer to keep programs' accounts: the same tests on either issuer, over its socket."""

import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr

from catalog.errors import ConflictError, DependencyError, IdentityError, NotFoundError
from catalog.vocabulary import Classification
from hub.identity import Registrar, TokenRules, Verifier
from hub.identity.keyfile import signing_keys
from hub.identity.registrar import SERVICE
from tests.hub.identity.visitor import Desk, Visitor
from tests.hub.stack.issuer.browser import part

AUDIENCE = "hub-api"


class ProgramsSuite:
    """Whoever runs it has fixtures `desk` and `registrar`."""

    @pytest.fixture
    def visitor(self, desk: Desk) -> Iterator[Visitor]:
        with Visitor(desk=desk) as visitor:
            yield visitor

    @pytest.fixture
    def client(self, registrar: Registrar) -> Iterator[str]:
        name = f"{SERVICE}{uuid4().hex}"
        registrar.open(name, jurisdiction="FR", clearance="restricted")
        yield name
        registrar.close(name)

    def verifier(self, desk: Desk, services: str | None = SERVICE) -> Verifier:
        content = httpx.get(desk.at("certs"), trust_env=False).content
        clients = frozenset({"hub-ui", "hub-cli"})
        rules = TokenRules(issuer=desk.issuer, audience=AUDIENCE, clients=clients, services=services)
        return Verifier(signing_keys(content), rules)

    def test_a_programs_token_says_its_place_and_clearance_and_no_role(
        self, desk: Desk, registrar: Registrar, client: str
    ) -> None:
        token = registrar.token_of(client, registrar.new_key(client))
        head, claims = part(token, 0), part(token, 1)
        assert (head["alg"], head["typ"]) == ("RS256", "at+jwt")
        assert (claims["iss"], claims["aud"], claims["azp"]) == (desk.issuer, AUDIENCE, client)
        assert not {"resource_access", "realm_access", "groups", "sid", "auth_time"} & set(claims)
        assert 0 < claims["exp"] - time.time() <= 300
        found = self.verifier(desk).signed_in(token)
        assert (found.service, found.roles, found.organisations) == (client, frozenset(), frozenset())
        assert found.subject.person_id == UUID(claims["sub"])
        assert (found.subject.jurisdiction, found.subject.clearance) == ("FR", Classification.RESTRICTED)

    def test_only_its_key_gets_a_program_a_token(self, visitor: Visitor, registrar: Registrar, client: str) -> None:
        key = registrar.new_key(client)
        for wrong in ("", "guessed", key[:-1], f"{key} ", key.swapcase()):
            answer = visitor.token(grant_type="client_credentials", client_id=client, client_secret=wrong)
            assert answer.status_code in {400, 401}, answer.text
            assert "access_token" not in answer.text
        answer = visitor.token(grant_type="client_credentials", client_id=client, client_secret=key)
        assert (answer.status_code, "refresh_token" in answer.json()) == (200, False)

    def test_before_it_has_a_key_no_key_fits(self, visitor: Visitor, client: str) -> None:
        answer = visitor.token(grant_type="client_credentials", client_id=client, client_secret=None)
        assert answer.status_code in {400, 401}, answer.text

    def test_a_new_key_ends_the_old_one_at_once(self, registrar: Registrar, client: str) -> None:
        old = registrar.new_key(client)
        new = registrar.new_key(client)
        assert old != new
        with pytest.raises(DependencyError):
            registrar.token_of(client, old)
        assert registrar.token_of(client, new)

    def test_a_closed_client_gets_nothing_and_closing_again_is_no_trouble(
        self, registrar: Registrar, client: str
    ) -> None:
        key = registrar.new_key(client)
        registrar.close(client)
        registrar.close(client)
        with pytest.raises(DependencyError):
            registrar.token_of(client, key)
        with pytest.raises(NotFoundError):
            registrar.new_key(client)

    def test_a_client_is_opened_once(self, registrar: Registrar, client: str) -> None:
        with pytest.raises(ConflictError):
            registrar.open(client, jurisdiction="DE", clearance="internal")

    def test_a_hub_without_services_takes_no_programs_token(
        self, desk: Desk, registrar: Registrar, client: str
    ) -> None:
        token = registrar.token_of(client, registrar.new_key(client))
        with pytest.raises(IdentityError):
            self.verifier(desk, services=None).signed_in(token)

    def test_the_registrars_own_token_is_nobodys_here(self, desk: Desk, visitor: Visitor, registrar: Registrar) -> None:
        answer = visitor.token(grant_type="client_credentials", **registrar.proving())
        assert answer.status_code == 200, answer.text
        with pytest.raises(IdentityError):
            self.verifier(desk).signed_in(answer.json()["access_token"])

    def test_nobody_else_keeps_programs(self, desk: Desk, visitor: Visitor, registrar: Registrar, client: str) -> None:
        key = registrar.new_key(client)
        tokens = [
            "made.up.token", registrar.token_of(client, key), visitor.tokens("anton")["access_token"],
        ]  # fmt: skip
        at = f"{desk.origin}/admin/realms/hub/clients"
        for token in tokens:
            headers = {"Authorization": f"Bearer {token}"}
            for method, path in (
                ("POST", at),
                ("POST", f"{at}/{uuid4()}/client-secret"),
                ("DELETE", f"{at}/{uuid4()}"),
            ):
                answer = visitor.http.request(method, path, headers=headers, json={"clientId": "mine"})
                assert answer.status_code in {401, 403}, (path, answer.text)
        assert visitor.http.post(at, json={"clientId": "mine"}).status_code == 401
        assert registrar.token_of(client, key)

    def test_a_wrong_secret_is_said(self, registrar: Registrar) -> None:
        with pytest.raises(DependencyError, match="registrar by its secret"):
            replace(registrar, secret=SecretStr("guessed")).open("x", jurisdiction="DE", clearance="public")
