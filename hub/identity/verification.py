"""Verifies access tokens (RFC 9068 profile: `at+jwt`, RS256) against the issuer's keys and a fixed set of rules.

Every check refuses on its own; none is skipped because another passed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from catalog.errors import ClockError, IdentityError
from catalog.policy.model import Subject
from catalog.vocabulary import Purpose, Role
from hub.identity.claims import Claims, name_in, organisations_in, roles_in, session_in, subject_in, time_in

#: The one algorithm taken; a token's own `alg` never chooses.
ALGORITHMS = ("RS256",)
#: Header names a token may carry; embedded keys (`jwk`, `jku`, `x5c`, `x5u`) and `crit` are not among them.
HEADER_NAMES = frozenset({"alg", "kid", "typ"})
MAX_TOKEN_CHARACTERS = 8192
MAX_LIFE_S = 300
LEEWAY_S = 30
A_MINUTE_AND_A_HALF_S = 90
AHEAD = (
    "The sign-in service's clock is ahead of this hub's by more than half a minute, so nobody can sign in. "
    "Tell the hub's operator: both must keep the right time."
)
BEHIND = (
    "This hub's clock is ahead of the sign-in service's by about {minutes}, so every sign-in looks expired and nobody "
    "can sign in. Tell the hub's operator: both must keep the right time."
)


@dataclass(frozen=True, kw_only=True)
class TokenRules:
    """Whose tokens are taken: the issuer, ourselves as audience, and the clients they were issued to.

    `agents` are the audiences of agents' tokens, each one purpose; only the audience itself, we, has them made.
    """

    issuer: str
    audience: str
    clients: frozenset[str]
    agents: Mapping[str, Purpose] = field(default_factory=dict)
    services: str | None = None  # what the name of a service account's client begins with; None: there are none

    def for_agents(self, audience: str) -> "TokenRules":
        """Return the rules for an agent's token."""
        return replace(self, audience=audience, clients=frozenset({self.audience}))

    def for_service(self, client: str) -> "TokenRules":
        """Return the rules for a token that a service account's own client was given."""
        return replace(self, clients=frozenset({client}))


@dataclass(frozen=True, kw_only=True)
class Leave:
    """What an agent's token is for, and the token's own id."""

    purpose: Purpose
    token_id: str


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who is signed in, as what, for which organisations, and until when: all of it the issuer's word."""

    subject: Subject
    roles: frozenset[Role]
    organisations: frozenset[str]  # slugs
    session_id: str | None  # the session at the issuer; None for a token made without one
    began_at: datetime  # when the person proved themselves; when the token was made, where that isn't told
    expires_at: datetime
    leave: Leave | None = None  # an agent's, that speaks for the subject
    service: str | None = None  # the client of a service account, which the subject then is


class Keys(Protocol):
    """Where the issuer's public keys come from."""

    def current(self) -> KeySet:
        """Return the keys known now; raises DependencyError where there are none yet."""

    def clock_ahead_s(self) -> float:
        """Return how far this machine's clock was ahead of the issuer's when the keys came; 0 where nobody knows."""

    def renewed(self, known: KeySet) -> bool:
        """Ask for newer keys than these, since a token names another, and say whether there are."""


@dataclass(frozen=True)
class FixedKeys:
    """Keys that stay as they are."""

    keys: KeySet

    def current(self) -> KeySet:
        """Return them."""
        return self.keys

    def clock_ahead_s(self) -> float:
        """Nobody has compared the clocks."""
        return 0.0

    def renewed(self, known: KeySet) -> bool:  # noqa: ARG002  # the protocol's
        """Nobody brings others."""
        return False


