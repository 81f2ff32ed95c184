"""Reads a verified token's claims as the hub's words; a claim of another shape refuses the whole token."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from catalog.errors import IdentityError
from catalog.policy.model import Subject
from catalog.residency import is_place
from catalog.vocabulary import Classification, PersonId, Role

Claims = Mapping[str, Any]

_GROUP: Final = re.compile(r"/[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_NAME_CHARACTERS: Final = 128


def subject_in(claims: Claims) -> Subject:
    """Return who the token speaks for; raises IdentityError."""
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


def roles_in(claims: Claims, audience: str) -> frozenset[Role]:
    """Return the client roles of `audience`; roles of other clients, of the realm, or unknown here open nothing."""
    access = claims.get("resource_access", {})
    ours = access.get(audience, {}) if isinstance(access, dict) else None
    named = ours.get("roles", []) if isinstance(ours, dict) else None
    known = {str(role) for role in Role}
    return frozenset(Role(name) for name in _strings(named, "roles") if name in known)


def organisations_in(claims: Claims) -> frozenset[str]:
    """Return the organisations' slugs: each group is `/slug`."""
    groups = _strings(claims.get("groups", []), "groups")
    if not all(_GROUP.fullmatch(group) for group in groups):
        raise _unreadable("groups")
    return frozenset(group.removeprefix("/") for group in groups)


def session_in(claims: Claims) -> str | None:
    """Return the session at the issuer, which may end there before the token does."""
    return None if claims.get("sid") is None else name_in(claims, "sid")


def name_in(claims: Claims, claim: str) -> str:
    """Return a name the issuer made up: short, and text that can be kept."""
    name = claims.get(claim)
    if not isinstance(name, str) or not 0 < len(name) <= _MAX_NAME_CHARACTERS or not name.isprintable():
        raise _unreadable("session")
    return name


def time_in(claims: Claims, name: str) -> datetime:
    """Return a claim of seconds since 1970 as a time."""
    return datetime.fromtimestamp(claims[name], UTC)


def _strings(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _unreadable(name)
    return value


def _unreadable(name: str) -> IdentityError:
    return IdentityError(f"The sign-in token's {name} can't be read. Ask your administrator.")
