"""Sessions at a real Keycloak end at the API: by its back channel, and what it may not do any more."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.services import keycloak
from tests.e2e.services.keycloak_people import API_SECRET, PASSWORD, one_time_code
from tests.fixtures.opened import opened
from tests.hub.api.conftest import Door, door
from tests.hub.api.recognising import recognising, seconds_until_refused, status
from tests.hub.conftest import chat, chat_and_socket, harbour, services
from tests.hub.identity.visitor import Desk, Visitor

__all__ = ["chat", "chat_and_socket", "door", "harbour", "opened", "services"]
pytestmark = pytest.mark.service


@pytest.fixture
def visitor(server: keycloak.Server) -> Iterator[Visitor]:
    desk = Desk(issuer=server.issuer, password=PASSWORD, api_secret=API_SECRET, code_for=one_time_code)
    with Visitor(desk=desk) as visitor:
        yield visitor


@pytest.fixture
def api(door: Door, server: keycloak.Server, visitor: Visitor, tmp_path: Path) -> Iterator[httpx.Client]:
    keys = httpx.get(visitor.desk.at("certs"), trust_env=False).content
    listener = socket.create_server(("127.0.0.1", server.api_port))
    address = f"http://localhost:{server.api_port}"
    with (
        recognising(door, server.issuer, keys, tmp_path, listener),
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
        assert keeper.post(f"/realms/hub/users/{sub}/logout").status_code == 204
    assert seconds_until_refused(api, token) < 1
