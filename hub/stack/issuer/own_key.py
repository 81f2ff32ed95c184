"""A program's own token (RFC 6749, 4.4): for its key alone, without a session and without anything to renew it by."""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.requests import OAuthError, Parameters

KEY_GRANT: Final = "client_credentials"
#: The registrar's account is nobody's: its tokens are for the issuer's own administration.
REGISTRAR_TOKEN_S: Final = 60


def by_own_key(issuer: Issuer, given: Parameters, *, in_form: bool) -> dict[str, Any]:
    """Return an access token for a program that proves itself by its key; raises OAuthError."""
    client, key = given.get("client_id", ""), given.get("client_secret", "")
    if given.get("scope"):
        raise OAuthError("invalid_scope", "A program's own token has no scope.")
    if in_form and (program := issuer.programs.proven(client, key)):
        said = {**program.claims, "aud": program.audience, "sub": program.subject}
        return _answer(issuer, client, said, issuer.realm.token_s)
    if in_form and client in issuer.realm.registrars and _same(key, issuer.registrar_secret):
        return _answer(issuer, client, {"sub": client}, REGISTRAR_TOKEN_S)
    raise OAuthError("invalid_client", "This program is not known by that key.", status=401)


def is_registrar(issuer: Issuer, token: str) -> bool:
    """Say whether a live token of this issuer is the registrar's own."""
    claims = issuer.key.read_back(token, kind="at+jwt") or {}
    live = claims.get("iss") == issuer.url and claims.get("exp", 0) > issuer.clock()
    return live and claims.get("azp") in issuer.realm.registrars and claims.get("client_id") == claims.get("azp")


def _answer(issuer: Issuer, client: str, said: Mapping[str, Any], life_s: int) -> dict[str, Any]:
    issued = int(issuer.clock())
    claims = {
        **said,
        "iss": issuer.url,
        "azp": client,
        "client_id": client,
        "typ": "Bearer",
        "iat": issued,
        "exp": issued + life_s,
        "jti": secrets.token_urlsafe(16),
        "scope": "",
    }
    return {
        "access_token": issuer.key.sign(claims, kind="at+jwt"),
        "expires_in": life_s,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": "",
    }


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
