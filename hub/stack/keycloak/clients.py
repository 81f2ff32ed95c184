"""The realm's clients: the UI (code with PKCE), the command line (device flow), and the API as the audience of both."""

from typing import Any, Final

UI: Final = "hub-ui"
CLI: Final = "hub-cli"
API: Final = "hub-api"
#: The UI's address; cookies ignore ports, so the issuer stands under another host name.
UI_ADDRESS: Final = "http://localhost:8080"
CALLBACK: Final = f"{UI_ADDRESS}/oauth2callback"

_PKCE: Final = {
    "pkce.code.challenge.method": "S256",
    # Without it the header of an access token says `JWT`, as an id token's does.
    "access.token.header.type.rfc9068": "true",
}


def clients() -> list[dict[str, Any]]:
    """Return the three clients; what a token holds is said by mappers on the client, for the access token alone."""
    return [_ui(), _cli(), _api()]


def _ui() -> dict[str, Any]:
    return {
        **_public(UI, "Sovereign Data Hub"),
        "standardFlowEnabled": True,
        "redirectUris": [CALLBACK],
        "attributes": {
            **_PKCE,
            "post.logout.redirect.uris": f"{CALLBACK}##{UI_ADDRESS}/",
            "use.refresh.tokens": "false",  # renewed silently through the session at the issuer
        },
    }


def _cli() -> dict[str, Any]:
    return {
        **_public(CLI, "hub (command line)"),
        "standardFlowEnabled": False,
        "redirectUris": [],
        "attributes": {**_PKCE, "oauth2.device.authorization.grant.enabled": "true", "use.refresh.tokens": "true"},
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
    return {
        "clientId": API,
        "name": "The hub's API",
        "enabled": True,
        "protocol": "openid-connect",
        "bearerOnly": True,
        "fullScopeAllowed": False,
    }


def _mappers() -> list[dict[str, Any]]:
    attributes = [_attribute(name, claim=name) for name in ("jurisdiction", "clearance", "affiliation")]
    return [
        _mapper("audience", "oidc-audience-mapper", {"included.client.audience": API}),
        _mapper("groups", "oidc-group-membership-mapper", {"claim.name": "groups", "full.path": "true"}),
        _mapper("amr", "oidc-amr-mapper", {}, id_token=True),
        *attributes,
        # Names are for the screen that greets a person; the API knows people by id.
        _mapper("name", "oidc-full-name-mapper", {}, id_token=True, access_token=False),
        _attribute("username", claim="preferred_username", id_token=True, access_token=False),
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
