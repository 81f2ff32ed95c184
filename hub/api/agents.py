"""`/agents`: a person gives a program leave to ask for them: for one purpose, for two minutes, within their session."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, ConfigDict, Field

from catalog import agents
from catalog.agents import NewAgent
from catalog.db import Asker
from catalog.errors import DependencyError, InvalidError
from catalog.people import who
from catalog.vocabulary import Action, Purpose
from hub.api.doors import Caller, HubDep, bearer, through
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape

router = APIRouter(tags=["agents"], responses=RESPONSES)


class AgentBody(BaseModel):
    """Which program, and what for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "reading-list", "purpose": "research"}]}
    )
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")]
    purpose: Purpose


class Admitted(Shape):
    """The agent's token; shown once, and over soon."""

    token: str
    purpose: Purpose
    ends_at: datetime


@router.post("/agents", status_code=201, dependencies=[through(Action.RECALL)])
def admit(
    body: AgentBody,
    hub: HubDep,
    caller: Caller,
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> Admitted:
    """Give a program leave: it sees no more than you, what it reads is yours, and it ends with your session."""
    audiences = {purpose: audience for audience, purpose in hub.verifier.agents.items()}
    if body.purpose not in audiences:
        raise InvalidError("An agent asks for no such purpose.")
    if hub.exchanger is None:
        raise DependencyError("This hub has no way to have agents' tokens made.")
    token = hub.exchanger.exchange(credentials.credentials, audiences[body.purpose])
    made = hub.verifier.signed_in(token)
    same = (made.subject.person_id, made.session_id) == (caller.subject.person_id, caller.session_id)
    if made.leave is None or made.leave.purpose is not body.purpose or not same:
        raise DependencyError("The issuer made another token than was asked for.")
    ends_at = min(made.expires_at, caller.expires_at)
    new = NewAgent(
        person_id=caller.subject.person_id,
        name=body.name,
        purpose=body.purpose,
        token_id=made.leave.token_id,
        ends_at=ends_at,
    )
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)
        agents.admit(session, new)
    return Admitted(token=token, purpose=body.purpose, ends_at=ends_at)
