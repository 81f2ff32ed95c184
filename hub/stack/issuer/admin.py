"""What the registrar may do: open a program's client, make its key anew, close it. Keycloak's paths, and no more."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.own_key import is_registrar
from hub.stack.issuer.requests import MAX_BODY_BYTES
from hub.stack.issuer.signin import issuer_of

ADMIN: Final = "/admin"
#: What this issuer can say in a program's token; a client that asks for more is refused rather than half made.
AUDIENCE: Final = "oidc-audience-mapper"
CLAIM: Final = "oidc-hardcoded-claim-mapper"
OFF: Final = (
    *("publicClient", "standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled"),
    *("fullScopeAllowed", "bearerOnly"),
)
RESERVED: Final = frozenset({"iss", "sub", "aud", "azp", "typ", "exp", "iat", "jti", "sid", "scope", "resource_access"})


async def open_client(request: Request) -> Response:
    """Add a client that has an account of its own and signs nobody in."""
    if (refused := _refused(request)) is not None:
        return refused
    issuer, body = issuer_of(request), await _body(request)
    try:
        made = _client(issuer, body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _said(400, f"A client is not made of that ({type(error).__name__}).")
    if not issuer.programs.open(**made):
        return _said(409, f"Client {made['client']} already exists")
    return Response(status_code=201, headers={"Location": f"{request.url}/{made['id']}"})


async def new_key(request: Request) -> Response:
    """Make a client's key anew: the one before it is no key any more."""
    if (refused := _refused(request)) is not None:
        return refused
    key = issuer_of(request).programs.new_key(request.path_params["id"])
    return _said(404, "Could not find client") if key is None else JSONResponse({"type": "secret", "value": key})


async def close_client(request: Request) -> Response:
    """Forget a client."""
    if (refused := _refused(request)) is not None:
        return refused
    there = issuer_of(request).programs.close(request.path_params["id"])
    return Response(status_code=204) if there else _said(404, "Could not find client")


def _refused(request: Request) -> Response | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        return _said(401, "HTTP 401 Unauthorized")
    return None if is_registrar(issuer_of(request), token) else _said(403, "HTTP 403 Forbidden")


async def _body(request: Request) -> Any:  # noqa: ANN401  # any JSON value
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            return None
    try:
        return json.loads(bytes(body))
    except (ValueError, RecursionError):
        return None


def _client(issuer: Issuer, raw: Mapping[str, Any]) -> dict[str, Any]:
    name, mappers = raw["clientId"], raw["protocolMappers"]
    known = {*issuer.realm.clients, *issuer.realm.exchangers, *issuer.realm.registrars}
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= 128 or name in known:  # noqa: PLR2004
        raise ValueError("name")
    if raw["serviceAccountsEnabled"] is not True or raw["enabled"] is not True or any(raw.get(flow) for flow in OFF):
        raise ValueError("flows")
    claims = {one["config"]["claim.name"]: one["config"]["claim.value"] for one in mappers if _is(one, CLAIM)}
    (audience,) = [one["config"]["included.client.audience"] for one in mappers if _is(one, AUDIENCE)]
    if len(claims) + 1 != len(mappers) or RESERVED & set(claims):
        raise ValueError("mappers")
    return {"id": str(UUID(raw["id"])), "client": name, "audience": audience, "claims": claims}


def _is(mapper: Mapping[str, Any], kind: str) -> bool:
    return bool(mapper["protocolMapper"] == kind and mapper["config"].get("access.token.claim") == "true")


def _said(status: int, sentence: str) -> Response:
    return JSONResponse({"errorMessage": sentence}, status)
