"""What programs and browsers send: read once, each parameter once, nothing longer than it needs to be."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

MAX_BODY_BYTES: Final = 16 << 10
MAX_PARAMETERS: Final = 32
#: 43 characters are a SHA-256 in base64url (RFC 7636, 4.2).
CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")

Parameters = Mapping[str, str]


class OAuthError(Exception):
    """What a program is told: an error code of RFC 6749 or 8628, and a sentence for its developer."""

    def __init__(self, code: str, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.code = code
        self.status = status


class PageError(Exception):
    """What a person is told where nobody may be redirected; names a sentence of wording.py."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def query(request: Request) -> Parameters:
    """Return the parameters of the address; raises PageError."""
    found = _parameters(request.url.query)
    if found is None:
        raise PageError("bad_request")
    return found


async def form(request: Request) -> Parameters:
    """Return the parameters of the body; raises OAuthError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "Send a form: application/x-www-form-urlencoded.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise OAuthError("invalid_request", "That is too long.", status=413)
    found = _parameters(body.decode("latin-1"))
    if found is None:
        raise OAuthError("invalid_request", "Each parameter may be given once.")
    return found


def _parameters(text: str) -> Parameters | None:
    """Return each parameter that has a value; None when one is given twice (RFC 6749, 3.1) or can't be read."""
    try:
        pairs = parse_qsl(text, max_num_fields=MAX_PARAMETERS, errors="strict")
    except ValueError:
        return None
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def challenge_in(given: Parameters) -> str:
    """Return the PKCE challenge; raises OAuthError for none, for `plain`, and for what can't be a SHA-256."""
    if given.get("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "PKCE with S256 is needed: code_challenge_method=S256.")
    challenge = given.get("code_challenge", "")
    if not CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "The code_challenge is missing or malformed.")
    return challenge


def token_scope_in(given: Parameters) -> str:
    """Return the scope; as in Keycloak, one the client doesn't have is refused."""
    asked = given.get("scope", "").split()
    if set(asked) - {"openid", "basic", "roles"}:
        raise OAuthError("invalid_scope", "These clients have the scope openid; a token says the rest by itself.")
    return "openid" if "openid" in asked else ""
