"""The OpenAPI document as the API really answers: problems by status, examples, and what a response carries besides."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI

from hub.api.examples import ANSWERS, PARAMETERS
from hub.api.problems import ABSENT, BASE, BROKEN, MEDIA_TYPE

#: Status → slug, title, detail of the problem an operation answers with.
PROBLEMS: Final[Mapping[str, tuple[str, str, str]]] = {
    "400": ("invalid", "Not understood", "There was an error parsing the body"),
    "401": ("signed-out", "Sign in", "Your sign-in could not be verified. Sign in again."),
    "403": ("not-allowed", "Not for your role", "Your role does not come to do this."),
    "404": ("absent", "Nothing here", ABSENT),
    "409": ("conflict", "Already there", "Something by that name is already there."),
    "413": ("too-large", "Too large", "A request may have at most 65536 bytes."),
    "422": ("invalid", "Not understood", "A value in the request is not one it takes."),
    "429": ("budget", "Reading budget used up", "Your reading budget for these datasets is used up."),
    "500": ("fault", "A fault of the hub", BROKEN),
    "503": ("unavailable", "A part is not running", "The database can't be reached, or is too busy."),
}
#: What a problem of this status says besides.
BESIDES: Final[Mapping[str, dict[str, Any]]] = {
    "422": {"errors": [{"field": "body.purpose", "message": "Field required"}]},
    "429": {"refills_at": "2026-03-02T00:00:00Z"},
    "503": {"part": "database"},
}
#: Each event of a stream.
EVENT: Final = {
    "type": "object",
    "properties": {
        "event": {"enum": ["stage", "piece", "answer", "refusal"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "data"],
}
EXAMPLE_ID: Final = "0d1f6b5e-3f0c-4b3a-9a52-2f8f6a1f7c11"
REQUEST_ID: Final = {
    "X-Request-ID": {"description": "The request, as the log names it.", "schema": {"type": "string", "format": "uuid"}}
}


class Described(FastAPI):
    """An application whose OpenAPI document is complete."""

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what FastAPI can't know."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            name = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                parameter.setdefault("example", PARAMETERS[parameter["name"]])
            operation["responses"] = dict(_responses(name, operation))
    return document


def _responses(name: str, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield status, {**response, **_answer(name, response)}
    for status in sorted(may_answer(name, operation)):
        yield status, {"description": PROBLEMS[status][1], "headers": REQUEST_ID, "content": _problem(status)}


def _answer(name: str, response: dict[str, Any]) -> dict[str, Any]:
    content = response.get("content", {})
    for kind, body in content.items():
        if kind == "application/json":
            body["example"] = ANSWERS[name]
        else:
            body["schema"] = EVENT if kind == "text/event-stream" else {"type": "string", "format": "binary"}
    return {"headers": {**response.get("headers", {}), **REQUEST_ID}, **({"content": content} if content else {})}


def _problem(status: str) -> dict[str, Any]:
    slug, title, detail = PROBLEMS[status]
    said = {"type": BASE + slug, "title": title, "status": int(status), "detail": detail, "request_id": EXAMPLE_ID}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {MEDIA_TYPE: {"schema": schema, "example": {**said, **BESIDES.get(status, {})}}}


def may_answer(name: str, operation: Mapping[str, Any]) -> set[str]:
    """Return the problems an operation may answer with."""
    method, _, path = name.partition(" ")
    tags, parameters = set(operation["tags"]), {one["name"] for one in operation.get("parameters", [])}
    found = {"400", "413", "500", "503"}
    if "security" in operation:
        found |= {"401", "403"}
    if parameters or "requestBody" in operation:
        found |= {"422"}
    if "{" in path or "dataset" in parameters or path in {"/me", "/system", "/search", "/residency/preview"}:
        found |= {"404"}
    if method in {"POST", "PATCH"} and tags & {"datasets", "documents"}:
        found |= {"409"}
    if method == "POST" and (tags & {"access", "programs"} or path.endswith("/acknowledgement")):
        found |= {"404", "409"}
    if "{passage_id}" in path:
        found |= {"429"}
    return found
