"""The API of a test behind a real listener, for people of a real issuer."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from catalog import people
from catalog.vocabulary import Classification, PersonId
from hub.app import AGENTS, AUDIENCE, CLIENTS, create_app
from hub.identity import Exchanger, KeyFile, LogoutVerifier, Registrar, TokenRules, Verifier
from hub.identity.registrar import SERVICE
from hub.stack.keycloak.people import PEOPLE
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door
from tests.hub.identity.visitor import Visitor
from tests.hub.stack.issuer.served import serving


@contextmanager
def recognising(  # noqa: PLR0913, PLR0917  # an API and an issuer, and what is between them
    door: Door,
    keys: bytes,
    folder: Path,
    listener: socket.socket,
    exchanger: Exchanger,
    registrar: Registrar | None = None,
) -> Iterator[None]:
    """Serve the API to whoever this issuer signs in; the realm's people are registered under the issuer's ids."""
    issuer = exchanger.issuer
    (folder / "issuer-keys.json").write_bytes(keys)
    kept = KeyFile(folder / "issuer-keys.json")
    hub = replace(
        door.hub,
        verifier=Verifier(
            kept, TokenRules(issuer=issuer, audience=AUDIENCE, clients=CLIENTS, agents=AGENTS, services=SERVICE)
        ),
        exchanger=exchanger,
        registrar=registrar,
        farewells=LogoutVerifier(kept, issuer=issuer, clients=CLIENTS),
        settings=door.hub.settings.model_copy(
            update={"api_hosts": ("localhost", "127.0.0.1", "api"), "issuer_url": issuer}
        ),
    )
    with door.nation.operator.begin(OPERATOR) as session:
        for person in PEOPLE:
            people.register_person(
                session,
                slug=f"{person.slug}-of-the-realm",
                name=person.name,
                organisation="ministry",
                jurisdiction=person.jurisdiction,
                clearance=Classification.INTERNAL,
                person_id=PersonId(person.id),
            )
    with serving(create_app(hub, {listener.getsockname(): "zone"}), listener):
        yield


def agent(http: httpx.Client, token: str, purpose: str = "research") -> str:
    """The token of an agent this token's person gives leave."""
    body, headers = {"name": "reading-list", "purpose": purpose}, {"Authorization": f"Bearer {token}"}
    said = http.post("/agents", json=body, headers=headers)
    assert said.status_code == httpx.codes.CREATED, said.text
    return str(said.json()["token"])


def key_of_a_program(http: httpx.Client, admin: str, *, anew: bool = False) -> dict[str, str]:
    """What an admin is told once, of a program's first key or a new one."""
    body = {"slug": "tide-watch", "name": "Tide watch", "organisation": "ministry", "jurisdiction": "DE"}
    path = "/service-accounts/tide-watch/key" if anew else "/service-accounts"
    said = http.post(path, json=None if anew else body, headers={"Authorization": f"Bearer {admin}"})
    assert said.is_success, said.text
    return dict(said.json())


def program(visitor: Visitor, told: dict[str, str]) -> str:
    """The program's own token for its key; empty where the issuer gives none."""
    form = {"client_id": told["client"], "client_secret": told["key"]}
    said = visitor.token(grant_type="client_credentials", **form)
    return str(said.json().get("access_token", ""))


def searched(http: httpx.Client, token: str) -> int:
    body = {"query": "the fine", "purpose": "research"}
    return http.post("/search", json=body, headers={"Authorization": f"Bearer {token}"}).status_code


def status(http: httpx.Client, token: str) -> int:
    return http.get("/me", headers={"Authorization": f"Bearer {token}"}).status_code


def seconds_until_refused(http: httpx.Client, token: str) -> float:
    """How long a token is still taken."""
    began = time.monotonic()
    while status(http, token) != httpx.codes.UNAUTHORIZED:
        assert time.monotonic() - began < 10, "the session goes on"
        time.sleep(0.02)
    return time.monotonic() - began
