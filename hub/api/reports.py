"""`/residency/report`: the residency of a period as a file to take along, for admins and auditors."""

from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from catalog import report
from catalog.db import Asker, Auditor
from catalog.policy.facts import surroundings
from catalog.vocabulary import Action
from hub.api.doors import Caller, HubDep, through
from hub.api.problems import RESPONSES
from hub.report.format import Format
from hub.report.wording import Language
from hub.report.written import written

router = APIRouter(tags=["oversight"], responses=RESPONSES)
_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The report, in the format asked for",
        "content": {"application/json": {"schema": {"type": "object"}}, "text/csv": {}, "text/html": {}},
    }
}


@router.get(
    "/residency/report", dependencies=[through(Action.OVERSEE)], response_class=Response, responses=_FILES
)  # fmt: skip
def report_of_residency(  # noqa: PLR0913, PLR0917  # what a report can be of
    hub: HubDep,
    caller: Caller,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    format: Format = Format.JSON,  # noqa: A002  # the query's name
    language: Language = Language.ENGLISH,
) -> Response:
    """Return the board, refusals, places and changes of a period, else of the last month; and write it down."""
    me = caller.subject.person_id
    with (
        hub.services.database.begin(Asker(person_id=me)) as trail,
        hub.auditors.begin(Auditor(name=str(me))) as session,
    ):
        of = report.period(session, since, until)
        report.write_down(trail, of, format)
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        file = written(report.gather(session, here, of), format, language)
    kept = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.text, media_type=f"{file.media_type}; charset=utf-8", headers=kept)
