"""Has a person's token exchanged for an agent's (RFC 8693), at the issuer, over its socket."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from pydantic import SecretStr

from catalog.errors import DependencyError, IdentityError

GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  # the name of a kind
TOKEN: Final = "/protocol/openid-connect/token"  # noqa: S105  # a path
MAX_ANSWER_BYTES: Final = 64 << 10
TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Exchanger:
    """Where the issuer is, and what this hub proves itself by."""

    issuer: str
    socket: Path
    client: str
    secret: SecretStr = field(repr=False)

    def exchange(self, token: str, audience: str) -> str:
        """Return an access token for one audience; IdentityError when the issuer refuses, DependencyError without it.

        What comes back is the issuer's word and still to be verified.
        """
        form = {
            "grant_type": GRANT,
            "client_id": self.client,
            "client_secret": self.secret.get_secret_value(),
            "subject_token": token,
            "subject_token_type": ACCESS_TOKEN,
            "audience": audience,
        }
        try:
            with (
                httpx.HTTPTransport(uds=str(self.socket)) as transport,
                httpx.Client(transport=transport, timeout=TIMEOUT_S, trust_env=False) as http,
                http.stream("POST", f"{self.issuer}{TOKEN}", data=form, follow_redirects=False) as answer,
            ):
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER_BYTES:
                        raise DependencyError("The issuer's answer is too long.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DependencyError(f"The issuer does not answer ({type(error).__name__}).") from error
        return _token(answer.status_code, bytes(body))


def _token(status: int, body: bytes) -> str:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    match status, said:
        case httpx.codes.OK, {"access_token": str(token)}:
            return token
        case 401, {"error": "unauthorized_client" | "invalid_client"}:
            raise DependencyError("The issuer does not know this hub's API by its secret.")
        case 400 | 403, {"error": str()}:
            raise IdentityError("The issuer gave no token for an agent: your session may have ended. Sign in again.")
    raise DependencyError("The issuer's answer can't be read.")
