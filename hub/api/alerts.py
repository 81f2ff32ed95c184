"""`/alerts`: the second line's evidence, on the desk of admins and auditors; figures and ids, never content."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from catalog import alerts, audit
from catalog.audit import AuditEvent
from catalog.db import Asker, Auditor
from catalog.vocabulary import Action, EventType
from hub.api.doors import Caller, HubDep, through
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class AlertShape(Shape):
    """What was noticed: a bait that was read, or a window spent on nothing but new text."""

    id: UUID
    kind: str
    person: str
    dataset: str
    disclosure_id: UUID
    evidence: dict[str, Any]
    raised_at: datetime


class Alerts(Shape):
    """The newest alerts first."""

    items: list[AlertShape]


@router.get("/alerts", dependencies=[through(Action.OVERSEE)])
def newest_alerts(hub: HubDep, caller: Caller) -> Alerts:
    """Return the newest alerts; reading them is an act too."""
    person = caller.subject.person_id
    with hub.services.database.begin(Asker(person_id=person)) as session:
        audit.record(session, AuditEvent(type=EventType.AUDIT_CONSULTED, object="alerts"))
    with hub.auditors.begin(Auditor(name=str(person))) as session:
        return Alerts(items=[AlertShape(**vars(one)) for one in alerts.newest(session)])
