"""Reads the realm file to be applied, and refuses one that Keycloak would take only in part."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from catalog.errors import SettingsError

Realm = Mapping[str, Any]

PROFILE: Final = "org.keycloak.userprofile.UserProfileProvider"
PROFILE_KEY: Final = "kc.user.profile.config"
NEEDED: Final = ("realm", "clients", "roles", "groups", "components", "clientScopeMappings", "browserFlow")
REMEDY: Final = "Write it again: python -m hub.stack.keycloak.realm"


def read(path: Path, *, addresses: Mapping[str, str] | None = None) -> Realm:
    """Return the realm, each address of `addresses` replaced; SettingsError for what is no realm of this hub."""
    try:
        text = path.read_text(encoding="utf-8")
        for before, after in (addresses or {}).items():
            text = text.replace(before, after)
        found = json.loads(text)
        missing = [name for name in NEEDED if name not in found]
        undeclared = sorted(set(_used(found)) - set(declared(found))) if not missing else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise SettingsError(f"The realm file {path} can't be read ({type(error).__name__}). {REMEDY}") from error
    if missing:
        raise SettingsError(f"The realm file {path} does not say: {', '.join(missing)}. {REMEDY}")
    if undeclared:
        raise SettingsError(
            f"The realm file {path} writes attributes that its user profile does not declare: {', '.join(undeclared)}. "
            "Keycloak would drop them without a word. Declare them, or take them out."
        )
    whole: Realm = found
    return whole


def declared(realm: Realm) -> dict[str, Any]:
    """Return the attributes of people that the user profile declares, by name."""
    (provider,) = realm["components"][PROFILE]
    (text,) = provider["config"][PROFILE_KEY]
    return {attribute["name"]: attribute for attribute in json.loads(text)["attributes"]}


def _used(realm: Realm) -> Iterator[str]:
    """Yield every attribute that a person has or a token is made from."""
    for user in realm.get("users", []):
        yield from user.get("attributes", {})
    for client in realm["clients"]:
        for mapper in client.get("protocolMappers", []):
            if mapper["protocolMapper"] == "oidc-usermodel-attribute-mapper":
                yield mapper["config"]["user.attribute"]
