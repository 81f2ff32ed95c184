"""The realm's clients: UI (code with PKCE), command line (device flow), API (audience, token exchange), accounts."""

from typing import Any, Final

from catalog.vocabulary import Purpose

UI: Final = "hub-ui"
CLI: Final = "hub-cli"
API: Final = "hub-api"
WORKER: Final = "hub-worker"
#: Opens and closes the clients of service accounts, on the API's word.
REGISTRAR: Final = "hub-registrar"
#: An agent's token is for one of these audiences and no other: each is one purpose.
AGENT: Final = "hub-agent-"
AGENT_PURPOSES: Final = tuple(purpose for purpose in Purpose if purpose is not Purpose.REVIEW)
#: An agent's token ends sooner than a person's; whoever asked for it asks again.
AGENT_TOKEN_S: Final = 120
#: The UI's address; cookies ignore ports, so the issuer stands under another host name.
UI_ADDRESS: Final = "http://localhost:8080"
CALLBACK: Final = f"{UI_ADDRESS}/oauth2callback"
#: The API's address, where the issuer tells that a session has ended (OIDC back-channel logout).
API_ADDRESS: Final = "http://localhost:8081"
LOGOUT_PATH: Final = "/sessions/ended"

#: Without it the header of an access token says `JWT`, as an id token's does.
_AT_JWT: Final = {"access.token.header.type.rfc9068": "true"}
_PERSONS: Final = {
    **_AT_JWT,
    "pkce.code.challenge.method": "S256",
    "backchannel.logout.url": f"{API_ADDRESS}{LOGOUT_PATH}",
    "backchannel.logout.session.required": "true",
}


def clients() -> list[dict[str, Any]]:
    """Return the clients; what a token holds is said by mappers on the client, for the access token alone."""
    keepers = (_api(), _worker(), _registrar())
    return [_ui(), _cli(), *keepers, *(_agents(purpose) for purpose in AGENT_PURPOSES), _admin_cli()]


def _ui() -> dict[str, Any]:
    return {
        **_public(UI, "Sovereign Data Hub"),
        "standardFlowEnabled": True,
        "redirectUris": [CALLBACK],
        "attributes": {
            **_PERSONS,
            "post.logout.redirect.uris": f"{CALLBACK}##{UI_ADDRESS}/",
            "use.refresh.tokens": "false",  # renewed silently through the session at the issuer
        },
    }


def _cli() -> dict[str, Any]:
    return {
        **_public(CLI, "hub (command line)"),
        "standardFlowEnabled": False,
        "redirectUris": [],
        "attributes": {**_PERSONS, "oauth2.device.authorization.grant.enabled": "true", "use.refresh.tokens": "true"},
    }


def _public(name: str, title: str) -> dict[str, Any]:
    """Return a client without a secret that may do nothing but what its own lines add."""
    return {
        "clientId": name,
        "name": title,
        "enabled": True,
        "protocol": "openid-connect",
        "publicClient": True,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "fullScopeAllowed": False,
        "webOrigins": [],
        "defaultClientScopes": ["basic", "roles"],
        "optionalClientScopes": [],
        "protocolMappers": _mappers(),
    }


def _api() -> dict[str, Any]:
    """Return the audience of people's tokens; it may exchange them for an agent's, narrower in audience and time."""
    targets = [
        _mapper(f"audience {purpose}", "oidc-audience-mapper", {"included.client.audience": f"{AGENT}{purpose}"})
        for purpose in AGENT_PURPOSES
    ]
    return {
        **_secret(API, "The hub's API"),
        "attributes": {
            **_AT_JWT,
            "standard.token.exchange.enabled": "true",
            "access.token.lifespan": str(AGENT_TOKEN_S),
        },
        "protocolMappers": [*targets, *_about_the_person()],
    }


def _worker() -> dict[str, Any]:
    """Return the worker's account: it has no role, and no token of it is for this hub's API."""
    return {
        **_secret(WORKER, "The hub's worker"),
        "serviceAccountsEnabled": True,
        "defaultClientScopes": ["basic", "roles", "service_account"],  # Keycloak adds the last by itself
        "attributes": _AT_JWT,
        "protocolMappers": [],
    }


def _registrar() -> dict[str, Any]:
    """Return the account the API keeps programs' clients with; its tokens are for the issuer, not for this hub."""
    return {
        **_secret(REGISTRAR, "The hub's registrar of programs"),
        "serviceAccountsEnabled": True,
        "defaultClientScopes": ["basic", "roles", "service_account"],
        "attributes": _AT_JWT,
        "protocolMappers": [],
    }


def _agents(purpose: Purpose) -> dict[str, Any]:
    return {
        "clientId": f"{AGENT}{purpose}",
        "name": f"Agents, for {purpose}",
        "enabled": True,
        "protocol": "openid-connect",
        "bearerOnly": True,
        "fullScopeAllowed": False,
    }


def _admin_cli() -> dict[str, Any]:
    """Return Keycloak's own client of that name, switched off: unsaid, it takes a password without a second factor."""
    return {"clientId": "admin-cli", "enabled": False, "publicClient": True, "directAccessGrantsEnabled": False}


def _secret(name: str, title: str) -> dict[str, Any]:
    """Return a client that proves itself by a secret, which the issuer makes up, and signs nobody in."""
    return {
        "clientId": name,
        "name": title,
        "enabled": True,
        "protocol": "openid-connect",
        "publicClient": False,
        "clientAuthenticatorType": "client-secret",
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "fullScopeAllowed": False,
        "redirectUris": [],
        "webOrigins": [],
        "defaultClientScopes": ["basic", "roles"],
        "optionalClientScopes": [],
    }


def _mappers() -> list[dict[str, Any]]:
    return [
        _mapper("audience", "oidc-audience-mapper", {"included.client.audience": API}),
        *_about_the_person(),
        # Names are for the screen that greets a person; the API knows people by id.
        _mapper("name", "oidc-full-name-mapper", {}, id_token=True, access_token=False),
        _attribute("username", claim="preferred_username", id_token=True, access_token=False),
    ]


def _about_the_person() -> list[dict[str, Any]]:
    return [
        _mapper("groups", "oidc-group-membership-mapper", {"claim.name": "groups", "full.path": "true"}),
        _mapper("amr", "oidc-amr-mapper", {}, id_token=True),
        *(_attribute(name, claim=name) for name in ("jurisdiction", "clearance", "affiliation")),
    ]


def _attribute(name: str, *, claim: str, id_token: bool = False, access_token: bool = True) -> dict[str, Any]:
    config = {"user.attribute": name, "claim.name": claim, "jsonType.label": "String", "multivalued": "false"}
    return _mapper(name, "oidc-usermodel-attribute-mapper", config, id_token=id_token, access_token=access_token)


def _mapper(
    name: str, kind: str, config: dict[str, str], *, id_token: bool = False, access_token: bool = True
) -> dict[str, Any]:
    flags = {"access.token.claim": access_token, "id.token.claim": id_token, "userinfo.token.claim": False}
    return {
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": kind,
        "consentRequired": False,
        "config": {**config, **{flag: str(value).lower() for flag, value in flags.items()}},
    }
