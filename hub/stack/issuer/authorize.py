"""The authorization endpoint: a browser comes, a person signs in, a one-time code goes back (RFC 6749, OIDC Core)."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.stack.issuer.issuer import PROTOCOL, Code, Issuer, origin_of
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.realm import Client
from hub.stack.issuer.requests import OAuthError, PageError, Parameters, challenge_in, form, query, token_scope_in
from hub.stack.issuer.signin import Purpose, issuer_of, session_of, sign_in, sign_in_page, with_cookie


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An authorization request whose client and address are known to be right."""

    client: Client
    redirect_uri: str
    challenge: str
    token_scope: str
    nonce: str | None
    prompt: frozenset[str]
    max_age_s: int | None

    def is_met_by(self, session: BrowserSession, now: float) -> bool:
        """Say whether a live session is enough, or the person must sign in again."""
        fresh = self.max_age_s is None or now - session.signed_in_at <= self.max_age_s
        return fresh and not self.prompt & {"login", "select_account"}


async def authorize(request: Request) -> Response:
    """Answer at the program's registered address, or on a page where that can't be trusted."""
    issuer, given = issuer_of(request), query(request)
    client = issuer.realm.clients.get(given.get("client_id", ""))
    if client is None or not client.code:
        raise PageError("bad_client")
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise PageError("bad_redirect")
    try:
        return await _answer(request, given, _asked(client, redirect_uri, given))
    except OAuthError as error:
        return _back(issuer, redirect_uri, given, {"error": error.code, "error_description": str(error)})


def _asked(client: Client, redirect_uri: str, given: Parameters) -> Asked:
    if {"request", "request_uri"} & set(given):
        raise OAuthError("request_not_supported", "Send the request as parameters.")
    if given.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "Only response_type=code is offered.")
    if given.get("response_mode", "query") != "query":
        raise OAuthError("invalid_request", "Only response_mode=query is offered.")
    prompt = frozenset(given.get("prompt", "").split())
    max_age = given.get("max_age")
    if "none" in prompt and len(prompt) > 1:
        raise OAuthError("invalid_request", "prompt=none stands alone.")
    if max_age is not None and not re.fullmatch(r"[0-9]{1,9}", max_age):
        raise OAuthError("invalid_request", "max_age is a number of seconds.")
    return Asked(
        client=client,
        redirect_uri=redirect_uri,
        challenge=challenge_in(given),
        token_scope=token_scope_in(given),
        nonce=given.get("nonce"),
        prompt=prompt,
        max_age_s=None if max_age is None else int(max_age),
    )


async def _answer(request: Request, given: Parameters, asked: Asked) -> Response:
    issuer = issuer_of(request)
    purpose = Purpose(
        path=f"{issuer.path}{PROTOCOL}/auth",
        given=given,
        client_name=asked.client.name,
        sends_to=(origin_of(asked.redirect_uri),),
    )
    if request.method == "POST":
        signed_in = sign_in(request, await form(request), purpose)
        if isinstance(signed_in, Response):
            return signed_in
        cookie, session = signed_in
        return with_cookie(request, _with_code(issuer, given, asked, session), cookie)
    known = session_of(request)
    if known is not None and asked.is_met_by(known, issuer.clock()):
        return _with_code(issuer, given, asked, known)
    if "none" in asked.prompt:
        raise OAuthError("login_required", "Nobody is signed in.")
    return sign_in_page(request, purpose)


def _with_code(issuer: Issuer, given: Parameters, asked: Asked, session: BrowserSession) -> Response:
    code = issuer.codes.put(
        Code(
            client=asked.client,
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            session=session,
            token_scope=asked.token_scope,
            nonce=asked.nonce,
        )
    )
    return _back(issuer, asked.redirect_uri, given, {"session_state": session.id, "code": code})


def _back(issuer: Issuer, redirect_uri: str, given: Parameters, said: Parameters) -> Response:
    """Send the browser back, with the program's own state and with who answers (RFC 9207)."""
    state = {"state": given["state"]} if "state" in given else {}
    answer = urlencode({**state, **said, "iss": issuer.url})
    return RedirectResponse(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{answer}", 303)
