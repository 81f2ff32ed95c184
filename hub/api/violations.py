"""`/residency/violations`: what residency refused, at which door, by which rule; for admins and auditors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from catalog import ledger_names, violations
from catalog.db import Auditor
from catalog.ledger_names import Names
from catalog.policy.facts import reason
from catalog.violations import Violation
from catalog.vocabulary import Action, Door
from hub.api import cursors
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Cursor, Slug
from hub.api.problems import RESPONSES
from hub.api.shapes import Named, Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class ViolationShape(Shape):
    """One refusal: `place` is a part's registered name, or the ISO 3166 code a person came from."""

    at: datetime
    door: Door
    rule: str
    reason: str
    tag: str
    place: str
    datasets: list[Named]
    who: str

    @classmethod
    def of(cls, one: Violation, names: Names) -> "ViolationShape":
        """Return it as the API says it."""
        kind, _, key = one.actor.partition(":")
        return cls(
            at=one.at,
            door=one.door,
            rule=one.rule,
            reason=reason(one.rule),
            tag=one.tag,
            place=one.place,
            datasets=[
                Named(slug=slug, title=title)
                for slug, title in map(names.datasets.__getitem__, map(str, one.dataset_ids))
            ],
            who=names.people.get(key, key) if kind == "person" else one.actor,
        )


class Violations(Shape):
    """A page of refusals, newest first."""

    items: list[ViolationShape]
    next: str | None


class Position(cursors.Position):
    """Where a page of refusals ends."""

    at: AwareDatetime
    id: UUID


@router.get("/residency/violations", dependencies=[through(Action.OVERSEE)])
def refused_by_residency(  # noqa: PLR0913  # each narrows what is looked for
    *,
    hub: HubDep,
    caller: Caller,
    dataset: Slug | None = None,
    door: Door | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Violations:
    """Return what residency refused, each with its rule and the place the rule looked at."""
    position = cursors.decode(cursor, Position)
    with hub.auditors.begin(Auditor(name=str(caller.subject.person_id))) as session:
        found = violations.newest(
            session,
            limit=limit + 1,
            dataset_id=ledger_names.dataset_named(session, dataset) if dataset else None,
            door=door,
            since=since,
            until=until,
            before=(position.at, position.id) if position else None,
        )
        names = ledger_names.names(session)
    shown = found[:limit]
    more = cursors.encode(Position(at=shown[-1].at, id=shown[-1].id)) if len(found) > limit else None
    return Violations(items=[ViolationShape.of(one, names) for one in shown], next=more)
