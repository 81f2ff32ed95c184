"""Which differences between realm file and server are seen; which files and addresses are refused with a sentence."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from catalog.errors import DependencyError, SettingsError
from hub.identity.provisioning import Found, Server, differences, read
from hub.identity.provisioning.realm_file import PROFILE, PROFILE_KEY, declared
from hub.stack.keycloak.realm import REALM_FILE, realm
from tests.hub.commands.terminal import hub

WANTED: dict[str, Any] = json.loads(REALM_FILE.read_text(encoding="utf-8"))


def server_as_told(wanted: Mapping[str, Any] = WANTED) -> dict[str, Any]:
    """What a server says that has taken the file."""
    raw = copy.deepcopy(dict(wanted))
    return {
        "realm": raw,
        "clients": {one["clientId"]: one for one in raw["clients"]},
        "roles": frozenset(one["name"] for one in raw["roles"]["client"]["hub-api"]),
        "scope": {
            (one["client"], owner): frozenset(one["roles"])
            for owner, mappings in raw["clientScopeMappings"].items()
            for one in mappings
        },
        "powers": {("hub-registrar", "realm-management"): frozenset({"manage-clients"})},
        "groups": frozenset(one["name"] for one in raw["groups"]),
        "profile": declared(raw),
        "flows": {
            flow["alias"]: [(s.get("flowAlias") or s["authenticator"], s["requirement"])
                            for s in flow["authenticationExecutions"]]
            for flow in raw["authenticationFlows"]
        },
    }  # fmt: skip


def lines(**changes: Any) -> list[str]:
    found = Found(**{**server_as_told(), **changes})
    return [f"{one.kind} {one.name}: {one.what}" for one in differences(WANTED, found)]


def without(part: str, name: str) -> dict[str, Any]:
    return {part: {key: value for key, value in server_as_told()[part].items() if key != name}}


def test_a_server_as_the_file_says_has_no_difference() -> None:
    assert lines() == []


def test_a_realm_that_is_not_there_is_one_difference() -> None:
    assert lines(realm=None) == ["realm hub: is not there"]


@pytest.mark.parametrize(("setting", "value"), [
    ("accessTokenLifespan", 3600), ("bruteForceProtected", False), ("passwordPolicy", None), ("browserFlow", "browser"),
    ("registrationAllowed", True), ("supportedLocales", ["en"]),
])  # fmt: skip
def test_each_setting_is_compared(setting: str, value: object) -> None:
    (line,) = lines(realm={**server_as_told()["realm"], setting: value})
    assert line.startswith(f"setting {setting}: {value} instead of")


def test_an_attribute_that_is_not_declared_is_seen() -> None:
    (line,) = lines(**without("profile", "jurisdiction"))
    assert line == "attribute jurisdiction: is not declared: Keycloak drops it without a word"


def test_an_attribute_people_may_change_is_seen_and_so_is_one_too_many() -> None:
    profile = server_as_told()["profile"]
    profile["clearance"]["permissions"]["edit"].append("user")
    profile["shoe_size"] = {"name": "shoe_size"}
    assert lines(profile=profile) == [
        "attribute clearance: may be changed by admin, user",
        "attribute shoe_size: is declared there and not in the realm file",
    ]


@pytest.mark.parametrize("name", [one["clientId"] for one in WANTED["clients"]])
def test_a_client_that_is_lost_is_seen(name: str) -> None:
    assert f"client {name}: is not there" in lines(**without("clients", name))


@pytest.mark.parametrize(("name", "value"), [
    ("redirectUris", ["*"]), ("publicClient", False), ("directAccessGrantsEnabled", True), ("fullScopeAllowed", True),
    ("defaultClientScopes", ["basic", "roles", "email"]), ("implicitFlowEnabled", True),
])  # fmt: skip
def test_each_word_of_a_client_is_compared(name: str, value: object) -> None:
    clients = server_as_told()["clients"]
    clients["hub-ui"][name] = value
    assert lines(clients=clients) == [f"client hub-ui: differs in {name}"]


def test_what_tokens_say_is_compared_and_a_servers_own_settings_are_not() -> None:
    clients = server_as_told()["clients"]
    for mapper in clients["hub-ui"]["protocolMappers"]:
        mapper["config"]["introspection.token.claim"] = "true"
    assert lines(clients=clients) == []
    clients["hub-ui"]["protocolMappers"][0]["config"]["included.client.audience"] = "account"
    assert lines(clients=clients) == ["client hub-ui: differs in what its tokens say"]
    clients["hub-ui"]["protocolMappers"] = clients["hub-cli"]["protocolMappers"][1:]
    assert lines(clients=clients) == ["client hub-ui: differs in what its tokens say"]


@pytest.mark.parametrize(
    "held",
    [set(), {"manage-users"}, {"manage-clients", "realm-admin"}],
    ids=lambda held: " ".join(sorted(held)) or "nothing",
)
def test_what_the_registrars_own_account_may_do_is_compared(held: set[str]) -> None:
    powers = {("hub-registrar", "realm-management"): frozenset(held)}
    (line,) = lines(powers=powers)
    assert line.startswith("power hub-registrar of realm-management: may by itself do ")
    assert all(role in line for role in held)


def test_a_programs_client_is_an_admins_of_the_hub_and_no_stranger() -> None:
    assert lines(clients={**server_as_told()["clients"], "hub-service-tide-watch": {}}) == []


def test_a_client_nobody_knows_is_told_and_keycloaks_own_are_not() -> None:
    clients = {**server_as_told()["clients"], "evil": {}, "account": {}, "realm-management": {}}
    (line,) = lines(clients=clients)
    assert line.startswith("stranger evil")


def test_roles_what_clients_carry_groups_and_flows_are_compared() -> None:
    told = server_as_told()
    assert lines(roles=told["roles"] - {"auditor"}) == ["role hub-api: auditor: is not there"]
    assert lines(groups=told["groups"] - {"tidewise"}) == ["group tidewise: is not there"]
    assert lines(scope={**told["scope"], ("hub-ui", "hub-api"): frozenset({"admin"})}) == [
        "scope hub-ui of hub-api: may carry admin"
    ]
    assert lines(**without("flows", "hub forms")) == ["flow hub forms: is not there"]
    flows = {**told["flows"], "hub forms": told["flows"]["hub forms"][:1]}
    assert lines(flows=flows) == ["flow hub forms: has other steps"]


def written(folder: Path, raw: object) -> Path:
    (folder / "realm.json").write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
    return folder / "realm.json"


def test_an_attribute_a_person_has_and_nobody_declared_is_refused_by_name(tmp_path: Path) -> None:
    raw = realm()
    raw["users"][0]["attributes"]["need_to_know"] = ["everything"]
    with pytest.raises(SettingsError, match=r"does not declare: need_to_know\. Keycloak would drop"):
        read(written(tmp_path, raw))


def test_an_attribute_a_token_is_made_from_and_nobody_declared_is_refused_too(tmp_path: Path) -> None:
    raw = realm()
    config = json.loads(raw["components"][PROFILE][0]["config"][PROFILE_KEY][0])
    config["attributes"] = [one for one in config["attributes"] if one["name"] != "clearance"]
    raw["components"][PROFILE][0]["config"][PROFILE_KEY] = [json.dumps(config)]
    raw["users"] = []
    with pytest.raises(SettingsError, match="clearance"):
        read(written(tmp_path, raw))


@pytest.mark.parametrize("raw", ["", "{", "[]", "{}", '{"realm": "hub"}', '"x"', {**WANTED, "components": {}}], ids=str)
def test_what_is_no_realm_of_this_hub_is_refused_with_the_remedy(tmp_path: Path, raw: object) -> None:
    with pytest.raises(SettingsError, match="Write it again"):
        read(written(tmp_path, raw))


def test_addresses_are_this_hubs_own() -> None:
    found = read(REALM_FILE, addresses={"http://localhost:8080": "https://hub.example.org"})
    (ui,) = [one for one in found["clients"] if one["clientId"] == "hub-ui"]
    assert ui["redirectUris"] == ["https://hub.example.org/oauth2callback"]


def test_a_server_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(DependencyError, match=r"does not answer at http://127\.0\.0\.1:9"):
        Server("http://127.0.0.1:9", username="admin", password=SecretStr("x"))


@pytest.mark.parametrize("url", ["http://id.example.org", "ftp://127.0.0.1", "", "https://a:b@id.example.org"])
def test_a_password_travels_nowhere_it_could_be_read_along(url: str) -> None:
    with pytest.raises(SettingsError, match="https://"):
        Server(url, username="admin", password=SecretStr("x"))


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_the_command_says_what_is_wrong_and_has_its_code(command: str, tmp_path: Path) -> None:
    known = {"HUB_KEYCLOAK_ADMIN_PASSWORD": "x"}
    bad = hub(tmp_path, "identity", command, "http://127.0.0.1:9", **known)
    assert (bad.code, "does not answer" in bad.err) == (7, True)
    bad = hub(tmp_path, "identity", command, "http://127.0.0.1:9", HUB_KEYCLOAK_ADMIN_PASSWORD="")
    assert (bad.code, "HUB_KEYCLOAK_ADMIN_PASSWORD" in bad.err) == (4, True)
    told = ("--realm", str(written(tmp_path, "{")))
    bad = hub(tmp_path, "identity", command, "http://127.0.0.1:9", *told, **known)
    assert (bad.code, "Write it again" in bad.err) == (4, True)
