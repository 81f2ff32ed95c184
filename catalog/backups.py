"""What a copy of the whole database is labelled: of which datasets, under the strictest of their tags."""

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog import labels, sources
from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError
from catalog.labels import Label
from catalog.policy.facts import lying_breaches
from catalog.policy.model import Surroundings
from catalog.vocabulary import EventType


def label_for(session: Session, here: Surroundings, name: str) -> Label:
    """Return the label of a copy of the whole database; ConflictError where it may not lie."""
    tags = sources.effective_tags(session)
    held = [row.id for row in session.execute(select(func.hub.scanned_holdings().table_valued("id")))]
    own = [one for one in sources.stricter_tags(session, tags, here.groups) if one.since]
    label = Label(
        file=name,
        datasets=tuple(sorted(str(tags[one]["slug"]) for one in held)),
        made_at=session.execute(text("SELECT hub.hub_now()")).scalar_one(),
        tags=labels.strictest([*(tags[one] for one in held), *(one.tags for one in own)], here.groups),
    )
    if held and lying_breaches(label.tags, here, here.database):
        astray = sources.may_not_lie({one: tags[one] for one in held}, here, here.database, own)
        named = {*astray.datasets, *(one.dataset_id for one, _ in astray.stricter)}
        raise ConflictError(
            f"No backup was made: it would hold data that may not lie in {here.database.name} "
            f"({', '.join(sorted(str(tags[one]['slug']) for one in named))}). "
            "`hub residency scan` names them; move or erase them first."
        )
    return label


def write_down(session: Session, label: Label) -> None:
    """Write into the trail that a copy was made, under which label."""
    record(session, AuditEvent(type=EventType.BACKUP_MADE, object=f"backup:{label.file}", detail=_told(label)))


def write_down_removal(session: Session, file: str, label: Label | None, *, reason: str) -> None:
    """Write into the trail that a copy was removed and why; `label` is None for a file nobody labelled."""
    detail = {"reason": reason, **(_told(label) if label else {})}
    record(session, AuditEvent(type=EventType.BACKUP_REMOVED, object=f"backup:{file}", detail=detail))


def _told(label: Label) -> dict[str, Any]:
    return {"datasets": list(label.datasets), "classification": label.tags["classification"]}
