"""Who stands at which door: token → caller, and the one rule every route declares."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import BaseRoute

from catalog import agents, service_accounts, sessions
from catalog.audit import AuditEvent, record
from catalog.db import Asker
from catalog.errors import IdentityError, NotAllowedError, SettingsError
from catalog.policy.facts import door_ruling
from catalog.policy.model import Ruling
from catalog.vocabulary import AGENT, SERVICE, Action, EventType
from hub.api.hub import Hub
from hub.api.reach import named_in, require_reach
from hub.api.zones import zone_of
from hub.identity import SignedIn

#: Routes that need no access token: none of them tells anything about people, datasets or documents. What ends a
#: session is the issuer's own signed word.
OPEN: Final = frozenset({"/health", "/sessions/ended"})

bearer = HTTPBearer(auto_error=False, description="An access token of this hub's issuer.")


# What waits for nothing runs where the request is: a thread for it would cost more than it does.


async def hub_of(request: Request) -> Hub:
    """Return what the routes need."""
    return cast("Hub", request.app.state.hub)


HubDep = Annotated[Hub, Depends(hub_of)]


def caller_of(
    request: Request, hub: HubDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> SignedIn:
    """Return who calls, and the network zone they come in through.

    Raises IdentityError without a token that verifies, or when its session was ended.
    """
    if credentials is None:
        raise IdentityError
    caller = hub.verifier.signed_in(credentials.credentials)
    caller = replace(caller, subject=replace(caller.subject, zone=zone_of(request.scope)))
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        if sessions.has_ended(session, session_id=caller.session_id, began_at=caller.began_at):
            raise IdentityError("This session was ended. Sign out, then sign in again.")
        if caller.service is not None:
            service_accounts.require_live(session, caller.service)
        if caller.leave is None:
            return caller
        name = agents.name_of(session, caller.leave.token_id, caller.leave.purpose)
    return replace(caller, subject=replace(caller.subject, agent=name))


Caller = Annotated[SignedIn, Depends(caller_of)]


class Door:
    """A route's declared rule: the action its caller comes for, decided like everything else by the policy."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request, hub: HubDep, caller: Caller) -> None:
        """Let the caller through, or raise NotAllowedError, written down; a steward as what they come for allows."""
        ruling = door_ruling(self.action, _roles(caller))
        if not ruling.permitted:
            await run_in_threadpool(self._write_down, hub, caller, ruling)
            raise NotAllowedError
        if self.action is Action.MANAGE:
            await run_in_threadpool(require_reach, hub, caller.subject, named_in(request))

    def _write_down(self, hub: Hub, caller: SignedIn, ruling: Ruling) -> None:
        event = AuditEvent(type=EventType.DOOR_REFUSED, object=f"door:{self.action}", detail={"rules": ruling.rules})
        with hub.services.database.begin(caller.subject.asker) as session:
            record(session, event)


def _roles(caller: SignedIn) -> frozenset[str]:
    """Return what the caller comes as: an agent and a program as just that, whatever their token says."""
    if caller.leave or caller.service:
        return frozenset({AGENT if caller.leave else SERVICE})
    return frozenset(map(str, caller.roles))


def through(action: Action) -> Any:  # noqa: ANN401  # FastAPI's marker has no public type
    """Declare a route's rule: `dependencies=[through(Action.ASK)]`."""
    return Depends(Door(action))


def rule_of(route: BaseRoute) -> Action | None:
    """Return the action a route declares, None for an open one; raises SettingsError when it declares none."""
    if not isinstance(route, APIRoute):
        raise SettingsError(f"{type(route).__name__} {getattr(route, 'path', '')} can declare no rule.")
    declared = [call.action for call in _calls(route.dependant) if isinstance(call, Door)]
    if len(declared) == 1:
        return declared[0]
    if not declared and route.path in OPEN:
        return None
    raise SettingsError(f"The route {route.path} declares {len(declared)} rules; it needs exactly one.")


def _calls(dependant: Dependant) -> Iterable[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
