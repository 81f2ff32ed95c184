"""Sessions at a real Keycloak end at the API: by its back channel, and what it may not do any more."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from hub.identity import Exchanger, Registrar
from tests.e2e.services import keycloak
from tests.e2e.services.keycloak_people import API_SECRET, PASSWORD, REGISTRAR_SECRET, one_time_code
from tests.fixtures.opened import opened
from tests.hub.api.conftest import Door, door
from tests.hub.api.recognising import (
    agent,
    key_of_a_program,
    program,
    recognising,
    searched,
    seconds_until_refused,
    status,
)
from tests.hub.conftest import chat, chat_and_socket, harbour, services
from tests.hub.identity.visitor import Desk, Visitor
from tests.hub.stack.issuer.browser import part

__all__ = ["chat", "chat_and_socket", "door", "harbour", "opened", "services"]
pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]


@pytest.fixture
def visitor(server: keycloak.Server) -> Iterator[Visitor]:
    desk = Desk(issuer=server.issuer, password=PASSWORD, api_secret=API_SECRET, code_for=one_time_code)
    with Visitor(desk=desk) as visitor:
        yield visitor


@contextmanager
def outlet(server: keycloak.Server, path: Path) -> Iterator[None]:
    """The hub's own way from a socket to the issuer."""
    told = {"HOST": "127.0.0.1", "PORT": str(urlsplit(server.url).port), "SOCKET": str(path)}
    environment = {**os.environ, **{f"HUB_OUTLET_{name}": value for name, value in told.items()}}
    process = subprocess.Popen([sys.executable, "-m", "hub.stack.outlet"], env=environment)
    try:
        while not path.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def api(door: Door, server: keycloak.Server, visitor: Visitor, tmp_path: Path) -> Iterator[httpx.Client]:
    keys = httpx.get(visitor.desk.at("certs"), trust_env=False).content
    listener = socket.create_server(("127.0.0.1", server.api_port))
    address = f"http://localhost:{server.api_port}"
    exchanger = Exchanger(
        issuer=server.issuer, socket=tmp_path / "outlet.sock", client="hub-api", secret=SecretStr(API_SECRET)
    )
    registrar = Registrar(
        issuer=server.issuer,
        socket=exchanger.socket,
        client="hub-registrar",
        secret=SecretStr(REGISTRAR_SECRET),
        audience="hub-api",
    )
    with (
        outlet(server, exchanger.socket),
        recognising(door, keys, tmp_path, listener, exchanger, registrar),
        httpx.Client(base_url=address, trust_env=False) as found,
    ):
        yield found


def test_signing_out_at_keycloak_refuses_the_session_within_a_second(visitor: Visitor, api: httpx.Client) -> None:
    tokens = visitor.tokens("ada")
    assert status(api, tokens["access_token"]) == 200
    visitor.http.get(visitor.desk.at("logout"), params={"id_token_hint": tokens["id_token"]})
    assert seconds_until_refused(api, tokens["access_token"]) < 1


def test_a_session_its_administrator_ends_at_keycloak_ends_here(
    server: keycloak.Server, visitor: Visitor, api: httpx.Client
) -> None:
    token = visitor.connect("luc")["access_token"]
    assert status(api, token) == 200
    sub = api.get("/me", headers={"Authorization": f"Bearer {token}"}).json()["id"]
    with server.keeper() as keeper:
        sid = part(token, 1)["sid"]
        assert sid in {one["id"] for one in keeper.get(f"/realms/hub/users/{sub}/sessions").json()}
        assert keeper.post(f"/realms/hub/users/{sub}/logout").status_code == 204
    assert seconds_until_refused(api, token) < 1


def test_an_agent_with_a_token_of_keycloaks_asks_and_ends_with_its_person(visitor: Visitor, api: httpx.Client) -> None:
    tokens = visitor.tokens("ada")
    token = agent(api, tokens["access_token"])
    assert (searched(api, token), status(api, token)) == (200, 403)
    visitor.http.get(visitor.desk.at("logout"), params={"id_token_hint": tokens["id_token"]})
    assert seconds_until_refused(api, token) < 1


def test_a_program_with_a_key_of_keycloaks_asks_until_its_key_is_made_anew_or_it_is_removed(
    visitor: Visitor, api: httpx.Client
) -> None:
    admin = visitor.tokens("anton")["access_token"]
    first = key_of_a_program(api, admin)
    token = program(visitor, first)
    assert (searched(api, token), status(api, token)) == (200, 403)
    second = key_of_a_program(api, admin, anew=True)
    assert (searched(api, token), program(visitor, first)) == (401, "")
    time.sleep(1)  # a token as old as the key's making has ended with the old ones
    token = program(visitor, second)
    assert searched(api, token) == 200
    headers = {"Authorization": f"Bearer {admin}"}
    assert api.post("/service-accounts/tide-watch/removal", headers=headers).status_code == 204
    assert (searched(api, token), program(visitor, second)) == (401, "")
