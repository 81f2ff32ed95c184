"""`/sessions/ended`, `/people/{person}/sign-out`: the issuer's word ends one session, an admin's all of a person's."""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from catalog import sessions
from catalog.db import Asker
from catalog.errors import ConflictError, IdentityError, InvalidError
from catalog.people import who
from catalog.vocabulary import Action
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Slug
from hub.api.hub import Hub
from hub.api.problems import RESPONSES

router = APIRouter(tags=["sessions"], responses=RESPONSES)
FORM: Final = "application/x-www-form-urlencoded"
BODY: Final = {
    "type": "object",
    "properties": {"logout_token": {"type": "string", "maxLength": 8192}},
    "required": ["logout_token"],
}


@router.post(
    "/sessions/ended",
    status_code=204,
    openapi_extra={"requestBody": {"required": True, "content": {FORM: {"schema": BODY}}}},
)
async def ended(request: Request, hub: HubDep) -> Response:
    """End a session by the issuer's signed word (OIDC back-channel logout); each word counts once."""
    await run_in_threadpool(_end, hub, _token((await request.body()).decode("latin-1")))
    # An issuer that kept the connection would lose its next word on it, should this API be restarted meanwhile.
    return Response(status_code=204, headers={"Connection": "close"})


def _token(body: str) -> str:
    try:
        tokens = [value for name, value in parse_qsl(body, max_num_fields=8) if name == "logout_token"]
    except ValueError:
        tokens = []
    if len(tokens) != 1:
        raise InvalidError("Send one logout_token, as a form.")
    return tokens[0]


def _end(hub: Hub, token: str) -> None:
    try:
        found = hub.farewells.ended(token)
        with hub.services.database.begin(Asker(person_id=found.person_id)) as session:
            sessions.end(session, found.person_id, session_id=found.session_id, token_id=found.token_id)
    except (IdentityError, ConflictError) as error:
        # Neither 401 nor 409: nobody can sign in here, and a word told twice is a wrong one (RFC of the issuer: 400).
        raise InvalidError(str(error)) from error


@router.post(
    "/people/{person}/sign-out", status_code=204, dependencies=[through(Action.ADMINISTER)], response_class=Response
)
def end_sessions(hub: HubDep, caller: Caller, person: Slug) -> Response:
    """End every session a person has begun until now; whoever that is must sign in anew."""
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)  # someone the issuer alone knows administers nobody here
        sessions.end_all_of(session, person)
    return Response(status_code=204)
