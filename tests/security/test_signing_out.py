"""Signing out at the development issuer ends the session at the API, whichever program it was for."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from hub.identity import Exchanger, Registrar
from hub.stack.issuer.passwords import api_secret, demo_password, registrar_secret
from tests.hub.api.conftest import Door
from tests.hub.api.recognising import (
    agent,
    key_of_a_program,
    program,
    recognising,
    searched,
    seconds_until_refused,
    status,
)
from tests.hub.identity.visitor import Desk, Visitor, told
from tests.hub.stack.issuer.served import on_socket, served


@dataclass(kw_only=True)
class Hub:
    visitor: Visitor
    api: httpx.Client


@pytest.fixture
def hub(door: Door, tmp_path: Path) -> Iterator[Hub]:
    secrets, path = tmp_path / "issuer-secrets", tmp_path / "told.sock"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    with served(secrets, tmp_path, api_socket=path) as issuer:
        desk = Desk(issuer=issuer.url, password=demo_password(secrets), api_secret=api_secret(secrets))
        keys = httpx.get(desk.at("certs"), trust_env=False).content
        exchanger = Exchanger(
            issuer=issuer.url, socket=tmp_path / "issuer.sock", client="hub-api", secret=SecretStr(desk.api_secret)
        )
        registrar = Registrar(
            issuer=issuer.url,
            socket=exchanger.socket,
            client="hub-registrar",
            secret=SecretStr(registrar_secret(secrets)),
            audience="hub-api",
        )
        with (
            on_socket(issuer, tmp_path / "issuer.sock"),
            recognising(door, keys, tmp_path, listener, exchanger, registrar),
            Visitor(desk=desk) as visitor,
            httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://localhost") as api,
        ):
            yield Hub(visitor=visitor, api=api)


def sign_out(visitor: Visitor, id_token: str) -> None:
    visitor.http.get(visitor.desk.at("logout"), params={"id_token_hint": id_token})


def test_signing_out_refuses_the_session_within_a_second(hub: Hub) -> None:
    tokens = hub.visitor.tokens("ada")
    assert status(hub.api, tokens["access_token"]) == 200
    sign_out(hub.visitor, tokens["id_token"])
    assert seconds_until_refused(hub.api, tokens["access_token"]) < 1


def test_a_terminal_that_was_signed_in_from_the_browser_ends_with_it(hub: Hub) -> None:
    terminal = hub.visitor.connect("ada")["access_token"]
    tokens = hub.visitor.redeem(told(hub.visitor.authorize())["code"]).json()
    assert status(hub.api, terminal) == 200
    sign_out(hub.visitor, tokens["id_token"])
    assert seconds_until_refused(hub.api, terminal) < 1


def test_another_browsers_session_goes_on(hub: Hub) -> None:
    with Visitor(desk=hub.visitor.desk) as other:
        elsewhere = other.tokens("ada")["access_token"]
    tokens = hub.visitor.tokens("ada")
    sign_out(hub.visitor, tokens["id_token"])
    assert seconds_until_refused(hub.api, tokens["access_token"]) < 1
    assert status(hub.api, elsewhere) == 200


def test_a_stolen_code_ends_the_session_at_the_api_too(hub: Hub) -> None:
    code = told(hub.visitor.sign_in("ada"))["code"]
    token = hub.visitor.redeem(code).json()["access_token"]
    assert status(hub.api, token) == 200
    hub.visitor.redeem(code)
    assert seconds_until_refused(hub.api, token) < 1


def test_an_agent_with_a_token_of_the_issuers_asks_and_ends_with_its_person(hub: Hub) -> None:
    tokens = hub.visitor.tokens("ada")
    token = agent(hub.api, tokens["access_token"])
    assert (searched(hub.api, token), status(hub.api, token)) == (200, 403)
    sign_out(hub.visitor, tokens["id_token"])
    assert seconds_until_refused(hub.api, token) < 1
    assert searched(hub.api, token) == 401


def test_a_program_with_a_key_of_the_issuers_asks_until_its_key_is_made_anew_or_it_is_removed(hub: Hub) -> None:
    admin = hub.visitor.tokens("anton")["access_token"]
    first = key_of_a_program(hub.api, admin)
    token = program(hub.visitor, first)
    assert (searched(hub.api, token), status(hub.api, token)) == (200, 403)
    second = key_of_a_program(hub.api, admin, anew=True)
    assert searched(hub.api, token) == 401
    assert program(hub.visitor, first) == ""
    time.sleep(1)  # a token as old as the key's making has ended with the old ones
    token = program(hub.visitor, second)
    assert searched(hub.api, token) == 200
    headers = {"Authorization": f"Bearer {admin}"}
    assert hub.api.post("/service-accounts/tide-watch/removal", headers=headers).status_code == 204
    assert (searched(hub.api, token), program(hub.visitor, second)) == (401, "")
