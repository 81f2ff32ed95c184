"""A person's own history: what they asked, and what they were answered while it is still theirs to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import NotFoundError
from catalog.tables import turns
from catalog.vocabulary import ChunkId, DatasetId, DecisionId, EventType, PersonId, Purpose, RefusalKind


@dataclass(frozen=True, kw_only=True)
class NewTurn:
    """A question and what came of it: an answer with the passages it was made from, or a refusal's kind."""

    id: UUID
    conversation_id: UUID
    person_id: PersonId
    purpose: Purpose
    question: str
    refused: RefusalKind | None = None
    answer: dict[str, Any] | None = None
    chunk_ids: Sequence[ChunkId] = ()
    dataset_ids: Sequence[DatasetId] = ()


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One line of the history; the answer itself is asked for with a decision."""

    id: UUID
    conversation_id: UUID
    asked_at: datetime
    purpose: Purpose
    question: str
    refused: RefusalKind | None


_COLUMNS = (
    turns.c.id,
    turns.c.conversation_id,
    turns.c.asked_at,
    turns.c.purpose,
    turns.c.question,
    turns.c.refused,
)


def keep(session: Session, new: NewTurn) -> None:
    """Write a turn down."""
    values = {
        "id": new.id,
        "conversation_id": new.conversation_id,
        "person_id": new.person_id,
        "purpose": new.purpose,
        "question": new.question,
        "refused": new.refused,
        "answer": new.answer,
        "chunk_ids": list(new.chunk_ids),
        "dataset_ids": list(new.dataset_ids),
    }
    session.execute(insert(turns).inline(), values)


def asked_before(session: Session, conversation_id: UUID) -> str | None:
    """Return the newest question of a conversation of this person that no guard refused, None without one."""
    guarded = turns.c.refused.is_distinct_from(RefusalKind.GUARD)
    query = select(turns.c.question).where(turns.c.conversation_id == conversation_id, guarded)
    return session.scalars(query.order_by(turns.c.asked_at.desc()).limit(1)).first()


def history(session: Session, *, limit: int, before: tuple[datetime, UUID] | None = None) -> list[Turn]:
    """Return this person's own turns, newest first, from the one before `before` (its time and id)."""
    query = select(*_COLUMNS).order_by(turns.c.asked_at.desc(), turns.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(turns.c.asked_at, turns.c.id) < tuple_(*before))
    return [_turn(dict(row)) for row in session.execute(query).mappings()]


def find(session: Session, turn_id: UUID) -> Turn:
    """Return one of this person's turns; NotFoundError."""
    row = session.execute(select(*_COLUMNS).where(turns.c.id == turn_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return _turn(dict(row))


def answer_again(session: Session, decision_id: DecisionId, turn_id: UUID) -> dict[str, Any] | None:
    """Return a turn's answer, None once a grant has ended or a passage is gone; AccessDeniedError as in search."""
    found = session.scalar(text("SELECT hub.turn_answer(:decision, :turn)"), {"decision": decision_id, "turn": turn_id})
    return dict(found) if found is not None else None


def judge(session: Session, turn_id: UUID, *, useful: bool, note: str | None) -> None:
    """Keep what the person thought of an answer; NotFoundError for a turn that is not theirs."""
    kept = session.execute(
        update(turns).where(turns.c.id == turn_id).values(useful=useful, note=note).returning(turns.c.id)
    ).first()
    if kept is None:
        raise NotFoundError
    record(session, AuditEvent(type=EventType.FEEDBACK_GIVEN, object=f"turn:{turn_id}", detail={"useful": useful}))


def _turn(row: dict[str, Any]) -> Turn:
    refused = row["refused"]
    return Turn(**{**row, "purpose": Purpose(row["purpose"]), "refused": RefusalKind(refused) if refused else None})
