"""The API in a test: its real routes over the nation's real database, with tokens of a real key."""

import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from catalog.db import Database
from catalog.errors import ConflictError, NotFoundError
from catalog.objects import FolderStore
from hub.api.hub import Hub
from hub.app import AGENTS, AUDIENCE, CLIENTS, REGISTRAR, create_app, document
from hub.identity import Exchanger, KeyFile, LogoutVerifier, Registrar, TokenRules, Verifier
from hub.identity.development import DevelopmentKey
from hub.identity.registrar import SERVICE
from hub.services import Services
from hub.settings import DoorSettings
from tests.fixtures.ground import ROLES
from tests.fixtures.nation import Nation

ISSUER = "http://127.0.0.1:8082/realms/hub"


#: Whoever calls a test's client comes in through the site's own zone.
AT_HOME = {"testserver": "zone"}


@dataclass(frozen=True, kw_only=True)
class OwnExchange(Exchanger):
    """Exchanges tokens with the key this file signs them by: here we are the issuer, as in `Door.token`."""

    key: DevelopmentKey

    def exchange(self, token: str, audience: str) -> str:
        claims = self.key.read_back(token, kind="at+jwt")
        assert claims
        ends = min(claims["exp"], int(time.time()) + 120)
        made = {"aud": audience, "azp": AUDIENCE, "exp": ends, "jti": str(uuid4()), "resource_access": {}}
        return self.key.sign({**claims, **made}, kind="at+jwt")


@dataclass(frozen=True, kw_only=True)
class OwnRegistrar(Registrar):
    """Keeps programs' clients in memory: here we are the issuer, as in `Door.token`."""

    key: DevelopmentKey
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def open(self, client: str, *, jurisdiction: str, clearance: str) -> None:
        if client in self.known:
            raise ConflictError
        self.known[client] = {"sub": str(uuid4()), "jurisdiction": jurisdiction, "clearance": clearance}

    def new_key(self, client: str) -> str:
        if client not in self.known:
            raise NotFoundError
        self.known[client]["key"] = uuid4().hex
        return self.known[client]["key"]

    def close(self, client: str) -> None:
        self.known.pop(client, None)

    def token_of(self, client: str, key: str) -> str:
        known = dict(self.known[client])
        assert known.pop("key") == key
        now = int(time.time())
        made = {"iss": self.issuer, "aud": self.audience, "azp": client, "typ": "Bearer", "iat": now, "exp": now + 300}
        return self.key.sign({**known, **made}, kind="at+jwt")


@dataclass(kw_only=True)
class Door:
    """The API as people meet it."""

    hub: Hub
    client: TestClient
    key: DevelopmentKey
    nation: Nation
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: When everyone's session began: a token is renewed within it, whatever second the test has come to.
    signed_in_at: int = field(default_factory=lambda: int(time.time()))

    def token(self, person: str, **claims: Any) -> str:
        """An access token as the issuer makes it."""
        subject = self.nation.subject(person)
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "azp": "hub-ui",
            "typ": "Bearer",
            "sub": str(subject.person_id),
            "sid": "a-session",
            "auth_time": self.signed_in_at,
            "iat": now,
            "exp": now + 300,
            "jurisdiction": subject.jurisdiction,
            "clearance": str(subject.clearance),
            "groups": ["/ministry"],
            "resource_access": {AUDIENCE: {"roles": list(self.people.get(person, ("researcher",)))}},
        }
        return self.key.sign({**whole, **claims}, kind="at+jwt")

    def farewell(self, person: str, **claims: Any) -> str:
        """The issuer's word that a session has ended."""
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": "hub-ui",
            "sub": str(self.nation.subject(person).person_id),
            "sid": "a-session",
            "iat": now,
            "exp": now + 120,
            "jti": str(uuid4()),
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        return self.key.sign({**whole, **claims}, kind="logout+jwt")

    def agent(self, person: str, purpose: str = "research", name: str = "reading-list") -> str:
        """The token of an agent that this person gave leave."""
        said = self.call(person, "POST", "/agents", json={"name": name, "purpose": purpose})
        assert said.status_code == 201, said.text
        return str(said.json()["token"])

    def service(self, slug: str = "tide-watch", organisation: str = "ministry", **more: Any) -> str:
        """Open a service account; returns a token of its own."""
        body = {"slug": slug, "name": slug.title(), "organisation": organisation, "jurisdiction": "DE", **more}
        said = self.call("anton", "POST", "/service-accounts", json=body)
        assert said.status_code == 201, said.text
        return self.service_token(said.json())

    def service_token(self, told: dict[str, str]) -> str:
        assert self.hub.registrar
        return self.hub.registrar.token_of(told["client"], told["key"])

    def call(self, person: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(person)}"} if person else {}
        said = self.client.request(method, path, headers={**headers, **more.pop("headers", {})}, **more)
        assert str(said.status_code) in documented(method, path), f"{method} {path}: the document names no {said}"
        return said

    def events(self, person: str, question: str, **more: Any) -> list[tuple[str, dict[str, Any]]]:
        """Ask, and return the events as they came."""
        body = {"question": question, "purpose": "research", **more}
        answered = self.call(person, "POST", "/questions", json=body)
        assert answered.status_code == 200, answered.text
        blocks = [block.split("\n") for block in answered.text.strip().split("\n\n") if not block.startswith(":")]
        return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


