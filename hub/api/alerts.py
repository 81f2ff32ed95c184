"""`/alerts`: the second line's evidence, on the desk of admins and auditors; figures and ids, never content."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from catalog import alerts, audit
from catalog.audit import AuditEvent
from catalog.db import Asker, Auditor
from catalog.people import who
from catalog.vocabulary import Action, EventType
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Note
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
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    note: str | None


class Alerts(Shape):
    """The newest alerts first."""

    items: list[AlertShape]


class Acknowledgement(BaseModel):
    """What the alert was, in the admin's words."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "Asked; a planned review of all notices."}]}
    )
    note: Note


@router.get("/alerts", dependencies=[through(Action.OVERSEE)])
def newest_alerts(hub: HubDep, caller: Caller) -> Alerts:
    """Return the newest alerts; reading them is an act too."""
    person = caller.subject.person_id
    with hub.services.database.begin(Asker(person_id=person)) as session:
        audit.record(session, AuditEvent(type=EventType.AUDIT_CONSULTED, object="alerts"))
    with hub.auditors.begin(Auditor(name=str(person))) as session:
        return Alerts(items=[AlertShape(**vars(one)) for one in alerts.newest(session)])


@router.post("/alerts/{alert_id}/acknowledgement", status_code=204, dependencies=[through(Action.ADMINISTER)])
def acknowledge_alert(alert_id: UUID, body: Acknowledgement, hub: HubDep, caller: Caller) -> None:
    """Say, once, what an alert was; nobody does so for one about themselves."""
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)  # someone the issuer alone knows administers nobody here
        alerts.acknowledge(session, alert_id, body.note)
