"""What can go wrong on the way to the API, by the slug of its problem document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: The slugs the wording knows; whatever else comes is "unexpected".
SLUGS: Final = frozenset(
    {
        "signed-out",
        "clock",
        "not-allowed",
        "outside-access",
        "absent",
        "conflict",
        "invalid",
        "reason-needed",
        "too-large",
        "budget",
        "unavailable",
    }
)
#: When a status comes without a problem document.
BY_STATUS: Final = {
    401: "signed-out",
    403: "not-allowed",
    404: "absent",
    409: "conflict",
    413: "too-large",
    422: "invalid",
    429: "budget",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
}


@dataclass(kw_only=True, eq=False)  # not frozen: Python writes an exception's traceback onto it
class ApiError(Exception):
    """The API could not do it; `slug` says why, in a word the wording has a sentence for."""

    slug: str
    detail: str = ""
    request_id: str = ""
    part: str = ""
    refills_at: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


class SignedOutError(ApiError):
    """The token is no longer good: sign in again, quietly where the issuer still knows the person."""


def problem(status: int, document: Any, request_id: str = "") -> ApiError:  # noqa: ANN401  # whatever JSON came
    """Return the error a response stands for."""
    told: Mapping[str, Any] = document if isinstance(document, dict) else {}
    slug = str(told.get("type", "")).rpartition("/")[2]
    if slug not in SLUGS:
        slug = BY_STATUS.get(status, "unexpected")
    errors = told.get("errors")
    fields = {
        str(one.get("field", "")): str(one.get("message", ""))
        for one in (errors if isinstance(errors, list) else [])
        if isinstance(one, dict)
    }
    kind = SignedOutError if slug == "signed-out" else ApiError
    return kind(
        slug=slug,
        detail=str(told.get("detail") or ""),
        request_id=str(told.get("request_id") or request_id),
        part=str(told.get("part") or ""),
        refills_at=told.get("refills_at"),
        fields=fields,
    )
