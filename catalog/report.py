"""The residency report of a period: the board, what was refused, where everything stands, and what was changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog import audit, ledger_names, places, scan, violations
from catalog.audit import AuditEvent, RecordedEvent
from catalog.board import BoardRow, board
from catalog.errors import InvalidError
from catalog.ledger_names import Names
from catalog.places import Place
from catalog.policy.facts import law_version
from catalog.policy.model import Surroundings
from catalog.scan import KeptFinding
from catalog.violations import Violation
from catalog.vocabulary import EventType

#: What changes where a dataset may be, or where a part is.
CHANGES: Final = (
    EventType.DATASET_REGISTERED,
    EventType.DATASET_AMENDED,
    EventType.DATASET_WITHDRAWN,
    EventType.PLACE_REGISTERED,
    EventType.PLACE_RETIRED,
    EventType.GROUP_CHANGED,
)
#: So many refusals and so many changes stand in one report; a longer one says that it is cut.
MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Period:
    """From `since`, included, until `until`, not included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was gathered; `cut` where a list was too long to stand in it whole. Names stand behind the ids."""

    site: Place
    period: Period
    made_at: datetime
    policy_version: str
    datasets: tuple[BoardRow, ...]
    places: tuple[Place, ...]
    violations: tuple[Violation, ...]
    findings: tuple[KeptFinding, ...]
    changes: tuple[RecordedEvent, ...]
    cut: bool
    names: Names


def period(session: Session, since: datetime | None, until: datetime | None) -> Period:
    """Return the period asked for; without one, the month before this one, in UTC, by the database's clock.

    Raises InvalidError for one that ends before it begins.
    """
    row = session.execute(
        text("""
            SELECT month - interval '1 month' AS before, month, now FROM (
                   SELECT date_trunc('month', hub.hub_now(), 'UTC') AS month, hub.hub_now() AS now) clock""")
    ).one()  # fmt: skip
    if since is None and until is None:
        return Period(since=row.before, until=row.month)
    found = Period(since=since or min(row.before, until or row.before), until=until or row.now)
    if found.since >= found.until:
        raise InvalidError(
            "A period ends after it begins. Give the first day, and the first day that is no part of it."
        )
    return found


def gather(session: Session, here: Surroundings, of: Period) -> Report:
    """Read everything the report tells; the board and the places are those of the moment it is made."""
    refused = violations.newest(session, limit=MOST + 1, since=of.since, until=of.until)
    acts = audit.newest(session, limit=MOST + 1, types=CHANGES, since=of.since, until=of.until)
    out_of_place = scan.current(session)
    return Report(
        site=here.site,
        period=of,
        made_at=session.execute(text("SELECT hub.hub_now()")).scalar_one(),
        policy_version=law_version(),
        datasets=tuple(board(session, here, since=of.since, until=of.until)),
        places=tuple(places.every(session)),
        violations=tuple(refused[:MOST]),
        findings=tuple(out_of_place[:MOST]),
        changes=tuple(_of_places(acts[:MOST])),
        cut=max(len(refused), len(acts), len(out_of_place)) > MOST,
        names=ledger_names.names(session),
    )


def write_down(session: Session, of: Period, written: str) -> None:
    """Write into the trail that a report was made, of which period and in which form."""
    detail = {"since": of.since.isoformat(), "until": of.until.isoformat(), "form": written}
    audit.record(session, AuditEvent(type=EventType.RESIDENCY_REPORTED, object="residency", detail=detail))


def _of_places(acts: Iterable[RecordedEvent]) -> Iterable[RecordedEvent]:
    """Leave out what changed a dataset's card alone."""
    return (one for one in acts if one.type != EventType.DATASET_AMENDED or one.detail.get("tags"))
