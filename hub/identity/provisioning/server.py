"""The one door to python-keycloak: reads what an identity server has, and gives it what the realm file says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

from keycloak import KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakAuthenticationError, KeycloakConnectionError, KeycloakError
from pydantic import SecretStr

from catalog.errors import DependencyError, IdentityError, SettingsError
from hub.identity.addresses import is_safe_address
from hub.identity.provisioning.compare import PIECES, Change, Found, differences, powers
from hub.identity.provisioning.realm_file import Realm, declared

TIMEOUT_S: Final = 30
NOT_FOUND: Final = 404
FORBIDDEN: Final = 403
FAILED: Final = 400
REFUSED: Final = (400, 401)
FLOW: Final = (
    "The sign-in flow '{name}' differs, and a flow is not changed under the people who sign in; nothing was applied. "
    "Make it in the admin console as the realm file says, or import the file into a server without this realm."
)


Clients = Mapping[str, Mapping[str, Any]]
#: Where the roles of a pair of client and owner stand.
Places = Callable[[Realm, Clients], dict[tuple[str, str], str]]


class Server:
    """An identity server, as its administrator sees it."""

    def __init__(self, url: str, *, username: str, password: SecretStr) -> None:
        if not is_safe_address(url):
            raise SettingsError("The identity server's address begins with https://, or with http:// and loopback.")
        self._url = url.rstrip("/")
        with _translated(self._url):
            self._http = KeycloakOpenIDConnection(
                server_url=self._url,
                username=username,
                password=password.get_secret_value(),
                realm_name="master",
                timeout=TIMEOUT_S,
            )
            self._http._s.trust_env = False  # noqa: SLF001  # no proxy may read a password along
            self._http.get_token()

    def close(self) -> None:
        """Give the connections back."""
        self._http._s.close()  # noqa: SLF001  # the library closes it only when it is collected
        self._http.keycloak_openid.connection._s.close()  # noqa: SLF001  # the same

    def found(self, wanted: Realm) -> Found:
        """Return what the server has of what the realm file names."""
        name = wanted["realm"]
        there = self._get(f"/{name}", absent=True)
        if there is None:
            return Found(realm=None)
        clients = {one["clientId"]: one for one in self._get(f"/{name}/clients")}
        (owner,) = wanted["roles"]["client"]
        owner_id = clients[owner]["id"] if owner in clients else None
        return Found(
            realm=there,
            clients=clients,
            roles=self._names(f"/{name}/clients/{owner_id}/roles") if owner_id else frozenset(),
            scope={pair: self._names(at) for pair, at in self._scopes(wanted, clients).items()},
            powers={pair: self._names(at) for pair, at in self._accounts(wanted, clients).items()},
            groups=self._names(f"/{name}/groups"),
            profile={one["name"]: one for one in self._get(f"/{name}/users/profile")["attributes"]},
            flows=self._flows(name, wanted["browserFlow"]),
        )

    def apply(self, wanted: Realm) -> list[Change]:
        """Apply every difference; returns those that were applied. Strangers are left for a person to look at."""
        due = [one for one in differences(wanted, self.found(wanted)) if one.kind != "stranger"]
        for flow in (one for one in due if one.kind == "flow"):
            raise SettingsError(FLOW.format(name=flow.name))
        whole: set[str] = set()  # settings and attributes go as one
        for change in due:
            if change.kind not in whole:
                self._apply(wanted, change)
            if change.kind in {"setting", "attribute"}:
                whole.add(change.kind)
        return due

    def _apply(self, wanted: Realm, change: Change) -> None:
        name = wanted["realm"]
        match change.kind:
            case "realm":
                self._send("POST", "", wanted)
            case "setting":
                self._send("PUT", f"/{name}", {key: value for key, value in wanted.items() if key not in PIECES})
            case "attribute":
                self._send("PUT", f"/{name}/users/profile", {"attributes": list(declared(wanted).values())})
            case "client":
                self._client(wanted, change.name)
            case "role":
                self._role(wanted, change.name.partition(": ")[2])
            case "scope":
                self._settle(wanted, change, self._scopes, wanted["clientScopeMappings"])
            case "power":
                self._settle(wanted, change, self._accounts, _powers_by_owner(wanted))
            case "group":
                self._send("POST", f"/{name}/groups", {"name": change.name})

    def _client(self, wanted: Realm, client_id: str) -> None:
        name = wanted["realm"]
        (client,) = [one for one in wanted["clients"] if one["clientId"] == client_id]
        there = self._clients(name).get(client_id)
        if there is None:
            self._send("POST", f"/{name}/clients", client)
            return
        at = f"/{name}/clients/{there['id']}"
        merged = {**there, **client, "attributes": {**there.get("attributes", {}), **client.get("attributes", {})}}
        mappers = merged.pop("protocolMappers", [])
        self._send("PUT", at, merged)
        for kind in ("default", "optional"):
            self._client_scopes(name, at, kind, client.get(f"{kind}ClientScopes"))
        for old in there.get("protocolMappers", []):
            self._send("DELETE", f"{at}/protocol-mappers/models/{old['id']}")
        if mappers:
            self._send("POST", f"{at}/protocol-mappers/add-models", client.get("protocolMappers", []))

    def _client_scopes(self, realm: str, at: str, kind: str, wanted: Sequence[str] | None) -> None:
        """Give a client its scopes: an update of the client itself does not touch them."""
        if wanted is None:
            return
        known = {one["name"]: one["id"] for one in self._get(f"/{realm}/client-scopes")}
        there = {one["name"] for one in self._get(f"{at}/{kind}-client-scopes")}
        for name in there - set(wanted):
            self._send("DELETE", f"{at}/{kind}-client-scopes/{known[name]}")
        for name in set(wanted) - there:
            self._send("PUT", f"{at}/{kind}-client-scopes/{known[name]}", {})

    def _role(self, wanted: Realm, role: str) -> None:
        ((owner, roles),) = wanted["roles"]["client"].items()
        (whole,) = [one for one in roles if one["name"] == role]
        self._send("POST", f"/{wanted['realm']}/clients/{self._clients(wanted['realm'])[owner]['id']}/roles", whole)

    def _settle(self, wanted: Realm, change: Change, places: Places, told: Mapping[str, Any]) -> None:
        """Give a client, or its own account, those of an owner's roles that the file says, and no other."""
        name, clients = wanted["realm"], self._clients(wanted["realm"])
        client, _, owner = change.name.partition(" of ")
        roles: Sequence[str] = next((one["roles"] for one in told.get(owner, []) if one["client"] == client), [])
        known = {one["name"]: one for one in self._get(f"/{name}/clients/{clients[owner]['id']}/roles")}
        at = places(wanted, clients)[client, owner]
        there = self._names(at)
        self._send("DELETE", at, [known[role] for role in sorted(there - set(roles))])
        self._send("POST", at, [known[role] for role in roles if role not in there])

    def _scopes(self, wanted: Realm, clients: Clients) -> dict[tuple[str, str], str]:
        """Return where it stands what each client may carry of each owner's roles."""
        return {
            (one["client"], owner): f"/{wanted['realm']}/clients/{clients[one['client']]['id']}"
            f"/scope-mappings/clients/{clients[owner]['id']}"
            for owner, mappings in wanted["clientScopeMappings"].items()
            for one in mappings
            if one["client"] in clients and owner in clients
        }

    def _accounts(self, wanted: Realm, clients: Clients) -> dict[tuple[str, str], str]:
        """Return where it stands what each of the file's own accounts may do with each owner's roles."""
        found = {}
        for client, owner, _ in powers(wanted):
            if not clients.get(client, {}).get("serviceAccountsEnabled"):
                continue
            user = self._get(f"/{wanted['realm']}/clients/{clients[client]['id']}/service-account-user")["id"]
            found[client, owner] = f"/{wanted['realm']}/users/{user}/role-mappings/clients/{clients[owner]['id']}"
        return found

    def _clients(self, realm: str) -> Clients:
        return {one["clientId"]: one for one in self._get(f"/{realm}/clients")}

    def _flows(self, realm: str, top: str) -> dict[str, list[tuple[str, str]]]:
        """Return a flow's steps and those of each flow inside it; the server tells them as one indented list."""
        if top not in {one["alias"] for one in self._get(f"/{realm}/authentication/flows")}:
            return {}
        found: dict[str, list[tuple[str, str]]] = {top: []}
        within = [top]
        for step in self._get(f"/{realm}/authentication/flows/{quote(top)}/executions"):
            del within[step["level"] + 1 :]
            name = step["displayName"] if step.get("authenticationFlow") else step["providerId"]
            found[within[-1]].append((name, step["requirement"]))
            if step.get("authenticationFlow"):
                found[name] = []
                within.append(name)
        return found

    def _names(self, path: str) -> frozenset[str]:
        return frozenset(one["name"] for one in self._get(path))

    def _get(self, path: str, *, absent: bool = False) -> Any:  # noqa: ANN401  # whatever JSON the server says
        with _translated(self._url):
            answer = self._http.raw_get(f"/admin/realms{path}")
        if absent and answer.status_code == NOT_FOUND:
            return None
        return self._checked(answer).json()

    def _send(self, method: str, path: str, body: object = None) -> None:
        if method == "DELETE" and body == []:
            return
        send = {"POST": self._http.raw_post, "PUT": self._http.raw_put, "DELETE": self._http.raw_delete}[method]
        with _translated(self._url):
            if method == "DELETE" and body is None:
                self._checked(send(f"/admin/realms{path}"))
            else:
                self._checked(send(f"/admin/realms{path}", data=_json(body)))

    def _checked(self, answer: Any) -> Any:  # noqa: ANN401  # the library's response
        if answer.status_code == FORBIDDEN:
            raise IdentityError("This administrator may not change that realm. Use one of the realm 'master'.")
        if answer.status_code >= FAILED:
            said = answer.text[:200].replace("\n", " ")
            raise DependencyError(f"The identity server refused a change ({answer.status_code}): {said}")
        return answer


def _powers_by_owner(wanted: Realm) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for client, owner, roles in powers(wanted):
        found.setdefault(owner, []).append({"client": client, "roles": roles})
    return found


def _json(body: object) -> str:
    import json

    return json.dumps(body)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except KeycloakConnectionError as error:
        raise DependencyError(
            f"The identity server does not answer at {url}. Is it up, and is that its address?"
        ) from error
    except KeycloakError as error:
        # The token endpoint says 400 as well as 401 of a password that is wrong; the library tells them apart.
        if isinstance(error, KeycloakAuthenticationError) or error.response_code in REFUSED:
            raise IdentityError("The identity server does not take this administrator's name and password.") from error
        raise DependencyError(f"What answers at {url} is no Keycloak ({error.response_code}).") from error
