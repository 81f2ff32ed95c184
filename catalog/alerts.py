"""The second line: baits no honest question reaches, and what was noticed, with its evidence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import NotFoundError
from catalog.tables import alerts, datasets, documents, people
from catalog.vocabulary import DatasetId, DocumentId, EventType


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One thing noticed; `evidence` holds figures and ids, never a word of text."""

    id: UUID
    kind: str
    person: str
    dataset: str
    disclosure_id: UUID
    evidence: dict[str, Any]
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    note: str | None


def lay_bait(session: Session, document_id: DocumentId) -> None:
    """Make a document a bait: whoever is disclosed a passage of it raises an alert. NotFoundError."""
    laid = update(documents).where(documents.c.id == document_id).values(bait=True).returning(documents.c.dataset_id)
    found = session.scalar(laid)
    if found is None:
        raise NotFoundError
    record(
        session,
        AuditEvent(type=EventType.BAIT_MARKED, object=f"document:{document_id}", dataset_ids=[DatasetId(found)]),
    )


def newest(session: Session, *, limit: int = 100) -> list[Alert]:
    """Return the newest alerts first."""
    admins = people.alias()
    query = (
        select(
            alerts.c.id, alerts.c.kind, people.c.name.label("person"), datasets.c.slug.label("dataset"),
            alerts.c.disclosure_id, alerts.c.evidence, alerts.c.raised_at, alerts.c.acknowledged_at,
            admins.c.name.label("acknowledged_by"), alerts.c.note,
        )
        .join(people, people.c.id == alerts.c.person_id)
        .join(datasets, datasets.c.id == alerts.c.dataset_id)
        .outerjoin(admins, admins.c.id == alerts.c.acknowledged_by)
        .order_by(alerts.c.raised_at.desc())
        .limit(limit)
    )  # fmt: skip
    return [Alert(**row) for row in session.execute(query).mappings()]


def acknowledge(session: Session, alert: UUID, note: str) -> None:
    """Say, once, what an alert was; AccessDeniedError for none or one about oneself, InvalidTransitionError later."""
    session.execute(text("SELECT hub.acknowledge_alert(:alert, :note)"), {"alert": alert, "note": note})
