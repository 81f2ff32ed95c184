"""Near the limit: what is left of a person's budgets, and asking the owner for more, with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, column, insert, literal, select, text
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, NotFoundError
from catalog.tables import datasets, step_ups
from catalog.vocabulary import DatasetId, EventType, PersonId, Purpose


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The meter of one dataset."""

    slug: str
    title: str
    characters_left: int
    window_characters: int
    refills_at: datetime | None

    @property
    def matters(self) -> bool:
        """True once less than a quarter of a window is left: before, nobody need look at it."""
        return self.characters_left * 4 < self.window_characters


@dataclass(frozen=True, kw_only=True)
class StepUp:
    """A question for more, and what the owner said."""

    id: UUID
    slug: str
    title: str
    person: str | None
    purpose: Purpose
    characters: int
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    granted: bool | None
    weighed: "Weighed | None" = None


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What an owner weighs before they say yes, in characters; reachable: None where no live grant can be widened."""

    organisation: str | None
    dataset_characters: int
    characters_read: int
    reachable_now: int | None
    reachable_then: int | None


def meter(session: Session, purpose: Purpose) -> list[Reading]:
    """Return what is left to this person of each dataset they may ask for the purpose."""
    rows = session.execute(
        text(
            "SELECT d.slug, d.title, m.characters_left, m.window_characters, m.refills_at"
            " FROM hub.meter(:purpose) m JOIN hub.datasets d ON d.id = m.dataset_id ORDER BY d.slug"
        ),
        {"purpose": purpose},
    )
    return [Reading(**row) for row in rows.mappings()]


def ask(  # noqa: PLR0913  # a question is these facts
    session: Session, person_id: PersonId, slug: str, *, purpose: Purpose, characters: int, reason: str
) -> UUID:
    """Ask the owner for more of a dataset.

    Raises NotFoundError without a live grant, ConflictError while a question is open.
    """
    held = {one.slug for one in meter(session, purpose)}
    found = session.scalar(select(datasets.c.id).where(datasets.c.slug == slug))
    if found is None or slug not in held:
        raise NotFoundError
    pending = select(step_ups.c.id).where(step_ups.c.dataset_id == found, step_ups.c.decided_at.is_(None))
    if session.scalar(pending) is not None:
        raise ConflictError("You have asked for more of this dataset already; its owner has not decided yet.")
    values = {
        "person_id": person_id, "dataset_id": found, "purpose": purpose, "characters": characters, "reason": reason,
    }  # fmt: skip
    made = session.scalar(insert(step_ups).returning(step_ups.c.id), values)
    detail = {"purpose": purpose, "characters": characters}
    event = AuditEvent(
        type=EventType.INCREASE_ASKED, object=f"step-up:{made}", dataset_ids=[DatasetId(found)], detail=detail
    )
    record(session, event)
    return UUID(str(made))


def own(session: Session) -> list[StepUp]:
    """Return what this person asked, newest first."""
    query = _query().add_columns(literal(None).label("person"))
    rows = session.execute(query.order_by(step_ups.c.asked_at.desc()).limit(50)).mappings()
    return [_step_up(row, None) for row in rows]


def to_decide(session: Session) -> list[StepUp]:
    """Return what waits for this steward, oldest first."""
    names = ("step_up_id", "person", *Weighed.__dataclass_fields__)
    askers = text("SELECT * FROM hub.askers()").columns(*map(column, names)).subquery()
    query = _query().add_columns(*(askers.c[name] for name in names[1:]))
    query = query.join(askers, askers.c.step_up_id == step_ups.c.id).order_by(step_ups.c.asked_at).limit(200)
    rows = session.execute(query).mappings()
    return [_step_up(row, Weighed(**{name: row[name] for name in Weighed.__dataclass_fields__})) for row in rows]


def decide(session: Session, step_up: UUID, *, granted: bool) -> None:
    """Decide once; AccessDeniedError for what is not theirs to decide or their own, InvalidTransitionError later."""
    session.execute(text("SELECT hub.decide_step_up(:id, :granted)"), {"id": step_up, "granted": granted})


def _query() -> Select[Any]:
    return select(step_ups, datasets.c.slug, datasets.c.title).join(datasets, datasets.c.id == step_ups.c.dataset_id)


def _step_up(row: RowMapping, weighed: Weighed | None) -> StepUp:
    plain = {name: row[name] for name in StepUp.__dataclass_fields__ if name != "weighed"}
    return StepUp(**{**plain, "purpose": Purpose(row["purpose"])}, weighed=weighed)
