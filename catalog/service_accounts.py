"""Accounts of programs: people of a kind of their own, that ask within their own grants and are known by one client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, IdentityError, NotFoundError
from catalog.residency import place
from catalog.tables import service_accounts
from catalog.vocabulary import Classification, EventType, PersonId


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """One account, as admins see it."""

    slug: str
    name: str
    organisation: str
    jurisdiction: str
    clearance: Classification
    client: str
    opened_at: datetime
    key_made_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewServiceAccount:
    """What an admin says of a program, and how the issuer knows it."""

    person_id: PersonId
    slug: str
    name: str
    organisation: str
    jurisdiction: str
    clearance: Classification
    client: str


def register(session: Session, new: NewServiceAccount) -> None:
    """Write an account down; NotFoundError without its organisation, ConflictError when its name is taken."""
    values = (new.person_id, new.slug, new.name, new.organisation, place(new.jurisdiction), new.clearance, new.client)
    match session.scalar(select(func.hub.register_service(*values))):
        case "organisation":
            raise NotFoundError(f"There is no organisation '{new.organisation}'.")
        case "taken":
            raise ConflictError(f"There is already a person or a service account '{new.slug}'.")
    detail = {"slug": new.slug, "organisation": new.organisation, "client": new.client}
    _record(session, EventType.SERVICE_REGISTERED, new.person_id, detail)


def every(session: Session) -> list[ServiceAccount]:
    """Return all accounts, removed ones too, by name."""
    rows = session.execute(select(func.hub.service_accounts_known().table_valued(*_COLUMNS))).mappings()
    return [ServiceAccount(**{**row, "clearance": Classification(row["clearance"])}) for row in rows]


def find(session: Session, slug: str) -> ServiceAccount:
    """Return one; NotFoundError, also for a person who is no service account."""
    for one in every(session):
        if one.slug == slug:
            return one
    raise NotFoundError(f"There is no service account '{slug}'. `hub service-account list` shows them.")


def in_use(session: Session, slug: str) -> ServiceAccount:
    """Return one that is not removed; NotFoundError."""
    found = find(session, slug)
    if found.removed_at is not None:
        raise NotFoundError(f"The service account '{slug}' was removed. Open another.")
    return found


def key_was_made(session: Session, slug: str) -> None:
    """End what the key before gave out: each token of the account until now. NotFoundError for a removed one."""
    found = session.scalar(select(func.hub.service_key_made(slug)))
    if found is None:
        raise NotFoundError(f"There is no service account '{slug}' in use. `hub service-account list` shows them.")
    _record(session, EventType.SERVICE_REKEYED, PersonId(found), {"slug": slug})


def remove(session: Session, slug: str) -> None:
    """Close an account for good: it is recognised no more. Again changes nothing; NotFoundError for none."""
    find(session, slug)
    if (found := session.scalar(select(func.hub.remove_service(slug)))) is not None:
        _record(session, EventType.SERVICE_REMOVED, PersonId(found), {"slug": slug})


def require_live(session: Session, client: str) -> None:
    """Raise IdentityError unless the account this transaction speaks for is in use and known by that client."""
    row = session.execute(
        select(service_accounts.c.removed_at).where(service_accounts.c.client == client)
    ).one_or_none()
    if row is None:
        raise IdentityError("This program has no service account here. Ask an admin of this hub for one.")
    if row.removed_at is not None:
        raise IdentityError("This service account was removed. Ask an admin of this hub for another.")


def _record(session: Session, kind: EventType, person_id: PersonId, detail: Mapping[str, str]) -> None:
    record(session, AuditEvent(type=kind, object=f"person:{person_id}", detail=dict(detail)))


_COLUMNS = (
    *("slug", "name", "organisation", "jurisdiction", "clearance", "client"),
    *("opened_at", "key_made_at", "removed_at"),
)
