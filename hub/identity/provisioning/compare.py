"""What an identity server lacks or has otherwise than the realm file says: pure, one line a difference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hub.identity.provisioning.realm_file import Realm, declared
from hub.identity.registrar import SERVICE

#: Parts of the file that are compared piece by piece, and people, who are registered elsewhere.
PIECES: Final = frozenset(
    {"roles", "groups", "clients", "clientScopeMappings", "components", "users", "authenticationFlows"}
    | {"authenticatorConfig"}
)
#: What Keycloak makes by itself in each realm.
BUILT_IN: Final = frozenset(
    {"account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"}
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the server says it has."""

    realm: Mapping[str, Any] | None
    clients: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()  # of the client that owns them
    scope: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # client, owner → roles it may carry
    powers: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # the same of its own account
    groups: frozenset[str] = frozenset()
    profile: Mapping[str, Any] = field(default_factory=dict)  # attribute → what is declared of it
    flows: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)  # alias → steps in order


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference: of which kind, of what, and which words differ."""

    kind: str
    name: str
    what: str


def differences(wanted: Realm, found: Found) -> list[Change]:
    """Return every difference, in the order they are applied."""
    if found.realm is None:
        return [Change(kind="realm", name=wanted["realm"], what="is not there")]
    return [
        *_settings(wanted, found.realm),
        *_profile(wanted, found),
        *_flows(wanted, found),
        *_clients(wanted, found),
        *_roles(wanted, found),
        *_powers(wanted, found),
        *_groups(wanted, found),
    ]


def _settings(wanted: Realm, there: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted(set(wanted) - PIECES - {"realm"}):
        same = sorted(there.get(name) or []) == sorted(wanted[name]) if isinstance(wanted[name], list) else False
        if not same and there.get(name) != wanted[name]:
            yield Change(kind="setting", name=name, what=f"{_short(there.get(name))} instead of {_short(wanted[name])}")


def _profile(wanted: Realm, found: Found) -> Iterator[Change]:
    ours = declared(wanted)
    for name, attribute in ours.items():
        there = found.profile.get(name)
        if there is None:
            yield Change(kind="attribute", name=name, what="is not declared: Keycloak drops it without a word")
        elif _edits(there) != _edits(attribute):
            yield Change(kind="attribute", name=name, what=f"may be changed by {', '.join(_edits(there)) or 'nobody'}")
    for name in sorted(set(found.profile) - set(ours)):
        yield Change(kind="attribute", name=name, what="is declared there and not in the realm file")


def _edits(attribute: Mapping[str, Any]) -> list[str]:
    return sorted(attribute.get("permissions", {}).get("edit", []))


def _flows(wanted: Realm, found: Found) -> Iterator[Change]:
    for flow in wanted["authenticationFlows"]:
        steps = [
            (step.get("flowAlias") or step["authenticator"], step["requirement"])
            for step in flow["authenticationExecutions"]
        ]
        there = found.flows.get(flow["alias"])
        if there is None:
            yield Change(kind="flow", name=flow["alias"], what="is not there")
        elif list(there) != steps:
            yield Change(kind="flow", name=flow["alias"], what="has other steps")


def _clients(wanted: Realm, found: Found) -> Iterator[Change]:
    ours = {client["clientId"]: client for client in wanted["clients"]}
    for name, client in ours.items():
        there = found.clients.get(name)
        if there is None:
            yield Change(kind="client", name=name, what="is not there")
            continue
        if words := list(_client_words(client, there)):
            yield Change(kind="client", name=name, what=f"differs in {', '.join(words)}")
    for name in sorted(set(found.clients) - set(ours) - BUILT_IN):
        if name.startswith(SERVICE):
            continue  # a program's: nobody without an account in this hub, which an admin opened
        yield Change(kind="stranger", name=name, what="is a client the realm file does not know; look who made it")


def _client_words(client: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    for name, value in client.items():
        if name in {"attributes", "protocolMappers"}:
            continue
        told = there.get(name)
        if (sorted(told or []) != sorted(value)) if isinstance(value, list) else told != value:
            yield name
    for name, value in client.get("attributes", {}).items():
        if there.get("attributes", {}).get(name) != value:
            yield name
    if "protocolMappers" in client and _mappers(client) != _mappers(there, like=_mappers(client)):
        yield "what its tokens say"


def _mappers(
    client: Mapping[str, Any], like: Mapping[str, tuple[str, Mapping[str, str]]] | None = None
) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return the mappers by name; of their settings those that `like` names, for a server adds its own."""
    found = {one["name"]: (one["protocolMapper"], one["config"]) for one in client.get("protocolMappers", [])}
    if like is None:
        return found
    named = {name: like[name][1] if name in like else config for name, (_, config) in found.items()}
    return {
        name: (kind, {key: value for key, value in config.items() if key in named[name]})
        for name, (kind, config) in found.items()
    }


def _roles(wanted: Realm, found: Found) -> Iterator[Change]:
    ((owner, roles),) = wanted["roles"]["client"].items()
    for role in roles:
        if role["name"] not in found.roles:
            yield Change(kind="role", name=f"{owner}: {role['name']}", what="is not there")
    for owner, mappings in wanted["clientScopeMappings"].items():
        for mapping in mappings:
            there = found.scope.get((mapping["client"], owner), frozenset())
            if there != set(mapping["roles"]):
                yield Change(kind="scope", name=_pair(mapping["client"], owner), what=f"may carry {_list(there)}")


def _powers(wanted: Realm, found: Found) -> Iterator[Change]:
    """Yield what accounts of the file's own may do otherwise: too much is as wrong as too little."""
    ours = {(client, owner): roles for client, owner, roles in powers(wanted)}
    for client, owner in sorted(set(ours) | set(found.powers)):
        there = found.powers.get((client, owner), frozenset())
        if there != set(ours.get((client, owner), ())):
            yield Change(kind="power", name=_pair(client, owner), what=f"may by itself do {_list(there)}")


def powers(wanted: Realm) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield each client that has an account of its own in the file, and what it may do with whose roles."""
    for user in wanted.get("users", []):
        if client := user.get("serviceAccountClientId"):
            for owner, roles in user["clientRoles"].items():
                yield client, owner, roles


def _pair(client: str, owner: str) -> str:
    return f"{client} of {owner}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no role"


def _groups(wanted: Realm, found: Found) -> Iterator[Change]:
    for group in wanted["groups"]:
        if group["name"] not in found.groups:
            yield Change(kind="group", name=group["name"], what="is not there")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004  # what a line of a table holds