@cache
def answers() -> list[tuple[str, re.Pattern[str], set[str]]]:
    """Method, path and statuses of each operation the OpenAPI document describes."""
    return [
        (method.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path)), set(one["responses"]))
        for path, item in document()["paths"].items()
        for method, one in item.items()
    ]


def documented(method: str, path: str) -> set[str]:
    """What a request may be answered with: what isn't described isn't there."""
    path = path.partition("?")[0]
    found = [statuses for verb, template, statuses in answers() if verb == method and template.fullmatch(path)]
    return set().union(*found) or {"400", "404", "405"}


@cache
def signing_key() -> DevelopmentKey:
    """What all tokens of a test process are signed by: making an RSA key takes as long as opening a door."""
    with tempfile.TemporaryDirectory() as folder:
        return DevelopmentKey(Path(folder) / "key.json")


@pytest.fixture
def door(harbour: Nation, services: Services, tmp_path: Path) -> Iterator[Door]:
    """Ada may ask the harbour, Mia holds no grant, Sten keeps the ministry's datasets, Ines and Anton oversee.

    They, and a vault that nobody may ask, are laid by `ground.door`.
    """
    key = signing_key()
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps(key.public_keys().as_dict(private=False)))
    (tmp_path / "incoming").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "run_dir").write_text(str(tmp_path / "run"))
    settings = DoorSettings(
        **services.settings.model_dump(),
        api_socket=tmp_path / "api.sock",
        api_hosts=("testserver",),
        database_password_steward=SecretStr("x"),
        database_password_auditor=SecretStr("x"),
        issuer_url=ISSUER,
        issuer_keys_file=keys,
        incoming_dir=tmp_path / "incoming",
        max_upload_bytes=1_000_000,
        data_dir=tmp_path,
    )
    hub = Hub(
        services=Services(
            database=services.database, embedder=services.embedder, writer=services.writer, settings=settings
        ),
        stewards=Database(harbour.database.url("hub_steward"), pool_size=4),
        auditors=Database(harbour.database.url("hub_auditor"), pool_size=4),
        store=FolderStore(tmp_path / "objects", place="store"),
        farewells=LogoutVerifier(KeyFile(keys), issuer=ISSUER, clients=CLIENTS),
        verifier=Verifier(
            KeyFile(keys),
            TokenRules(issuer=ISSUER, audience=AUDIENCE, clients=CLIENTS, agents=AGENTS, services=SERVICE),
        ),
        exchanger=OwnExchange(
            issuer=ISSUER, socket=tmp_path / "unused", client=AUDIENCE, secret=SecretStr("x"), key=key
        ),
        registrar=OwnRegistrar(
            issuer=ISSUER,
            socket=tmp_path / "unused",
            client=REGISTRAR,
            secret=SecretStr("x"),
            audience=AUDIENCE,
            key=key,
        ),
        settings=settings,
        writers=ThreadPoolExecutor(4),
    )
    with TestClient(create_app(hub, AT_HOME), raise_server_exceptions=False) as client:
        made = Door(hub=hub, client=client, key=key, nation=harbour)
        made.people |= ROLES
        yield made
    hub.writers.shutdown(wait=True)
    hub.stewards.close()
    hub.auditors.close()


@pytest.fixture
def ask(door: Door) -> Callable[..., tuple[str, dict[str, Any]]]:
    """Ask and return the last event alone."""

    def last(person: str, question: str, **more: Any) -> tuple[str, dict[str, Any]]:
        return door.events(person, question, **more)[-1]

    return last
