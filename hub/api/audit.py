"""`/audit`: who did what, under which decision and for which reasons; for admins and auditors, never content."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import Session

from catalog import audit, ledger_names
from catalog.audit import RecordedEvent
from catalog.db import Asker, Auditor
from catalog.vocabulary import Action, EventType
from hub.api import cursors
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import TEXT, Cursor, Slug
from hub.api.problems import RESPONSES
from hub.api.shapes import Named, Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class Actor(Shape):
    """Who did it."""

    kind: str
    id: str
    name: str


class RulingShape(Shape):
    """What the policy said of some datasets."""

    datasets: list[Named]
    permitted: bool
    rules: list[str]
    reasons: list[str]


class DecisionShape(Shape):
    """The decision an act was done under."""

    id: UUID
    purpose: str
    policy_version: str
    rulings: list[RulingShape]


class EventShape(Shape):
    """One act."""

    id: int
    at: datetime
    type: str
    actor: Actor
    object: str
    datasets: list[Named]
    detail: dict[str, Any]
    agent: str | None
    decision: DecisionShape | None


class Events(Shape):
    """A page of acts, newest first."""

    items: list[EventShape]
    next: str | None


class Position(cursors.Position):
    """Where a page of acts ends."""

    id: Annotated[int, Field(ge=0, lt=1 << 63)]


@router.get("/audit", dependencies=[through(Action.OVERSEE)])
def audit_trail(  # noqa: PLR0913  # each narrows what is looked for
    *,
    hub: HubDep,
    caller: Caller,
    reason: Annotated[str | None, Query(max_length=1_000, pattern=TEXT)] = None,
    type: Annotated[list[EventType], Query(max_length=30)] = [],  # noqa: A002, B006  # the query's name; FastAPI copies it
    actor: Annotated[str | None, Query(max_length=200, pattern=TEXT)] = None,
    dataset: Slug | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Events:
    """Return the newest acts, each with its decision's reasons; reading them is an act too, and has a `reason`."""
    position = cursors.decode(cursor, Position)
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        audit.consult(session, reason)
    with hub.auditors.begin(Auditor(name=str(caller.subject.person_id))) as session:
        found = audit.newest(
            session,
            limit=limit + 1,
            actor=ledger_names.actor_named(session, actor) if actor else None,
            types=type,
            dataset_id=ledger_names.dataset_named(session, dataset) if dataset else None,
            since=since,
            until=until,
            before_id=position.id if position else None,
        )
        items = _events(session, found[:limit])
    more = cursors.encode(Position(id=items[-1].id)) if len(found) > limit else None
    return Events(items=items, next=more)


def _events(session: Session, found: Iterable[RecordedEvent]) -> list[EventShape]:
    events = list(found)
    names = ledger_names.names(session)
    decisions = ledger_names.decisions_of(session, [one.decision_id for one in events if one.decision_id])
    return [_event(one, names, decisions.get(one.decision_id)) for one in events]


def _event(one: RecordedEvent, names: ledger_names.Names, decision: ledger_names.KnownDecision | None) -> EventShape:
    kind, _, key = one.actor.partition(":")
    return EventShape(
        id=one.id,
        at=one.at,
        type=one.type,
        actor=Actor(kind=kind, id=key, name=names.people.get(key, key)),
        object=one.object,
        datasets=_named(map(str, one.dataset_ids), names),
        detail=one.detail,
        agent=one.agent,
        decision=None if decision is None else _decision(decision, names),
    )


def _decision(decision: ledger_names.KnownDecision, names: ledger_names.Names) -> DecisionShape:
    return DecisionShape(
        id=decision.id,
        purpose=decision.purpose,
        policy_version=decision.policy_version,
        rulings=[_ruling(ruling, names) for ruling in decision.rulings],
    )


def _ruling(ruling: Mapping[str, Any], names: ledger_names.Names) -> RulingShape:
    return RulingShape(
        datasets=_named(ruling["datasets"], names),
        permitted=ruling["permitted"],
        rules=ruling["rules"],
        reasons=ruling["reasons"],
    )


def _named(ids: Iterable[str], names: ledger_names.Names) -> list[Named]:
    return [Named(slug=names.datasets[key][0], title=names.datasets[key][1]) for key in ids if key in names.datasets]
