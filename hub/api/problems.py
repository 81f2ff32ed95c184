"""Catalog errors → problem documents (RFC 9457); forbidden and absent look alike, and no message holds text."""

from datetime import datetime
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    ClockError,
    ConflictError,
    DataHubError,
    IdentityError,
    InvalidError,
    InvalidTransitionError,
    NoPageError,
    NotAllowedError,
    NotFoundError,
    OutsideAccessError,
    ReasonNeededError,
    SettingsError,
    TooLargeError,
)
from hub.api.parts import part_of, sentence

BASE: Final = "https://sovereign-data-hub.example/problems/"
MEDIA_TYPE: Final = "application/problem+json"


class Fault(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong, for a program and for a person."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[Fault] | None = None
    refills_at: datetime | None = None
    part: str | None = None


#: Error → slug, status, title; the first that fits. What is not here came of a part that failed, or is a fault of ours.
KINDS: Final[tuple[tuple[type[Exception], str, int, str], ...]] = (
    (ClockError, "clock", 401, "Two clocks disagree"),
    (IdentityError, "signed-out", 401, "Sign in"),
    (OutsideAccessError, "outside-access", 403, "Not from here"),
    (NotAllowedError, "not-allowed", 403, "Not for your role"),
    (AccessDeniedError, "absent", 404, "Nothing here"),
    (NoPageError, "no-page", 404, "No page to show"),
    (NotFoundError, "absent", 404, "Nothing here"),
    (ConflictError, "conflict", 409, "Already there"),
    (InvalidTransitionError, "conflict", 409, "Not possible now"),
    (TooLargeError, "too-large", 413, "Too large"),
    (ReasonNeededError, "reason-needed", 422, "Say why you read it"),
    (InvalidError, "invalid", 422, "Not understood"),
    (SettingsError, "invalid", 422, "Not understood"),
    (BudgetExhaustedError, "budget", 429, "Reading budget used up"),
)
#: So many wrong fields are named, so that a small request makes no large answer.
MOST_FAULTS: Final = 20
LONGEST_FIELD: Final = 200
ABSENT: Final = "There is nothing by that name here, or it is not yours to know."
BROKEN: Final = (
    "Something in the hub went wrong. Nothing was changed. Try again; if it stays, tell its operator the id."
)

#: What every operation may answer besides, for the OpenAPI.
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": title}
    for status, title in {
        401: "Sign in",
        403: "Not for your role",
        404: "Nothing here",
        409: "Not possible now",
        413: "Too large",
        422: "Not understood",
        429: "Reading budget used up",
        503: "A part is not running",
    }.items()
}


def install(app: FastAPI) -> None:
    """Translate every error at this one place."""
    app.add_exception_handler(DataHubError, _on_ours)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


def problem(  # noqa: PLR0913  # the members of a problem document
    request: Request,
    slug: str,
    status: int,
    title: str,
    detail: str,
    *,
    errors: list[Fault] | None = None,
    refills_at: datetime | None = None,
    part: str | None = None,
) -> JSONResponse:
    """Return the document as a response."""
    found = Problem(
        type=BASE + slug,
        title=title,
        status=status,
        detail=detail,
        request_id=request.scope.get("state", {}).get("request_id", ""),
        errors=errors,
        refills_at=refills_at,
        part=part,
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004  # RFC 6750
    return JSONResponse(found.model_dump(mode="json", exclude_none=True), status, headers, MEDIA_TYPE)


async def _on_ours(request: Request, error: Exception) -> JSONResponse:
    for kind, slug, status, title in KINDS:
        if isinstance(error, kind):
            detail = ABSENT if slug == "absent" else str(error)
            refills_at = error.refills_at if isinstance(error, BudgetExhaustedError) else None
            return problem(request, slug, status, title, detail, refills_at=refills_at)
    part = part_of(error)
    if part is None:
        return fault(request)
    return problem(request, "unavailable", 503, "A part is not running", sentence(part), part=part)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it alone
    faults = [Fault(field=_name(one["loc"]), message=one["msg"]) for one in error.errors()[:MOST_FAULTS]]
    return problem(request, "invalid", 422, "Not understood", "A value in the request is not one it takes.",
                   errors=faults)  # fmt: skip


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for it alone
    if error.status_code == 404:  # noqa: PLR2004  # no such route
        return problem(request, "absent", 404, "Nothing here", ABSENT)
    found = problem(request, "invalid", error.status_code, "Not understood", str(error.detail))
    found.headers.update(error.headers or {})  # 405 names what is allowed
    return found


def fault(request: Request) -> JSONResponse:
    """Return what is said of a fault of ours: nothing of the fault, whose words may hold values."""
    return problem(request, "fault", 500, "A fault of the hub", BROKEN)


def _name(place: tuple[int | str, ...]) -> str:
    """Return a field's name; a caller may have made it up, of half characters too."""
    return ".".join(map(str, place)).encode(errors="replace").decode()[:LONGEST_FIELD]
