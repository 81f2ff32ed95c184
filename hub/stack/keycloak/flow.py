"""How people prove themselves: a live session, or name and password; a second factor for roles that keep the hub.

A flow of our own, because only a step with a reference value comes into `amr`, and only within its age.
"""

from collections.abc import Sequence
from typing import Any, Final

from catalog.vocabulary import Role
from hub.stack.keycloak.clients import API

SESSION_MAX_S: Final = 36_000
#: Whoever decides, administers or audits proves themselves twice.
SECOND_FACTOR: Final = (Role.STEWARD, Role.ADMIN, Role.AUDITOR)
FLOW: Final = "hub sign-in"
FORMS: Final = "hub forms"


def sign_in_flow() -> dict[str, Any]:
    """Return the flow and its steps' settings.

    Keycloak knows no "one of these roles", so each has a step of its own; a step leaves out whoever an earlier one
    asked, or someone with two roles would be asked twice.
    """
    doubled = [(role, SECOND_FACTOR[:number]) for number, role in enumerate(SECOND_FACTOR)]
    return {
        "browserFlow": FLOW,
        "authenticationFlows": [
            _flow(FLOW, "A live session, or a form", [_step("auth-cookie", "ALTERNATIVE", 10), _inner(FORMS, 20)]),
            _flow(
                FORMS,
                "Name and password, and a second factor where it is due",
                [
                    _step("auth-username-password-form", "REQUIRED", 10, settings="password"),
                    *(
                        _inner(_second(role), 20 + number, requirement="CONDITIONAL")
                        for number, role in enumerate(SECOND_FACTOR)
                    ),
                ],
                top=False,
            ),
            *(_second_factor(role, before) for role, before in doubled),
        ],
        "authenticatorConfig": [
            _reference("password", "pwd"),
            _reference("one-time code", "otp"),
            *(_condition(role, negate=False) for role in SECOND_FACTOR),
            *(_condition(role, negate=True) for role in SECOND_FACTOR[:-1]),
        ],
    }


def _second_factor(role: Role, before: Sequence[Role]) -> dict[str, Any]:
    conditions = [(_is(role), 10), *((_is(other, negate=True), 11 + number) for number, other in enumerate(before))]
    steps = [_step("conditional-user-role", "REQUIRED", place, settings=name) for name, place in conditions]
    steps.append(_step("auth-otp-form", "REQUIRED", 30, settings="one-time code"))
    return _flow(_second(role), f"A one-time code for the role {role}", steps, top=False)


def _second(role: Role) -> str:
    return f"hub second factor: {role}"


def _is(role: Role, *, negate: bool = False) -> str:
    return f"is {'not ' if negate else ''}{role}"


def _condition(role: Role, *, negate: bool) -> dict[str, Any]:
    config = {"condUserRole": f"{API}.{role}", "negate": str(negate).lower()}
    return {"alias": _is(role, negate=negate), "config": config}


def _reference(alias: str, value: str) -> dict[str, Any]:
    config = {"default.reference.value": value, "default.reference.maxAge": str(SESSION_MAX_S)}
    return {"alias": alias, "config": config}


def _flow(alias: str, description: str, steps: list[dict[str, Any]], *, top: bool = True) -> dict[str, Any]:
    return {
        "alias": alias,
        "description": description,
        "providerId": "basic-flow",
        "topLevel": top,
        "builtIn": False,
        "authenticationExecutions": steps,
    }


def _inner(flow: str, priority: int, *, requirement: str = "ALTERNATIVE") -> dict[str, Any]:
    return {"flowAlias": flow, "requirement": requirement, "priority": priority, "authenticatorFlow": True}


def _step(authenticator: str, requirement: str, priority: int, *, settings: str | None = None) -> dict[str, Any]:
    step: dict[str, Any] = {
        "authenticator": authenticator,
        "requirement": requirement,
        "priority": priority,
        "authenticatorFlow": False,
    }
    return step if settings is None else step | {"authenticatorConfig": settings}