class Verifier:
    """Checks tokens against `keys`, the issuer's public signing keys (`use` = `sig`)."""

    def __init__(self, keys: KeySet | Keys, rules: TokenRules, *, now: Callable[[], float] = time.time) -> None:
        self._keys = FixedKeys(keys) if isinstance(keys, KeySet) else keys
        self._rules = rules
        self._now = now

    @property
    def agents(self) -> Mapping[str, Purpose]:
        """The audiences of agents' tokens."""
        return self._rules.agents

    def verify(self, token: str) -> Subject:
        """Return who the token speaks for; raises what `signed_in` raises."""
        return self.signed_in(token).subject

    def signed_in(self, token: str) -> SignedIn:
        """Return who the token speaks for, with roles, organisations, session and end.

        Raises IdentityError with a sentence that names no key and no claim's value; DependencyError without keys.
        """
        decoded = read_signed(self._keys, token, kind="at+jwt")
        audience, service = _agents_audience(decoded.claims, self._rules), _service_in(decoded.claims, self._rules)
        purpose = self._rules.agents[audience] if audience else None
        if audience:
            self._check_claims(decoded.claims, self._rules.for_agents(audience))
        else:
            self._check_claims(decoded.claims, self._rules.for_service(service) if service else self._rules)
        return SignedIn(
            subject=replace(subject_in(decoded.claims), only_for=purpose),
            roles=frozenset() if purpose or service else roles_in(decoded.claims, self._rules.audience),
            organisations=organisations_in(decoded.claims),
            session_id=session_in(decoded.claims),
            began_at=time_in(decoded.claims, "auth_time" if "auth_time" in decoded.claims else "iat"),
            expires_at=time_in(decoded.claims, "exp"),
            leave=Leave(purpose=purpose, token_id=name_in(decoded.claims, "jti")) if purpose else None,
            service=service,
        )

    def _check_claims(self, claims: dict[str, object], rules: TokenRules) -> None:
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
            issued = claims.get("iat")
            if isinstance(issued, int) and issued > self._now() + LEEWAY_S:
                raise ClockError(AHEAD) from error
            if error.error == "expired_token":
                raise self._expired() from error
            raise IdentityError("The sign-in token was not made for this hub. Sign in again.") from error
        if not all(isinstance(claims[name], str) for name in ("azp", "typ")):
            # The library takes a list that holds the right one among others.
            raise IdentityError("The sign-in token was not made for this hub. Sign in again.")
        expires, issued = claims["exp"], claims["iat"]
        if not isinstance(expires, int) or not isinstance(issued, int) or expires - issued > MAX_LIFE_S:
            raise IdentityError("The sign-in token lives longer than this hub allows.")
        if expires <= self._now():
            # The leeway is for clocks that run ahead of ours (`iat`), not for tokens that have ended.
            raise self._expired()

    def _expired(self) -> IdentityError:
        """Return why a token has ended: it is old, or this machine's clock makes every one look so."""
        ahead_s = self._keys.clock_ahead_s()
        if ahead_s <= LEEWAY_S:
            return IdentityError("The sign-in token has expired. Sign in again.")
        told = f"{ahead_s / 60:.0f} minutes" if ahead_s >= A_MINUTE_AND_A_HALF_S else f"{ahead_s:.0f} seconds"
        return ClockError(BEHIND.format(minutes=told))


def _agents_audience(claims: Claims, rules: TokenRules) -> str | None:
    """Return the one audience of an agent's token, which says what it is for; None for any other token."""
    audience = claims.get("aud")
    return audience if isinstance(audience, str) and audience in rules.agents else None


def _service_in(claims: Claims, rules: TokenRules) -> str | None:
    """Return the client of a service account that the token was given to; None for a person's token."""
    client = claims.get("azp")
    ours = rules.services and isinstance(client, str) and client.startswith(rules.services)
    return str(client) if ours else None


def read_signed(keys: Keys, token: str, *, kind: str) -> jwt.Token:
    """Return a token of this kind (its header's `typ`) that one of the issuer's keys signed; raises IdentityError."""
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise IdentityError("The sign-in token is too long.")
    try:
        decoded = _decoded(keys, token)
    except InvalidKeyIdError as error:
        raise IdentityError(
            "The sign-in token is signed with a key this hub does not know. Try again, or sign in again."
        ) from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise IdentityError("The sign-in token is not one this hub's issuer signed. Sign in again.") from error
    if set(decoded.header) - HEADER_NAMES or "kid" not in decoded.header:
        raise IdentityError("The sign-in token carries a header this hub does not take.")
    if decoded.header.get("typ") != kind:
        raise IdentityError("That is not an access token. Sign in again.")
    return decoded


def _decoded(keys: Keys, token: str) -> jwt.Token:
    for last in (False, True):
        known = keys.current()
        signing = KeySet([key for key in known.keys if key.get("use") == "sig"])
        try:
            return jwt.decode(token, signing, algorithms=ALGORITHMS, registry=_registry())
        except InvalidKeyIdError:
            if last or not keys.renewed(known):
                raise
    raise AssertionError  # the second round returns or raises


def _registry() -> JWSRegistry:
    return JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=True)
