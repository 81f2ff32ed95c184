"""Records what the law of residency refused, in the transaction of the act that was refused, and finds it again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import insert, literal, select, tuple_
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent
from catalog.audit import record as record_event
from catalog.breach import Breach
from catalog.tables import violations
from catalog.vocabulary import DatasetId, DecisionId, Door, EventType


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One refusal as it stands in the table."""

    id: UUID
    at: datetime
    door: Door
    rule: str
    tag: str
    place: str
    dataset_ids: tuple[DatasetId, ...]
    actor: str
    decision_id: UUID | None


_number = attrgetter("int")  # ids in the order they have anyway, compared as numbers


def record(
    session: Session,
    refused: Iterable[tuple[Iterable[DatasetId], Sequence[Breach]]],
    decision_id: DecisionId | None = None,
) -> None:
    """Write a row for each breach, with its datasets, in the name the session speaks in, and one audit event."""
    datasets: dict[Breach, set[DatasetId]] = defaultdict(set)
    for ids, breaches in refused:
        for breach in breaches:
            datasets[breach] |= set(ids)
    if not datasets:
        return
    actor = session.info["actor"]
    rows = [
        {**vars(breach), "dataset_ids": sorted(ids, key=_number), "actor": actor, "decision_id": decision_id}
        for breach, ids in datasets.items()
    ]
    session.execute(insert(violations).inline(), rows)
    record_event(
        session,
        AuditEvent(
            type=EventType.RESIDENCY_REFUSED,
            object="residency",
            dataset_ids=sorted({one for ids in datasets.values() for one in ids}, key=_number),
            decision_id=decision_id,
            detail={name: sorted({str(row[name]) for row in rows}) for name in ("door", "rule", "tag", "place")},
        ),
    )


def newest(  # noqa: PLR0913  # each narrows what is looked for
    session: Session,
    *,
    limit: int,
    dataset_id: DatasetId | None = None,
    door: Door | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, UUID] | None = None,
) -> list[Violation]:
    """Return the newest first; `since` is included and `until` is not, `before` is where a page ended."""
    columns = violations.c
    query = select(violations).order_by(columns.at.desc(), columns.id.desc()).limit(limit)
    if dataset_id is not None:
        query = query.where(columns.dataset_ids.contains([dataset_id]))
    if door is not None:
        query = query.where(columns.door == door)
    if since is not None:
        query = query.where(columns.at >= since)
    if until is not None:
        query = query.where(columns.at < until)
    if before is not None:
        query = query.where(tuple_(columns.at, columns.id) < tuple_(*map(literal, before)))
    rows = session.execute(query).mappings()
    return [Violation(**{**row, "door": Door(row["door"]), "dataset_ids": tuple(row["dataset_ids"])}) for row in rows]
