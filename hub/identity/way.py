"""The hub's way to the issuer: over its socket, one request at a time, an answer of bounded length."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from pydantic import SecretStr

from catalog.errors import DependencyError

TOKEN: Final = "/protocol/openid-connect/token"  # noqa: S105  # a path
MAX_ANSWER_BYTES: Final = 64 << 10
TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where the issuer is, and what this hub proves itself by."""

    issuer: str
    socket: Path
    client: str
    secret: SecretStr = field(repr=False)

    def asked(self, form: Mapping[str, str]) -> tuple[int, Any]:
        """Ask for a token; what comes back is status and JSON (None for what is none)."""
        return self._said("POST", f"{self.issuer}{TOKEN}", data=dict(form))

    def proving(self) -> dict[str, str]:
        """Return what this hub proves itself by, for a form."""
        return {"client_id": self.client, "client_secret": self.secret.get_secret_value()}

    def _said(self, method: str, address: str, **more: Any) -> tuple[int, Any]:  # noqa: ANN401  # httpx's arguments
        """Send one request; DependencyError without the issuer."""
        try:
            with (
                httpx.HTTPTransport(uds=str(self.socket)) as transport,
                httpx.Client(transport=transport, timeout=TIMEOUT_S, trust_env=False) as http,
                http.stream(method, address, follow_redirects=False, **more) as answer,
            ):
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER_BYTES:
                        raise DependencyError("The issuer's answer is too long.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DependencyError(f"The issuer does not answer ({type(error).__name__}).") from error
        try:
            return answer.status_code, json.loads(bytes(body))
        except (ValueError, RecursionError):
            return answer.status_code, None
