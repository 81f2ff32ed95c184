"""Keeps the clients of service accounts at the issuer: opens one, makes its key anew, closes it.

The issuer makes the keys and gives the tokens; the hub hands a new key on once and keeps nothing of it.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import httpx

from catalog.errors import ConflictError, DependencyError, NotFoundError
from hub.identity.way import Way

GRANT: Final = "client_credentials"
#: What the name of every program's client begins with; only such a client's tokens are a service account's.
SERVICE: Final = "hub-service-"
UNKNOWN: Final = (400, 401)


@dataclass(frozen=True, kw_only=True)
class Registrar(Way):
    """The registrar's account; DependencyError when the issuer isn't there or doesn't know it."""

    audience: str

    def open(self, client: str, *, jurisdiction: str, clearance: str) -> None:
        """Have a client made whose tokens say this place and clearance; ConflictError when it is there."""
        status, _ = self._administer("POST", "", json=self._representation(client, jurisdiction, clearance))
        if status == httpx.codes.CONFLICT:
            raise ConflictError("The issuer has a client of that name already. Take another short name.")
        if status != httpx.codes.CREATED:
            raise _unfit(status)

    def new_key(self, client: str) -> str:
        """Return a client's new key; the one before it opens nothing from now on. NotFoundError without the client."""
        match self._administer("POST", f"/{_id(client)}/client-secret"):
            case httpx.codes.OK, {"value": str(key)} if key:
                return key
            case 404, _:
                raise NotFoundError("The issuer has no client for this service account.")
            case status, _:
                raise _unfit(status)

    def close(self, client: str) -> None:
        """Have a client forgotten; one that isn't there is as good as closed."""
        status, _ = self._administer("DELETE", f"/{_id(client)}")
        if status not in {httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND}:
            raise _unfit(status)

    def token_of(self, client: str, key: str) -> str:
        """Return an access token as the program gets it, still to be verified."""
        match self.asked({"grant_type": GRANT, "client_id": client, "client_secret": key}):
            case httpx.codes.OK, {"access_token": str(token)}:
                return token
            case status, _:
                raise _unfit(status)

    def _administer(self, method: str, path: str, **more: Any) -> tuple[int, Any]:  # noqa: ANN401  # httpx's arguments
        match self.asked({"grant_type": GRANT, **self.proving()}):
            case httpx.codes.OK, {"access_token": str(token)}:
                at, headers = self._clients(), {"Authorization": f"Bearer {token}"}
                return self._said(method, f"{at}{path}", headers=headers, **more)
            case status, _ if status in UNKNOWN:
                raise DependencyError("The issuer does not know this hub's registrar by its secret.")
        raise DependencyError("The issuer's answer can't be read.")

    def _clients(self) -> str:
        """Return the address of the realm's clients, `…/admin/realms/hub/clients`."""
        parts = urlsplit(self.issuer)
        before, realm, name = parts.path.rpartition("/realms/")
        return parts._replace(path=f"{before}/admin{realm}{name}/clients").geturl()

    def _representation(self, client: str, jurisdiction: str, clearance: str) -> dict[str, Any]:
        off = ("publicClient", "standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled")
        said = {"jurisdiction": jurisdiction, "clearance": clearance}
        return {
            "id": _id(client),
            "clientId": client,
            "name": client,
            "enabled": True,
            "protocol": "openid-connect",
            "clientAuthenticatorType": "client-secret",
            "serviceAccountsEnabled": True,
            **dict.fromkeys((*off, "fullScopeAllowed"), False),
            "redirectUris": [],
            "webOrigins": [],
            "defaultClientScopes": ["basic"],  # no roles: a program has none
            "optionalClientScopes": [],
            "attributes": {"access.token.header.type.rfc9068": "true"},
            "protocolMappers": [
                _mapper("audience", "oidc-audience-mapper", {"included.client.audience": self.audience}),
                *(
                    _mapper(name, "oidc-hardcoded-claim-mapper",
                            {"claim.name": name, "claim.value": value, "jsonType.label": "String"})
                    for name, value in said.items()
                ),
            ],
        }  # fmt: skip


def _id(client: str) -> str:
    """Return the id the issuer keeps a client under: made from its name, so that nobody needs to look it up."""
    return str(uuid5(NAMESPACE_URL, f"https://hub.example/clients/{client}"))


def _mapper(name: str, kind: str, config: dict[str, str]) -> dict[str, Any]:
    flags = {"access.token.claim": "true", "id.token.claim": "false", "userinfo.token.claim": "false"}
    return {"name": name, "protocol": "openid-connect", "protocolMapper": kind, "config": {**config, **flags}}


def _unfit(status: int) -> DependencyError:
    return DependencyError(f"The issuer did not do what the registrar asked for ({status}).")
