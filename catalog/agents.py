"""Agents a person gave leave to ask for them: admitted with a token, known by it, over with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import IdentityError
from catalog.tables import agents
from catalog.vocabulary import EventType, PersonId, Purpose


@dataclass(frozen=True, kw_only=True)
class NewAgent:
    """A program, the person it asks for, and what for."""

    person_id: PersonId
    name: str
    purpose: Purpose
    token_id: str
    ends_at: datetime


def admit(session: Session, new: NewAgent) -> None:
    """Write an agent of the person this transaction speaks for down."""
    added = session.scalar(insert(agents).returning(agents.c.id), vars(new))
    detail = {"agent": new.name, "purpose": new.purpose, "ends_at": new.ends_at.isoformat()}
    record(session, AuditEvent(type=EventType.AGENT_ADMITTED, object=f"agent:{added}", detail=detail))


def name_of(session: Session, token_id: str, purpose: Purpose) -> str:
    """Return the name of the person's agent with this token; IdentityError for one nobody admitted, or that is over."""
    live = (agents.c.token_id == token_id, agents.c.purpose == purpose, func.hub.hub_now() < agents.c.ends_at)
    found = session.scalar(select(agents.c.name).where(*live))
    if found is None:
        raise IdentityError("This agent's leave is over, or was never given. Ask for another.")
    return str(found)
