"""What an audit event is, and how it is written: inside the transaction of the act it records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from catalog.errors import ReasonNeededError
from catalog.tables import audit_events
from catalog.vocabulary import DatasetId, DecisionId, EventType

#: What is shorter says nothing, what is longer is no reason but a report.
LEAST_REASON_CHARACTERS: Final = 10
MOST_REASON_CHARACTERS: Final = 300


@dataclass(frozen=True, kw_only=True)
class AuditEvent:
    """One act. `object` names what it was done to (`kind:id`); `detail` holds ids, figures and reasons, never text."""

    type: EventType
    object: str
    dataset_ids: Sequence[DatasetId] = ()
    decision_id: DecisionId | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordedEvent:
    """An audit event as it stands in the trail."""

    id: int
    at: datetime
    type: str
    actor: str
    object: str
    dataset_ids: tuple[UUID, ...]
    decision_id: UUID | None
    detail: dict[str, Any]
    agent: str | None = None


def record(session: Session, event: AuditEvent) -> None:
    """Write `event` in the session's own transaction, under the actor the session speaks for."""
    session.execute(
        insert(audit_events).inline(),
        {
            "type": event.type,
            "actor": session.info["actor"],
            "object": event.object,
            "dataset_ids": list(event.dataset_ids),
            "decision_id": event.decision_id,
            "detail": event.detail,
        },
    )


def consult(session: Session, reason: str | None) -> None:
    """Write down that the trail is read, and why; ReasonNeededError where nobody says why in a few words."""
    said = " ".join((reason or "").split())
    if not LEAST_REASON_CHARACTERS <= len(said) <= MOST_REASON_CHARACTERS:
        raise ReasonNeededError(
            f"Whoever reads the audit trail says why, in {LEAST_REASON_CHARACTERS} to {MOST_REASON_CHARACTERS} "
            "characters; that is written down beside the reading."
        )
    record(session, AuditEvent(type=EventType.AUDIT_CONSULTED, object="audit", detail={"reason": said}))


def newest(  # noqa: PLR0913  # each narrows what is looked for
    session: Session,
    *,
    limit: int,
    actor: str | None = None,
    types: Iterable[EventType] = (),
    dataset_id: DatasetId | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
) -> list[RecordedEvent]:
    """Return the newest events first; `actor` matches whole names, `since` is included and `until` is not."""
    columns = audit_events.c
    query = select(audit_events).order_by(columns.id.desc()).limit(limit)
    if actor:
        query = query.where(columns.actor == actor)
    if wanted := list(types):
        query = query.where(columns.type.in_(wanted))
    if dataset_id is not None:
        query = query.where(columns.dataset_ids.contains([dataset_id]))
    if since is not None:
        query = query.where(columns.at >= since)
    if until is not None:
        query = query.where(columns.at < until)
    if before_id is not None:
        query = query.where(columns.id < before_id)
    return [
        RecordedEvent(**{**row, "dataset_ids": tuple(row["dataset_ids"])}) for row in session.execute(query).mappings()
    ]
