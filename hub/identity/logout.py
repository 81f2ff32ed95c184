"""Verifies the issuer's word that a session has ended (OIDC Back-Channel Logout 1.0: a `logout+jwt`)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError

from catalog.errors import IdentityError
from catalog.vocabulary import PersonId
from hub.identity.claims import Claims, name_in, session_in
from hub.identity.verification import LEEWAY_S, MAX_LIFE_S, Keys, read_signed

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """Whose session ended, which (None: all of them), and the word's own id, which comes once."""

    person_id: PersonId
    session_id: str | None
    token_id: str


class LogoutVerifier:
    """Checks logout tokens; told to one of this hub's clients, they are this hub's."""

    def __init__(
        self, keys: Keys, *, issuer: str, clients: frozenset[str], now: Callable[[], float] = time.time
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clients = clients
        self._now = now

    def ended(self, token: str) -> Ended:
        """Return what has ended; raises IdentityError, or DependencyError without keys."""
        claims = read_signed(self._keys, token, kind="logout+jwt").claims
        self._check(claims)
        try:
            person = PersonId(UUID(str(claims.get("sub"))))
        except ValueError as error:
            raise _not_one() from error
        return Ended(person_id=person, session_id=session_in(claims), token_id=name_in(claims, "jti"))

    def _check(self, claims: Claims) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "values": sorted(self._clients)},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(dict(claims))
        except JoseError as error:
            raise _not_one() from error
        if not isinstance(claims["exp"], int) or claims["exp"] - claims["iat"] > MAX_LIFE_S:
            raise _not_one()
        events = claims.get("events")
        # `nonce` is forbidden, so that no id token can be mistaken for one.
        if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict) or "nonce" in claims:
            raise _not_one()


def _not_one() -> IdentityError:
    return IdentityError("That is no word of this hub's issuer that a session has ended.")
