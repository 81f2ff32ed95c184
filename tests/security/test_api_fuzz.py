"""Schemathesis over every operation as every role: no fault, and each answer is one the OpenAPI document names."""

from functools import cache

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from catalog.vocabulary import Role
from hub.app import create_app, document
from tests.hub.api.conftest import AT_HOME, AUDIENCE, Door
from tests.hub.api.walked import Ground, operations

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EVERYTHING = "everything"
#: So many requests an operation: of all roles together more, of each alone as many as show that its door stands.
EXAMPLES = {EVERYTHING: 20, **dict.fromkeys(map(str, Role), 3)}


@pytest.mark.parametrize("role", EXAMPLES)
def test_whatever_is_sent_is_answered_as_the_document_says(door: Door, role: str) -> None:
    Latest.app = create_app(door.hub, AT_HOME)
    described = _described()
    real = vars(Ground.lay(door))
    access = {AUDIENCE: {"roles": list(map(str, Role)) if role == EVERYTHING else [role]}}
    headers = {"Authorization": f"Bearer {door.token('ada', resource_access=access)}", "Host": "testserver"}
    called = set()
    for found in described.get_all_operations():
        operation = found.ok()
        called.add(operation.label)
        _fuzz(operation, headers, real, EXAMPLES[role])
    assert called == operations()


class Latest:
    """The app of the door that is tested: what was drawn for one is kept for the next one's."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        await self.app(scope, receive, send)


@cache
def _described() -> schemathesis.BaseSchema:
    described = schemathesis.openapi.from_dict(document())
    described.app = Latest()
    return described


def _fuzz(operation: schemathesis.APIOperation, headers: dict[str, str], real: dict[str, str], examples: int) -> None:
    """Send values that fit and values that don't; every other time to things that are there."""
    fitting, unfitting = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=fitting | unfitting, there=st.booleans())
    def send(case: schemathesis.Case, there: bool) -> None:  # noqa: FBT001  # hypothesis hands it over by name
        if there:
            case.path_parameters.update({name: real[name] for name in case.path_parameters if name in real})
        case.call_and_validate(headers=headers, checks=CHECKS)

    send()
