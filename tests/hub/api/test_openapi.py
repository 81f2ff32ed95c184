"""The OpenAPI document is complete, its examples are what it says, and a command prints it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hub.api.problems import MEDIA_TYPE, Problem
from hub.app import create_app, document
from tests.hub.api.conftest import AT_HOME, Door
from tests.hub.commands.terminal import hub

DOCUMENT = document()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
#: Says what it is in words of its own: no schema of ours describes it.
NOT_JSON = {
    "GET /passages/{passage_id}/page": {"image/png"},
    "POST /questions": {"text/event-stream"},
    "GET /residency/report": {"application/json", "text/csv", "text/html"},
}


def fits(example: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(example)] == []


def test_the_document_is_the_running_apis(door: Door) -> None:
    assert create_app(door.hub, AT_HOME).openapi() == DOCUMENT
    assert len(OPERATIONS) >= 20
    assert DOCUMENT["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_does_and_who_may_call_it(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"].endswith(".")
    assert len(operation["tags"]) == 1
    assert operation["operationId"]
    assert ("security" in operation) == (name not in {"GET /health", "POST /sessions/ended"})


def test_operations_have_names_of_their_own() -> None:
    assert len({operation["operationId"] for operation in OPERATIONS.values()}) == len(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_value_that_goes_in_has_an_example_that_fits(name: str) -> None:
    for parameter in OPERATIONS[name].get("parameters", []):
        fits(parameter["example"], parameter["schema"])
    for kind, body in OPERATIONS[name].get("requestBody", {}).get("content", {}).items():
        if kind == "application/json":
            schema = DOCUMENT["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
            fits(schema["examples"][0], body["schema"])
        elif kind == "application/x-www-form-urlencoded":
            fits({"logout_token": "a.b.c"}, body["schema"])
        else:
            assert body["schema"] == {"type": "string", "format": "binary"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_has_an_example_that_fits(name: str) -> None:
    (status,) = [one for one in OPERATIONS[name]["responses"] if one.startswith("2")]
    response = OPERATIONS[name]["responses"][status]
    assert "X-Request-ID" in response["headers"]
    if status == "204":
        assert "content" not in response
        return
    assert response["content"].keys() == NOT_JSON.get(name, {"application/json"})
    for kind, body in response["content"].items():
        if kind == "application/json":
            fits(body["example"], body["schema"])
        else:
            assert body["schema"]["type"] == ("object" if kind == "text/event-stream" else "string")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_problem_is_a_problem_document_with_an_example_that_fits(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    problems = {status: one for status, one in responses.items() if not status.startswith("2")}
    assert {"400", "413", "500", "503"} <= set(problems)
    assert ({"401", "403"} <= set(problems)) == ("security" in OPERATIONS[name])
    for status, response in problems.items():
        ((kind, body),) = response["content"].items()
        assert kind == MEDIA_TYPE
        assert body["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert Problem.model_validate(body["example"]).status == int(status)


def test_the_only_words_about_people_are_made_up() -> None:
    text = json.dumps(DOCUMENT)
    for word in ("/tmp", "localhost", "127.0.0.1", "password", ".sock"):  # noqa: S108
        assert word not in text


def test_a_command_prints_it_and_needs_no_hub(tmp_path: Path) -> None:
    for flags in ((), ("--json",)):
        said = hub(tmp_path / "absent", "openapi", *flags)
        assert (said.code, said.json["paths"].keys()) == (0, DOCUMENT["paths"].keys())
    assert not (tmp_path / "absent").exists()
