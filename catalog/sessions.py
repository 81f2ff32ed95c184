"""Ends sessions before their tokens end, and knows which were: one row, seen by every process in its next question."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, NotFoundError
from catalog.vocabulary import EventType, PersonId


def end(session: Session, person_id: PersonId, *, session_id: str | None, token_id: str) -> None:
    """End a session of the person this transaction speaks for, or all of them, by the issuer's word.

    Raises ConflictError when that very word came before.
    """
    if not session.scalar(select(func.hub.end_session(session_id, token_id))):
        raise ConflictError("That sign-out was told before.")
    detail = {"by": "issuer", "sessions": "one" if session_id else "all"}
    record(session, AuditEvent(type=EventType.SESSION_ENDED, object=f"person:{person_id}", detail=detail))


def end_all_of(session: Session, slug: str) -> PersonId:
    """End every session a person has begun until now; raises NotFoundError."""
    found = session.scalar(select(func.hub.end_sessions_of(slug)))
    if found is None:
        raise NotFoundError(f"There is no person '{slug}'. `hub person list` shows who is registered.")
    detail = {"by": "admin", "sessions": "all"}
    record(session, AuditEvent(type=EventType.SESSION_ENDED, object=f"person:{found}", detail=detail))
    return PersonId(found)


def has_ended(session: Session, *, session_id: str | None, began_at: datetime) -> bool:
    """Say whether a session of the person this transaction speaks for was ended."""
    return bool(session.scalar(select(func.hub.session_ended(session_id, began_at))))
