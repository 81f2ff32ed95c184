"""How much was charged, as figures that are kept outside the database: an older copy put back takes them up again.

Counters only grow. One that is lower than the highest figure ever seen of it came with an older copy: it is raised.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import InvalidError
from catalog.vocabulary import EventType

#: By `person/<id>/<lineage>`, `organisation/<id>/<lineage>` or `lineage/<lineage>`: characters.
Marks = Mapping[str, int]
_NO_MARKS: Final = "This is no list of what was charged."

_CHARGED: Final = text(
    """
    SELECT 'lineage/' || lineage_id AS counter, used FROM hub.lineage_budgets
     UNION ALL
    SELECT 'organisation/' || organisation_id || '/' || lineage_id, used FROM hub.organisation_budgets
     UNION ALL
    SELECT 'person/' || person_id || '/' || lineage_id, lifetime_used FROM hub.person_budgets
    """
)
#: A row that went with what it counts is let go; one that is only not opened yet is opened with what was charged.
#: In the order in which disclosure locks them. A limit below what was read is what was read, as everywhere.
_RAISED: Final = {
    "lineage": text(
        """
        INSERT INTO hub.lineage_budgets AS b (lineage_id, used, cap)
        SELECT l.id, greatest(m.used, s.used), greatest(m.used, s.used)
          FROM unnest(cast(:ids AS uuid[]), cast(:lineages AS uuid[]), cast(:used AS bigint[])) AS m (id, lineage, used)
          JOIN hub.lineages l ON l.id = m.lineage AND l.ceiling_share < 1
         CROSS JOIN LATERAL (SELECT coalesce(sum(o.used), 0)::bigint AS used FROM hub.organisation_budgets o
                              WHERE o.lineage_id = l.id) s
        ON CONFLICT (lineage_id) DO UPDATE SET used = excluded.used, cap = greatest(b.cap, excluded.used)
         WHERE b.used < excluded.used
        """
    ),
    "organisation": text(
        """
        UPDATE hub.organisation_budgets b SET used = m.used, cap = greatest(b.cap, m.used)
          FROM unnest(cast(:ids AS uuid[]), cast(:lineages AS uuid[]), cast(:used AS bigint[])) AS m (id, lineage, used)
         WHERE b.organisation_id = m.id AND b.lineage_id = m.lineage AND b.used < m.used
        """
    ),
    "person": text(
        """
        INSERT INTO hub.person_budgets AS b
        SELECT p.id, l.id, hub.hub_now(), 0, 0, m.used, m.used
          FROM unnest(cast(:ids AS uuid[]), cast(:lineages AS uuid[]), cast(:used AS bigint[])) AS m (id, lineage, used)
          JOIN hub.people p ON p.id = m.id
          JOIN hub.lineages l ON l.id = m.lineage
        ON CONFLICT (person_id, lineage_id) DO UPDATE
           SET lifetime_used = excluded.lifetime_used,
               lifetime_limit = greatest(b.lifetime_limit, excluded.lifetime_used)
         WHERE b.lifetime_used < excluded.lifetime_used
        """
    ),
}


@dataclass(frozen=True, kw_only=True)
class _Mark:
    """One counter's figure; for all organisations together `id` is the lineage's own."""

    kind: str
    id: str
    lineage: str
    used: int


def charged(session: Session) -> dict[str, int]:
    """Return what every counter holds now."""
    return {row.counter: row.used for row in session.execute(_CHARGED)}


def take_up(session: Session, marks: Marks) -> int:
    """Raise every counter that is lower than its mark, say so in the trail, and return how many that were.

    Organisations come before all together, which are no less than their sum. InvalidError for what is no mark.
    """
    known, raised = list(_read(marks)), 0
    for kind in ("organisation", "lineage", "person"):
        mine = [mark for mark in known if mark.kind == kind]
        columns = {"ids": [m.id for m in mine], "lineages": [m.lineage for m in mine], "used": [m.used for m in mine]}
        done = session.execute(_RAISED[kind], columns)
        raised += done.rowcount  # type: ignore[attr-defined]  # what a statement without rows returns
    if raised:
        record(session, AuditEvent(type=EventType.BUDGETS_RAISED, object="budgets", detail={"counters": raised}))
    return raised


def _read(marks: Marks) -> Iterator[_Mark]:
    for name, used in marks.items():
        kind, *ids = name.split("/")
        try:
            ids = [str(UUID(one)) for one in ids]
        except ValueError:
            raise InvalidError(_NO_MARKS) from None
        if kind not in _RAISED or len(ids) != (1 if kind == "lineage" else 2) or type(used) is not int or used < 0:
            raise InvalidError(_NO_MARKS)
        yield _Mark(kind=kind, id=ids[0], lineage=ids[-1], used=used)
