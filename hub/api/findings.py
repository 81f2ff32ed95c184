"""`/residency/findings`: what lies where it may not, as the last scan found it; for admins and auditors."""

from datetime import datetime

from fastapi import APIRouter

from catalog import ledger_names, scan
from catalog.db import Auditor
from catalog.ledger_names import Names
from catalog.policy.facts import reason
from catalog.scan import KeptFinding
from catalog.vocabulary import Action, Door
from hub.api.doors import Caller, HubDep, through
from hub.api.problems import RESPONSES
from hub.api.shapes import Named, Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class FindingShape(Shape):
    """One thing out of place: an original, rows of a table, a backup, or a file that nobody labelled."""

    kind: str
    object: str
    held: int
    datasets: list[Named]
    place: str
    door: Door
    tag: str
    rule: str
    reason: str
    found_at: datetime
    seen_at: datetime

    @classmethod
    def of(cls, one: KeptFinding, names: Names) -> "FindingShape":
        """Return it as the API says it."""
        return cls(
            kind=one.kind,
            object=one.object,
            held=one.held,
            datasets=[
                Named(slug=slug, title=title)
                for slug, title in map(names.datasets.__getitem__, map(str, one.dataset_ids))
            ],
            place=one.place,
            door=one.door,
            tag=one.tag,
            rule=one.rule,
            reason=reason(one.rule),
            found_at=one.found_at,
            seen_at=one.seen_at,
        )


class Findings(Shape):
    """What lies out of place, the longest first."""

    items: list[FindingShape]


@router.get("/residency/findings", dependencies=[through(Action.OVERSEE)])
def found_out_of_place(hub: HubDep, caller: Caller) -> Findings:
    """Return what the last scan found lying where it may not, each with the rule that forbids it."""
    with hub.auditors.begin(Auditor(name=str(caller.subject.person_id))) as session:
        found = scan.current(session)
        names = ledger_names.names(session)
    return Findings(items=[FindingShape.of(one, names) for one in found])
