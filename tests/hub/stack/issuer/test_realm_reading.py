"""The issuer reads the realm file Keycloak imports, and refuses one that asks for what it can't keep."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import SettingsError
from hub.stack.issuer.realm import read_realm
from hub.stack.keycloak.realm import REALM_FILE, realm

Change = Callable[[dict[str, Any]], object]


def written(tmp_path: Path, change: Change) -> Path:
    raw = realm()
    change(raw)
    path = tmp_path / "realm.json"
    path.write_text(json.dumps(raw))
    return path


def ui(raw: dict[str, Any]) -> dict[str, Any]:
    client: dict[str, Any] = raw["clients"][0]
    return client


def test_the_committed_realm_is_read_whole() -> None:
    read = read_realm(REALM_FILE)
    assert set(read.clients) == {"hub-ui", "hub-cli"}
    assert list(read.people) == ["ada", "luc", "mia", "sten", "rosa", "anton", "ines"]
    assert (read.token_s, read.code_s, read.poll_s) == (300, 60, 5)
    assert (read.clients["hub-ui"].code, read.clients["hub-ui"].device) == (True, False)
    assert (read.clients["hub-cli"].code, read.clients["hub-cli"].device) == (False, True)


def test_a_person_who_is_switched_off_does_not_sign_in(tmp_path: Path) -> None:
    assert "ada" not in read_realm(written(tmp_path, lambda raw: raw["users"][0].update(enabled=False))).people


REFUSED: dict[str, Change] = {
    "no PKCE": lambda raw: ui(raw)["attributes"].pop("pkce.code.challenge.method"),
    "PKCE in the clear": lambda raw: ui(raw)["attributes"].update({"pkce.code.challenge.method": "plain"}),
    "any role": lambda raw: ui(raw).update(fullScopeAllowed=True),
    "passwords to programs": lambda raw: ui(raw).update(directAccessGrantsEnabled=True),
    "tokens in addresses": lambda raw: ui(raw).update(implicitFlowEnabled=True),
    "any address below": lambda raw: ui(raw).update(redirectUris=["http://localhost:8080/*"]),
    "any address after": lambda raw: ui(raw)["attributes"].update({"post.logout.redirect.uris": "*"}),
    "an unknown mapper": lambda raw: ui(raw)["protocolMappers"][0].update(protocolMapper="oidc-script-mapper"),
    "long tokens": lambda raw: raw.update(accessTokenLifespan=301),
    "long codes": lambda raw: raw.update(accessCodeLifespan=61),
    "no time": lambda raw: raw.update(ssoSessionIdleTimeout=0),
    "a time in words": lambda raw: raw.update(ssoSessionMaxLifespan="long"),
    "a person without an id": lambda raw: raw["users"][0].pop("id"),
    "a person with a name as id": lambda raw: raw["users"][0].update(id="ada"),
    "no clients": lambda raw: raw.pop("clients"),
    "no people": lambda raw: raw.pop("users"),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_a_realm_that_asks_for_what_cannot_be_kept_is_refused(tmp_path: Path, change: Change) -> None:
    with pytest.raises(SettingsError, match=r"can't be read .*Write it again"):
        read_realm(written(tmp_path, change))


@pytest.mark.parametrize("content", ["", "{", "[]", "7", "{}"])
def test_a_file_that_is_no_realm_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "realm.json").write_text(content)
    with pytest.raises(SettingsError):
        read_realm(tmp_path / "realm.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.json"):
        read_realm(tmp_path / "absent.json")
