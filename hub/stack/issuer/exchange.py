"""Token exchange (RFC 8693): a person's token becomes one for a single audience, sooner over, in the same session."""

import hmac
from typing import Any, Final

from hub.stack.issuer.claims import Occasion, exchanged_claims
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.realm import Exchanger
from hub.stack.issuer.requests import OAuthError, Parameters

EXCHANGE_GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  # the name of a kind


def exchange(issuer: Issuer, given: Parameters, *, in_form: bool) -> dict[str, Any]:
    """Return an access token for the one audience that was asked for; raises OAuthError."""
    program = _program(issuer, given, in_form=in_form)
    kinds = {given.get("subject_token_type"), given.get("requested_token_type", ACCESS_TOKEN)}
    if kinds != {ACCESS_TOKEN}:
        raise OAuthError("invalid_request", "Access tokens are exchanged for access tokens.")
    if given.get("scope"):
        raise OAuthError("invalid_scope", "An exchanged token has no scope.")
    if (audience := given.get("audience", "")) not in program.targets:
        raise OAuthError("invalid_request", "Name one audience that this program may ask for.")
    session, ends = _session(issuer, program, given.get("subject_token", ""))
    issued = int(issuer.clock())
    life_s = min(program.life_s, ends - issued)
    on = Occasion(issuer=issuer.url, client=program, session=session, token_scope="", issued=issued, life_s=life_s)
    return {
        "access_token": issuer.key.sign(exchanged_claims(on, audience), kind="at+jwt"),
        "expires_in": life_s,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "session_state": session.id,
        "scope": "",
        "issued_token_type": ACCESS_TOKEN,
    }


def _program(issuer: Issuer, given: Parameters, *, in_form: bool) -> Exchanger:
    program, secret = issuer.realm.exchangers.get(given.get("client_id", "")), given.get("client_secret", "")
    proven = hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), issuer.api_secret.encode())
    if program is None or not proven or not in_form:
        raise OAuthError("unauthorized_client", "This program may not exchange tokens.", status=401)
    return program


def _session(issuer: Issuer, program: Exchanger, token: str) -> tuple[BrowserSession, int]:
    """Return the live session of a token that was made for the program, and when the token ends."""
    claims = issuer.key.read_back(token, kind="at+jwt")
    if claims is None or claims.get("iss") != issuer.url or claims["exp"] <= issuer.clock():
        raise OAuthError("invalid_request", "The subject_token is not a live one of this issuer.")
    if claims["aud"] != program.id:
        raise OAuthError("access_denied", "The subject_token was not made for this program.", status=403)
    session = issuer.sessions.of_id(claims["sid"])
    if session is None:
        raise OAuthError("invalid_request", "The session has ended.")
    return session, claims["exp"]
