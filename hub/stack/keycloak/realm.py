"""Writes the realm file Keycloak imports (`python -m hub.stack.keycloak.realm`).

Generated, never exported: an export carries keys and credentials. Written for Keycloak 26.7.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from catalog.vocabulary import Role
from hub.stack.keycloak.clients import API, CLI, REGISTRAR, UI, clients
from hub.stack.keycloak.flow import SESSION_MAX_S, sign_in_flow
from hub.stack.keycloak.people import ORGANISATIONS, PEOPLE, DemoPerson

REALM: Final = "hub"
REALM_FILE: Final = Path(__file__).with_name("realm.json")
#: Attributes the issuer attests; the user profile must declare them, or Keycloak drops them without a word.
ATTRIBUTES: Final = ("jurisdiction", "clearance", "affiliation")
#: Keycloak's own client and role: who has it opens and closes clients of this realm.
MANAGEMENT: Final = "realm-management"
MANAGE_CLIENTS: Final = "manage-clients"
ACCESS_TOKEN_S: Final = 300
SESSION_IDLE_S: Final = 1_800
#: What a person may choose where the realm keeps their password itself.
PASSWORDS: Final = "length(12) and maxLength(128) and notUsername and notEmail and passwordHistory(5)"
DUTIES: Final = {
    Role.RESEARCHER: "asks and searches",
    Role.FOUNDER: "looks for data a product may be built on",
    Role.STEWARD: "answers for the datasets of the own organisation",
    Role.REVIEWER: "gives one blind opinion on a request",
    Role.ADMIN: "runs places, people and policy, never content",
    Role.AUDITOR: "reads the ledger and residency, never content",
}


def realm() -> dict[str, Any]:
    """Return the whole realm.

    It names no `clientScopes`: Keycloak would then not make its own, and tokens would have no `sub`.
    """
    roles = [{"name": str(role), "description": duty, "clientRole": True} for role, duty in DUTIES.items()]
    return {
        "realm": REALM,
        "displayName": "Sovereign Data Hub",
        "enabled": True,
        "sslRequired": "external",
        **_lifespans(),
        **_guards(),
        **sign_in_flow(),
        "internationalizationEnabled": True,
        "supportedLocales": ["en", "de"],
        "defaultLocale": "en",
        "roles": {"client": {API: roles}},
        "groups": [{"name": slug, "path": f"/{slug}"} for slug in ORGANISATIONS],
        "clients": clients(),
        "clientScopeMappings": {
            API: [{"client": name, "roles": [str(role) for role in Role]} for name in (UI, CLI)],
            MANAGEMENT: [{"client": REGISTRAR, "roles": [MANAGE_CLIENTS]}],
        },
        "components": _user_profile(),
        "users": [*(_user(person) for person in PEOPLE), _registrar()],
    }


def _lifespans() -> dict[str, Any]:
    return {
        "defaultSignatureAlgorithm": "RS256",
        "accessTokenLifespan": ACCESS_TOKEN_S,
        "accessCodeLifespan": 60,
        "ssoSessionIdleTimeout": SESSION_IDLE_S,
        "ssoSessionMaxLifespan": SESSION_MAX_S,
        "oauth2DeviceCodeLifespan": 600,
        "oauth2DevicePollingInterval": 5,
        "revokeRefreshToken": True,
        "refreshTokenMaxReuse": 0,
    }


def _guards() -> dict[str, Any]:
    return {
        "registrationAllowed": False,
        "resetPasswordAllowed": False,
        "rememberMe": False,
        "loginWithEmailAllowed": False,
        "duplicateEmailsAllowed": True,
        "editUsernameAllowed": False,
        "passwordPolicy": PASSWORDS,
        "bruteForceProtected": True,
        "failureFactor": 5,
        "waitIncrementSeconds": 30,
        "maxFailureWaitSeconds": 900,
    }


def _user_profile() -> dict[str, Any]:
    own = [_declared(name, edit=["admin"]) for name in ATTRIBUTES]
    names = [_declared(name, edit=["admin"]) for name in ("username", "firstName", "lastName", "email")]
    profile = {"attributes": [*names, *own]}
    return {
        "org.keycloak.userprofile.UserProfileProvider": [
            {
                "providerId": "declarative-user-profile",
                "config": {"kc.user.profile.config": [json.dumps(profile, separators=(",", ":"))]},
            }
        ]
    }


def _declared(name: str, *, edit: Sequence[str]) -> dict[str, Any]:
    """Return an attribute its owner may see and only an administrator may change."""
    return {"name": name, "permissions": {"view": ["admin", "user"], "edit": list(edit)}, "multivalued": False}


def _user(person: DemoPerson) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    values = (person.jurisdiction, str(person.clearance), ORGANISATIONS[person.organisation])
    return {
        "id": str(person.id),
        "username": person.slug,
        "firstName": first,
        "lastName": last,
        "enabled": True,
        "attributes": {name: [value] for name, value in zip(ATTRIBUTES, values, strict=True)},
        "groups": [f"/{person.organisation}"],
        "clientRoles": {API: [str(person.role)]},
    }


def _registrar() -> dict[str, Any]:
    """Return the registrar's own account; Keycloak makes it with the client, and takes its role from here."""
    return {
        "username": f"service-account-{REGISTRAR}",
        "enabled": True,
        "serviceAccountClientId": REGISTRAR,
        "clientRoles": {MANAGEMENT: [MANAGE_CLIENTS]},
    }


def text() -> str:
    """Return the file's content."""
    return json.dumps(realm(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    REALM_FILE.write_text(text(), encoding="utf-8")
