"""Verifies access tokens (RFC 9068 profile: `at+jwt`, RS256) against a fixed set of keys and rules.

Every check refuses on its own; none is skipped because another passed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from catalog.errors import IdentityError
from catalog.policy.model import Subject
from catalog.residency import is_place
from catalog.vocabulary import Classification, PersonId

#: The one algorithm taken; a token's own `alg` never chooses.
ALGORITHMS = ("RS256",)
#: Header names a token may carry; embedded keys (`jwk`, `jku`, `x5c`, `x5u`) and `crit` are not among them.
HEADER_NAMES = frozenset({"alg", "kid", "typ"})
MAX_TOKEN_CHARACTERS = 8192
MAX_LIFE_S = 300
LEEWAY_S = 30


@dataclass(frozen=True, kw_only=True)
class TokenRules:
    """Whose tokens are taken: the issuer, ourselves as audience, and the clients they were issued to."""

    issuer: str
    audience: str
    clients: frozenset[str]


class Verifier:
    """Checks tokens against `keys`, the issuer's public signing keys (`use` = `sig`)."""

    def __init__(self, keys: KeySet, rules: TokenRules, *, now: Callable[[], float] = time.time) -> None:
        self._keys = KeySet([key for key in keys.keys if key.get("use") == "sig"])
        self._rules = rules
        self._now = now

    def verify(self, token: str) -> Subject:
        """Return who the token speaks for.

        Raises IdentityError with a sentence that names no key and no claim's value.
        """
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise IdentityError("The sign-in token is too long.")
        try:
            decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS, registry=_registry())
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise IdentityError("The sign-in token is not one this hub's issuer signed. Sign in again.") from error
        self._check_header(decoded.header)
        self._check_claims(decoded.claims)
        return _subject(decoded.claims)

    def _check_header(self, header: dict[str, object]) -> None:
        if set(header) - HEADER_NAMES or "kid" not in header:
            raise IdentityError("The sign-in token carries a header this hub does not take.")
        if header.get("typ") != "at+jwt":
            raise IdentityError("That is not an access token. Sign in again.")

    def _check_claims(self, claims: dict[str, object]) -> None:
        rules = self._rules
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": rules.issuer},
            aud={"essential": True, "value": rules.audience},
            azp={"essential": True, "values": sorted(rules.clients)},
            typ={"essential": True, "value": "Bearer"},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            reason = "has expired" if error.error == "expired_token" else "was not made for this hub"
            raise IdentityError(f"The sign-in token {reason}. Sign in again.") from error
        if not all(isinstance(claims[name], str) for name in ("azp", "typ")):
            # The library takes a list that holds the right one among others.
            raise IdentityError("The sign-in token was not made for this hub. Sign in again.")
        expires, issued = claims["exp"], claims["iat"]
        if not isinstance(expires, int) or not isinstance(issued, int) or expires - issued > MAX_LIFE_S:
            raise IdentityError("The sign-in token lives longer than this hub allows.")
        if expires <= self._now():
            # The leeway is for clocks that run ahead of ours (`iat`), not for tokens that have ended.
            raise IdentityError("The sign-in token has expired. Sign in again.")


def _subject(claims: dict[str, object]) -> Subject:
    try:
        jurisdiction = str(claims["jurisdiction"])
        subject = Subject(
            person_id=PersonId(UUID(str(claims["sub"]))),
            jurisdiction=jurisdiction,
            clearance=Classification(str(claims["clearance"])),
        )
    except (KeyError, ValueError) as error:
        raise IdentityError("The sign-in token lacks your place or clearance. Ask your administrator.") from error
    if not is_place(jurisdiction):
        raise IdentityError("The sign-in token names a place that does not exist. Ask your administrator.")
    return subject


def _registry() -> JWSRegistry:
    return JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=True)
