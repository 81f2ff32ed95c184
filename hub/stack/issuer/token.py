"""The token endpoint: a code, an answered device or a refresh token becomes tokens, once."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.stack.issuer.claims import Occasion, access_claims, id_claims
from hub.stack.issuer.device import SLOWER_S
from hub.stack.issuer.exchange import EXCHANGE_GRANT, exchange
from hub.stack.issuer.issuer import Device, Issuer, Refresh, answers
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.own_key import KEY_GRANT, by_own_key
from hub.stack.issuer.realm import Client
from hub.stack.issuer.requests import VERIFIER, OAuthError, Parameters, form
from hub.stack.issuer.signin import issuer_of

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"


async def token(request: Request) -> Response:
    """Answer a program that proves itself."""
    issuer, given = issuer_of(request), await form(request)
    if given.get("grant_type") == EXCHANGE_GRANT:
        return JSONResponse(exchange(issuer, given, in_form=has_no_header(request)))
    if given.get("grant_type") == KEY_GRANT:
        return JSONResponse(by_own_key(issuer, given, in_form=has_no_header(request)))
    client = _client(request, issuer, given)
    match given.get("grant_type"):
        case "authorization_code":
            answer = _by_code(issuer, client, given)
        case "refresh_token":
            answer = _by_refresh(issuer, client, given)
        case grant if grant == DEVICE_GRANT:
            answer = _by_device(issuer, client, given)
        case _:
            raise OAuthError("unsupported_grant_type", "Codes, device codes and refresh tokens are taken.")
    return JSONResponse(answer)


async def revoke(request: Request) -> Response:
    """End a refresh token (RFC 7009); an unknown one is as good as ended."""
    issuer, given = issuer_of(request), await form(request)
    client = _client(request, issuer, given)
    held = issuer.refreshes.get(given.get("token", ""))
    if held is not None and held.client == client:
        issuer.refreshes.take(given["token"])
    return Response()


def _client(request: Request, issuer: Issuer, given: Parameters) -> Client:
    client = issuer.realm.clients.get(given.get("client_id", ""))
    if client is None or not has_no_header(request) or "client_secret" in given:
        raise OAuthError("invalid_client", "Name a client of this realm; none has a secret.", status=401)
    return client


def has_no_header(request: Request) -> bool:
    """Say whether a program names itself in the form alone."""
    return "authorization" not in request.headers


def _by_code(issuer: Issuer, client: Client, given: Parameters) -> dict[str, Any]:
    code = given.get("code", "")
    held = issuer.codes.take(code)
    if held is None:
        if stolen := issuer.used_codes.get(code):
            issuer.sessions.end(stolen)  # someone else was first, or is second: neither goes on
        raise _no("The code is not known, was used, or has ended.")
    issuer.used_codes.put(held.session, code)
    if held.client != client or held.redirect_uri != given.get("redirect_uri"):
        raise _no("The code was made for another client or address.")
    _require_proof(held.challenge, given)
    return _tokens(issuer, client, _alive(issuer, held.session), held.token_scope, nonce=held.nonce)


def _by_device(issuer: Issuer, client: Client, given: Parameters) -> dict[str, Any]:
    code = given.get("device_code", "")
    held = issuer.devices.get(code)
    if held is None:
        if issuer.ended_devices.get(code) == client:
            raise OAuthError("expired_token", "The code has ended or was used. Start again.")
        raise _no("The device code is not known.")
    if held.client != client:
        issuer.devices.take(code)
        raise _no("The device code was made for another client.")
    try:
        _require_proof(held.challenge, given)
    except OAuthError:
        issuer.devices.take(code)  # whoever has the code without its proof has stolen it
        raise
    _require_patience(issuer, held)
    if held.session is None and not held.denied:
        raise OAuthError("authorization_pending", "Nobody has answered yet.")
    issuer.devices.take(code)
    if held.session is None:
        raise OAuthError("access_denied", "The person said no.")
    return _tokens(issuer, client, _alive(issuer, held.session), held.token_scope)


def _by_refresh(issuer: Issuer, client: Client, given: Parameters) -> dict[str, Any]:
    held = issuer.refreshes.get(given.get("refresh_token", ""))
    if held is None or held.client != client:
        raise _no("The refresh token is not known or has ended.")
    if held.spent:
        issuer.sessions.end(held.session)  # used twice: one of the two has stolen it
        raise _no("The refresh token was used before. Sign in again.")
    held.spent = True
    return _tokens(issuer, client, _alive(issuer, held.session), held.token_scope)


def _require_proof(challenge: str, given: Parameters) -> None:
    verifier = given.get("code_verifier", "")
    if not VERIFIER.fullmatch(verifier) or not answers(challenge, verifier):
        raise _no("The code_verifier does not answer the code_challenge.")


def _require_patience(issuer: Issuer, device: Device) -> None:
    now = issuer.clock()
    hasty = now < device.next_poll_at
    if hasty:
        device.interval_s += SLOWER_S
    device.next_poll_at = now + device.interval_s
    if hasty:
        raise OAuthError("slow_down", f"Ask every {device.interval_s:.0f} seconds.")


def _alive(issuer: Issuer, session: BrowserSession) -> BrowserSession:
    live = issuer.sessions.of_id(session.id)
    if live is None:
        raise _no("The session has ended. Sign in again.")
    return live


def _tokens(
    issuer: Issuer, client: Client, session: BrowserSession, token_scope: str, *, nonce: str | None = None
) -> dict[str, Any]:
    session.clients.add(client.id)
    on = Occasion(
        issuer=issuer.url,
        client=client,
        session=session,
        token_scope=token_scope,
        issued=int(issuer.clock()),
        life_s=issuer.realm.token_s,
        nonce=nonce,
    )
    answer = {
        "access_token": issuer.key.sign(access_claims(on), kind="at+jwt"),
        "expires_in": on.life_s,
        "refresh_expires_in": issuer.realm.idle_s if client.refreshes else 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "session_state": session.id,
        "scope": token_scope,
    }
    if "openid" in token_scope:
        answer["id_token"] = issuer.key.sign(id_claims(on), kind="JWT")
    if client.refreshes:
        answer["refresh_token"] = issuer.refreshes.put(Refresh(client=client, session=session, token_scope=token_scope))
    return answer


def _no(sentence: str) -> OAuthError:
    return OAuthError("invalid_grant", sentence)
