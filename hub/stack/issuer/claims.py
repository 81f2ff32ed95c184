"""What tokens say: the realm's mappers, honoured as Keycloak honours them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.realm import Client, Exchanger, Mapper, Person

#: How people prove themselves here (RFC 8176).
METHODS = ("pwd",)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """For whom, through which program, and when a token is made."""

    issuer: str
    client: Client | Exchanger
    session: BrowserSession
    token_scope: str
    issued: int
    life_s: int
    nonce: str | None = None


def access_claims(on: Occasion) -> dict[str, Any]:
    """Return the claims of an access token (RFC 9068), with no name in it."""
    carried = {} if isinstance(on.client, Exchanger) else _roles(on.client, on.session.person)
    access = {"resource_access": {name: {"roles": roles} for name, roles in carried.items()}} if carried else {}
    named = [one.config["included.client.audience"] for one in on.client.mappers if one.kind == "oidc-audience-mapper"]
    audience = list(dict.fromkeys((*named, *carried)))
    return {
        **_common(on),
        "aud": audience[0] if len(audience) == 1 else audience,
        "typ": "Bearer",
        **access,
        "scope": on.token_scope,
        **_mapped(on, "access"),
    }


def exchanged_claims(on: Occasion, audience: str) -> dict[str, Any]:
    """Return the claims of a token for one audience; it carries no role, and says the rest as the exchanger may."""
    return {
        **_common(on),
        "aud": audience,
        "typ": "Bearer",
        "resource_access": {},
        "scope": "",
        **_mapped(on, "access"),
    }


def id_claims(on: Occasion) -> dict[str, Any]:
    """Return the claims of an id token: who signed in, for the program that asked."""
    nonce = {} if on.nonce is None else {"nonce": on.nonce}
    return {**_common(on), "aud": on.client.id, "typ": "ID", **nonce, **_mapped(on, "id")}


def _common(on: Occasion) -> dict[str, Any]:
    return {
        "exp": on.issued + on.life_s,
        "iat": on.issued,
        "auth_time": int(on.session.signed_in_at),
        "jti": secrets.token_urlsafe(16),
        "iss": on.issuer,
        "sub": on.session.person.id,
        "azp": on.client.id,
        "sid": on.session.id,
    }


def _roles(client: Client, person: Person) -> dict[str, list[str]]:
    """Return the person's roles as far as the client may carry them."""
    found = {name: [role for role in person.roles.get(name, ()) if role in may] for name, may in client.roles.items()}
    return {name: roles for name, roles in found.items() if roles}


def _mapped(on: Occasion, token: str) -> Mapping[str, Any]:
    claims = [_claim(one, on.session.person) for one in on.client.mappers if one.is_in(token)]
    return {name: value for claim in claims if claim is not None for name, value in (claim,) if value is not None}


def _claim(mapper: Mapper, person: Person) -> tuple[str, Any] | None:
    match mapper.kind:
        case "oidc-group-membership-mapper":
            whole = mapper.config["full.path"] == "true"
            return mapper.config["claim.name"], [g if whole else g.rpartition("/")[2] for g in person.groups]
        case "oidc-usermodel-attribute-mapper":
            known = {**person.attributes, "username": person.username}
            return mapper.config["claim.name"], known.get(mapper.config["user.attribute"])
        case "oidc-amr-mapper":
            return "amr", list(METHODS)
        case "oidc-full-name-mapper":
            return "name", person.name
    return None  # the audience stands elsewhere
