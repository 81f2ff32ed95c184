"""What a copy of the whole database is labelled: of which datasets, under the strictest of their tags."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog import labels, sources, violations
from catalog.audit import AuditEvent, record
from catalog.labels import Label
from catalog.policy.facts import lying_breaches
from catalog.policy.model import Surroundings
from catalog.vocabulary import EventType


@dataclass(frozen=True)
class Refused:
    """No copy may lie here, said in words; its violation rows are written."""

    sentence: str


def label_for(session: Session, here: Surroundings, name: str) -> Label | Refused:
    """Return the label of a copy of the whole database, or why it may not lie where the database does."""
    tags = sources.effective_tags(session)
    held = [row.id for row in session.execute(select(func.hub.scanned_holdings().table_valued("id")))]
    own = [one for one in sources.stricter_tags(session, tags, here.groups) if one.since]
    label = Label(
        file=name,
        datasets=tuple(sorted(str(tags[one]["slug"]) for one in held)),
        made_at=session.execute(text("SELECT hub.hub_now()")).scalar_one(),
        tags=labels.strictest([*(tags[one] for one in held), *(one.tags for one in own)], here.groups),
    )
    if not held or not lying_breaches(label.tags, here, here.database):
        return label
    astray = sources.may_not_lie({one: tags[one] for one in held}, here, here.database, own)
    refused = [*astray.datasets.items(), *((one.dataset_id, breach) for one, breach in astray.stricter)]
    violations.record(session, (([dataset], [breach]) for dataset, breach in refused))
    slugs = ", ".join(sorted({str(tags[dataset]["slug"]) for dataset, _ in refused}))
    return Refused(
        f"No backup was made: it would hold data that may not lie in {here.database.name} ({slugs}). "
        "`hub residency scan` names them; move or erase them first."
    )


def write_down(session: Session, label: Label) -> None:
    """Write into the trail that a copy was made, under which label."""
    record(session, AuditEvent(type=EventType.BACKUP_MADE, object=f"backup:{label.file}", detail=_told(label)))


def write_down_removal(session: Session, file: str, label: Label | None, *, reason: str) -> None:
    """Write into the trail that a copy was removed and why; `label` is None for a file nobody labelled."""
    detail = {"reason": reason, **(_told(label) if label else {})}
    record(session, AuditEvent(type=EventType.BACKUP_REMOVED, object=f"backup:{file}", detail=detail))


def _told(label: Label) -> dict[str, Any]:
    return {"datasets": list(label.datasets), "classification": label.tags["classification"]}
