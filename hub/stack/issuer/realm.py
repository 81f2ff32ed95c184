"""Reads the realm file as the values the development issuer works with; what it can't honour, it refuses to read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from catalog.errors import SettingsError
from hub.stack.keycloak.realm import MANAGE_CLIENTS, MANAGEMENT

EXCHANGE: Final = "standard.token.exchange.enabled"
MAPPERS: Final = frozenset(
    {
        "oidc-audience-mapper",
        "oidc-group-membership-mapper",
        "oidc-usermodel-attribute-mapper",
        "oidc-amr-mapper",
        "oidc-full-name-mapper",
    }
)


@dataclass(frozen=True, kw_only=True)
class Mapper:
    """One claim a client's tokens hold."""

    kind: str
    config: Mapping[str, str]

    def is_in(self, token: str) -> bool:
        """Say whether the `access` or `id` token holds it."""
        return self.config.get(f"{token}.token.claim") == "true"


@dataclass(frozen=True, kw_only=True)
class Client:
    """A program people sign in with; every one is public and proves itself by PKCE."""

    id: str
    name: str
    code: bool
    device: bool
    refreshes: bool
    redirect_uris: frozenset[str]
    after_logout: frozenset[str]
    told_of_logout: str | None  # where it hears that a session has ended
    mappers: tuple[Mapper, ...]
    roles: Mapping[str, frozenset[str]]  # whose roles it may carry


@dataclass(frozen=True, kw_only=True)
class Exchanger:
    """A program with a secret that may exchange a person's token for a narrower one."""

    id: str
    mappers: tuple[Mapper, ...]
    life_s: int

    @property
    def targets(self) -> frozenset[str]:
        """The audiences it may ask for."""
        named = (mapper.config.get("included.client.audience") for mapper in self.mappers)
        return frozenset(name for name in named if name is not None)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who can sign in."""

    id: str
    username: str
    name: str
    attributes: Mapping[str, str]
    groups: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Realm:
    """Clients, people, and how long things last, in seconds."""

    name: str
    title: str
    clients: Mapping[str, Client]
    exchangers: Mapping[str, Exchanger]
    registrars: frozenset[str]  # clients whose own account may open and close clients
    people: Mapping[str, Person]
    token_s: int
    code_s: int
    idle_s: int
    session_s: int
    device_s: int
    poll_s: int


def read_realm(path: Path) -> Realm:
    """Return the realm; SettingsError when the file can't be read or asks for more than this issuer can do."""
    try:
        return _realm(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"The realm file {path} can't be read ({type(error).__name__}: {error}). "
            "Write it again: python -m hub.stack.keycloak.realm"
        ) from error


def _realm(raw: Mapping[str, Any]) -> Realm:
    carried: dict[str, dict[str, frozenset[str]]] = {}
    for owner, mappings in raw["clientScopeMappings"].items():
        for one in mappings:
            carried.setdefault(one["client"], {})[owner] = frozenset(one["roles"])
    public = [client for client in raw["clients"] if client.get("publicClient") and client["enabled"]]
    exchanging = [client for client in raw["clients"] if client.get("attributes", {}).get(EXCHANGE) == "true"]
    signing_in = [user for user in raw["users"] if user["enabled"] and "serviceAccountClientId" not in user]
    return Realm(
        name=raw["realm"],
        title=raw["displayName"],
        clients={one["clientId"]: _client(one, carried.get(one["clientId"], {})) for one in public},
        exchangers={one["clientId"]: _exchanger(one) for one in exchanging},
        registrars=frozenset(_registrars(raw)),
        people={one["username"]: _person(one) for one in signing_in},
        token_s=_whole(raw, "accessTokenLifespan", most=300),
        code_s=_whole(raw, "accessCodeLifespan", most=60),
        idle_s=_whole(raw, "ssoSessionIdleTimeout"),
        session_s=_whole(raw, "ssoSessionMaxLifespan"),
        device_s=_whole(raw, "oauth2DeviceCodeLifespan", most=1800),
        poll_s=_whole(raw, "oauth2DevicePollingInterval", most=60),
    )


def _client(raw: Mapping[str, Any], roles: Mapping[str, frozenset[str]]) -> Client:
    attributes = raw["attributes"]
    if attributes.get("pkce.code.challenge.method") != "S256":
        raise ValueError(f"{raw['clientId']} must demand PKCE with S256")
    if raw["fullScopeAllowed"] or raw["directAccessGrantsEnabled"] or raw["implicitFlowEnabled"]:
        raise ValueError(f"{raw['clientId']} may do more than this issuer offers")
    addresses = [*raw["redirectUris"], *filter(None, attributes.get("post.logout.redirect.uris", "").split("##"))]
    if any("*" in address or "#" in address for address in addresses):
        raise ValueError(f"{raw['clientId']} must name its addresses exactly")
    return Client(
        id=raw["clientId"],
        name=raw["name"],
        code=raw["standardFlowEnabled"],
        device=attributes.get("oauth2.device.authorization.grant.enabled") == "true",
        refreshes=attributes.get("use.refresh.tokens", "true") == "true",
        redirect_uris=frozenset(raw["redirectUris"]),
        after_logout=frozenset(addresses[len(raw["redirectUris"]) :]),
        told_of_logout=attributes.get("backchannel.logout.url"),
        mappers=tuple(_mapper(one) for one in raw["protocolMappers"]),
        roles=roles,
    )


def _exchanger(raw: Mapping[str, Any]) -> Exchanger:
    if raw["publicClient"] or raw["fullScopeAllowed"]:
        raise ValueError(f"{raw['clientId']} exchanges tokens, so it needs a secret and no full scope")
    return Exchanger(
        id=raw["clientId"],
        mappers=tuple(_mapper(one) for one in raw["protocolMappers"]),
        life_s=_whole({"life": int(raw["attributes"]["access.token.lifespan"])}, "life", most=300),
    )


def _registrars(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the clients whose account may manage clients; Keycloak wants it said of the client's scope, too."""
    carried = {one["client"]: one["roles"] for one in raw["clientScopeMappings"].get(MANAGEMENT, [])}
    for user in raw["users"]:
        client, roles = user.get("serviceAccountClientId"), user.get("clientRoles", {}).get(MANAGEMENT, [])
        if client and user["enabled"] and MANAGE_CLIENTS in roles and MANAGE_CLIENTS in carried.get(client, []):
            yield client


def _mapper(raw: Mapping[str, Any]) -> Mapper:
    if raw["protocolMapper"] not in MAPPERS:
        raise ValueError(f"the mapper {raw['protocolMapper']} is not known here")
    return Mapper(kind=raw["protocolMapper"], config=raw["config"])


def _person(raw: Mapping[str, Any]) -> Person:
    return Person(
        id=str(UUID(raw["id"])),
        username=raw["username"],
        name=f"{raw['firstName']} {raw['lastName']}",
        attributes={name: values[0] for name, values in raw["attributes"].items()},
        groups=tuple(raw["groups"]),
        roles={client: tuple(roles) for client, roles in raw["clientRoles"].items()},
    )


def _whole(raw: Mapping[str, Any], name: str, *, most: int = 86_400) -> int:
    value = raw[name]
    if not isinstance(value, int) or not 0 < value <= most:
        raise ValueError(f"{name} must be a number from 1 to {most}")
    return value
