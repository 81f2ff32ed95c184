"""`hub identity plan|apply` on a real Keycloak: what was changed is seen and put back; then nothing is left to do."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from hub.identity.provisioning import Server, differences, read
from hub.identity.provisioning.realm_file import Realm
from hub.stack.keycloak.clients import API_ADDRESS
from hub.stack.keycloak.realm import REALM_FILE
from tests.e2e.services import keycloak
from tests.e2e.services.keycloak_people import API_SECRET, PASSWORD, one_time_code
from tests.hub.identity.visitor import Desk, Visitor
from tests.hub.stack.issuer.browser import part

pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def wanted(server: keycloak.Server) -> Realm:
    return read(REALM_FILE, addresses={API_ADDRESS: f"http://localhost:{server.api_port}"})


@pytest.fixture
def admin(server: keycloak.Server) -> Iterator[Server]:
    found = Server(server.url, username=keycloak.ADMIN, password=SecretStr(server.admin_password))
    yield found
    found.close()


def lines(wanted: Realm, admin: Server) -> list[str]:
    return [f"{one.kind} {one.name}: {one.what}" for one in differences(wanted, admin.found(wanted))]


def client(keeper: httpx.Client, name: str) -> dict[str, Any]:
    (found,) = keeper.get("/realms/hub/clients", params={"clientId": name}).json()
    return dict(found)


def test_a_server_that_imported_the_file_differs_in_nothing_and_apply_does_nothing(
    wanted: Realm, admin: Server
) -> None:
    assert lines(wanted, admin) == []
    assert admin.apply(wanted) == []


def change_settings(keeper: httpx.Client) -> None:
    keeper.put("/realms/hub", json={"accessTokenLifespan": 3600, "bruteForceProtected": False})


def change_a_client(keeper: httpx.Client) -> None:
    ui = client(keeper, "hub-ui")
    attributes = {**ui["attributes"], "pkce.code.challenge.method": ""}
    keeper.put(f"/realms/hub/clients/{ui['id']}", json={**ui, "redirectUris": ["*"], "attributes": attributes})


def change_a_mapper(keeper: httpx.Client) -> None:
    cli = client(keeper, "hub-cli")
    (mapper,) = [one for one in cli["protocolMappers"] if one["name"] == "audience"]
    keeper.delete(f"/realms/hub/clients/{cli['id']}/protocol-mappers/models/{mapper['id']}")


def lose_a_client(keeper: httpx.Client) -> None:
    keeper.delete(f"/realms/hub/clients/{client(keeper, 'hub-worker')['id']}")


def lose_a_group(keeper: httpx.Client) -> None:
    (group,) = [one for one in keeper.get("/realms/hub/groups").json() if one["name"] == "hub-office"]
    keeper.delete(f"/realms/hub/groups/{group['id']}")


def let_people_change_their_place(keeper: httpx.Client) -> None:
    profile = keeper.get("/realms/hub/users/profile").json()
    for attribute in profile["attributes"]:
        if attribute["name"] == "jurisdiction":
            attribute["permissions"]["edit"] = ["admin", "user"]
    keeper.put("/realms/hub/users/profile", json=profile)


def take_an_attribute_out(keeper: httpx.Client) -> None:
    profile = keeper.get("/realms/hub/users/profile").json()
    profile["attributes"] = [one for one in profile["attributes"] if one["name"] != "clearance"]
    keeper.put("/realms/hub/users/profile", json=profile)


def widen_what_a_client_carries(keeper: httpx.Client) -> None:
    cli, api = client(keeper, "hub-cli"), client(keeper, "hub-api")
    at = f"/realms/hub/clients/{cli['id']}/scope-mappings/clients/{api['id']}"
    (role,) = [one for one in keeper.get(at).json() if one["name"] == "researcher"]
    keeper.request("DELETE", at, json=[role])


def take_the_registrars_power(keeper: httpx.Client) -> None:
    registrar, management = client(keeper, "hub-registrar"), client(keeper, "realm-management")
    user = keeper.get(f"/realms/hub/clients/{registrar['id']}/service-account-user").json()["id"]
    at = f"/realms/hub/users/{user}/role-mappings/clients/{management['id']}"
    keeper.request("DELETE", at, json=keeper.get(at).json())


CHANGES = {
    "settings": (change_settings, ["setting accessTokenLifespan: 3600 instead of 300", "setting bruteForceProtected"]),
    "a client": (change_a_client, ["client hub-ui: differs in redirectUris, pkce.code.challenge.method"]),
    "a mapper": (change_a_mapper, ["client hub-cli: differs in what its tokens say"]),
    "a client lost": (lose_a_client, ["client hub-worker: is not there"]),
    "a group lost": (lose_a_group, ["group hub-office: is not there"]),
    "a place people change": (let_people_change_their_place, ["attribute jurisdiction: may be changed by admin, user"]),
    "an attribute undeclared": (take_an_attribute_out, ["attribute clearance: is not declared"]),
    "what the registrar may": (
        take_the_registrars_power,
        ["power hub-registrar of realm-management: may by itself do no role"],
    ),
    "roles a client carries": (widen_what_a_client_carries, ["scope hub-cli of hub-api: may carry"]),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_seen_and_put_back(
    server: keycloak.Server, wanted: Realm, admin: Server, change: Any, said: list[str]
) -> None:
    with server.keeper() as keeper:
        change(keeper)
    found = lines(wanted, admin)
    assert len(found) == len(said), found
    assert all(one.startswith(words) for one, words in zip(found, said, strict=True)), found
    assert len(admin.apply(wanted)) == len(said)
    assert lines(wanted, admin) == []


def test_after_all_that_people_sign_in_as_before(server: keycloak.Server, wanted: Realm, admin: Server) -> None:
    assert lines(wanted, admin) == []
    desk = Desk(issuer=server.issuer, password=PASSWORD, api_secret=API_SECRET, code_for=one_time_code)
    with Visitor(desk=desk) as visitor:
        claims = part(visitor.tokens("luc")["access_token"], 1)
    assert (claims["jurisdiction"], claims["clearance"], claims["aud"]) == ("FR", "secret", "hub-api")


def test_a_client_nobody_knows_is_told_and_left_for_a_person(
    server: keycloak.Server, wanted: Realm, admin: Server
) -> None:
    with server.keeper() as keeper:
        keeper.post("/realms/hub/clients", json={"clientId": "somebodys"})
        (line,) = lines(wanted, admin)
        assert line.startswith("stranger somebodys")
        assert admin.apply(wanted) == []
        keeper.delete(f"/realms/hub/clients/{client(keeper, 'somebodys')['id']}")
    assert lines(wanted, admin) == []


def test_a_realm_that_is_not_there_is_made_whole(server: keycloak.Server, wanted: Realm, admin: Server) -> None:
    other: Mapping[str, Any] = {**wanted, "realm": "another", "users": []}
    try:
        assert lines(other, admin) == ["realm another: is not there"]
        admin.apply(other)
        assert lines(other, admin) == []
    finally:
        with server.keeper() as keeper:
            keeper.delete("/realms/another")


def run(server: keycloak.Server, *arguments: str, word: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HUB_KEYCLOAK_ADMIN_PASSWORD": word or server.admin_password}
    command = [sys.executable, "-m", "hub.cli", "identity", *arguments, "--admin", keycloak.ADMIN]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def test_the_command_shows_and_applies(server: keycloak.Server) -> None:
    told = ("--api-url", f"http://localhost:{server.api_port}")
    assert "as the realm file says" in run(server, "plan", server.url, *told).stdout
    with server.keeper() as keeper:
        change_settings(keeper)
    planned = run(server, "plan", server.url, *told, "--json")
    assert [one["name"] for one in json.loads(planned.stdout)] == ["accessTokenLifespan", "bruteForceProtected"]
    assert "accessTokenLifespan" in run(server, "apply", server.url, *told).stdout
    assert "Nothing to do" in run(server, "apply", server.url, *told).stdout


def test_a_wrong_password_is_one_sentence(server: keycloak.Server) -> None:
    said = run(server, "plan", server.url, word="wrong")
    assert said.returncode == 6
    assert "does not take this administrator" in said.stderr
