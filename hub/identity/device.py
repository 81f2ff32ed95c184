"""Signs a terminal in (RFC 8628 with PKCE): ask for two codes, show one, wait for a person's yes in a browser."""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, Self

import httpx

from catalog.errors import DependencyError, IdentityError
from hub.identity.addresses import is_safe_address

CLIENT: Final = "hub-cli"
GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
MAX_ANSWER_BYTES: Final = 64 << 10
SLOWER_S: Final = 5
LONGEST_WAIT_S: Final = 1_800


@dataclass(frozen=True, kw_only=True)
class Codes:
    """What a terminal shows, and what it keeps to itself."""

    address: str
    address_with_code: str
    user_code: str
    device_code: str = field(repr=False)
    verifier: str = field(repr=False)
    ends_in_s: int
    interval_s: int


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a person's yes was exchanged for."""

    access_token: str = field(repr=False)
    expires_in_s: int
    refresh_token: str | None = field(repr=False)


class IssuerClient:
    """Speaks to the issuer; DependencyError when it doesn't answer or isn't the one that was told."""

    def __init__(self, issuer: str, *, timeout_s: float = 10.0) -> None:
        if not is_safe_address(issuer):
            raise DependencyError("The issuer's address begins with https://, or with http:// and a loopback address.")
        self._issuer = issuer
        self._http = httpx.Client(timeout=timeout_s, trust_env=False, follow_redirects=False)
        self._endpoints: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def begin(self) -> Codes:
        """Ask for two codes."""
        verifier = secrets.token_urlsafe(48)
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {"client_id": CLIENT, "code_challenge": challenge, "code_challenge_method": "S256"}
        status, said = self._post("device_authorization_endpoint", asked)
        if status != httpx.codes.OK:
            _refuse(said)
        with _whole_answer():
            return Codes(
                address=self._own(str(said["verification_uri"])),
                address_with_code=self._own(str(said.get("verification_uri_complete", said["verification_uri"]))),
                user_code=str(said["user_code"]),
                device_code=str(said["device_code"]),
                verifier=verifier,
                ends_in_s=min(int(said["expires_in"]), LONGEST_WAIT_S),
                interval_s=max(int(said.get("interval", 5)), 1),
            )

    def wait(
        self, codes: Codes, *, sleep: Callable[[float], object] = time.sleep, now: Callable[[], float] = time.monotonic
    ) -> Tokens:
        """Ask until the person has answered; IdentityError when it was no, or nobody came."""
        asked = {"client_id": CLIENT, "grant_type": GRANT, "device_code": codes.device_code}
        interval_s, ends = codes.interval_s, now() + codes.ends_in_s
        while now() < ends:
            sleep(interval_s)
            status, said = self._post("token_endpoint", {**asked, "code_verifier": codes.verifier})
            if status == httpx.codes.OK:
                return _tokens(said)
            match said.get("error"):
                case "authorization_pending":
                    continue
                case "slow_down":
                    interval_s += SLOWER_S
                case _:
                    _refuse(said)
        raise IdentityError("Nobody said yes in time. Run `hub login` again.")

    def renew(self, refresh_token: str) -> Tokens:
        """Exchange a refresh token; IdentityError when its session has ended."""
        asked = {"client_id": CLIENT, "grant_type": "refresh_token", "refresh_token": refresh_token}
        status, said = self._post("token_endpoint", asked)
        if status != httpx.codes.OK:
            raise IdentityError("Your sign-in has ended. Run `hub login`.")
        return _tokens(said)

    def revoke(self, refresh_token: str) -> None:
        """Tell the issuer that the token is no longer used."""
        self._post("revocation_endpoint", {"client_id": CLIENT, "token": refresh_token})

    def _post(self, endpoint: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if not self._endpoints:
            self._endpoints = self._discovered()
        return self._call("POST", self._endpoints[endpoint], form)

    def _discovered(self) -> dict[str, str]:
        _, said = self._call("GET", f"{self._issuer}/.well-known/openid-configuration")
        if said.get("issuer") != self._issuer:
            raise DependencyError(f"What answers at {self._issuer} is not that issuer. Check HUB_ISSUER_URL.")
        with _whole_answer():
            names = ("device_authorization_endpoint", "token_endpoint", "revocation_endpoint")
            return {name: self._own(str(said[name])) for name in names}

    def _own(self, address: str) -> str:
        """Return an address of the issuer itself; no answer of it may send us elsewhere."""
        if not address.startswith(f"{self._issuer}/"):
            raise DependencyError("The issuer names an address that is not its own. Check HUB_ISSUER_URL.")
        return address

    def _call(self, method: str, address: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        try:
            with self._http.stream(method, address, data=form) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER_BYTES:
                        raise DependencyError("The issuer's answer is too long.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DependencyError(
                f"The issuer does not answer at {self._issuer} ({type(error).__name__}). Look with `hub status`, and "
                "set HUB_ISSUER_URL where it is at another address."
            ) from error
        return answer.status_code, _read(bytes(body))


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body) if body else {}
    except (ValueError, RecursionError) as error:
        raise DependencyError("The issuer's answer can't be read.") from error
    if not isinstance(said, dict):
        raise DependencyError("The issuer's answer can't be read.")
    return said


def _tokens(said: dict[str, Any]) -> Tokens:
    with _whole_answer():
        refresh = said.get("refresh_token")
        return Tokens(
            access_token=str(said["access_token"]),
            expires_in_s=int(said["expires_in"]),
            refresh_token=None if refresh is None else str(refresh),
        )


def _refuse(said: dict[str, Any]) -> NoReturn:
    reasons = {
        "access_denied": "The sign-in was declined in the browser.",
        "expired_token": "The code has ended. Run `hub login` again.",
    }
    raise IdentityError(reasons.get(str(said.get("error")), "The issuer refused the sign-in. Run `hub login` again."))


@contextmanager
def _whole_answer() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise DependencyError("The issuer's answer lacks what it should say.") from error
