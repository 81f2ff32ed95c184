"""Asks the API as oneself: who a token speaks for, leave for an agent, what an admin keeps."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from catalog.errors import (
    ClockError,
    ConflictError,
    DataHubError,
    DependencyError,
    IdentityError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)

MAX_ANSWER_BYTES: Final = 256 << 10
PROBLEM: Final = "application/problem+json"
#: What a problem of this status is; the sentence is the API's own.
KINDS: Final[Mapping[int, type[DataHubError]]] = {
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    422: InvalidError,
}


def who_am_i(api_url: str, token: str, *, timeout_s: float = 10.0) -> dict[str, Any]:
    """Return the API's answer to `/me`; IdentityError when it doesn't take the token, DependencyError without it."""
    return call(api_url, token, "GET", "/me", timeout_s=timeout_s)


def admit(api_url: str, token: str, *, name: str, purpose: str) -> dict[str, Any]:
    """Return the token of an agent that may ask for this person; raises what `call` raises."""
    return call(api_url, token, "POST", "/agents", {"name": name, "purpose": purpose})


def unanswered(api_url: str, error: Exception) -> DependencyError:
    """Return what is said where the API can't be had, and what to do."""
    return DependencyError(
        f"The API does not answer at {api_url} ({type(error).__name__}). Look with `hub status`, and "
        "set HUB_API_URL where it is at another address."
    )


def call(  # noqa: PLR0913  # what a request is made of
    api_url: str,
    token: str,
    method: str,
    path: str,
    body: Mapping[str, str] | None = None,
    *,
    timeout_s: float = 30.0,
) -> dict[str, Any]:
    """Return the API's answer, empty for one without a body; the error its problem stands for, DependencyError else."""
    address, headers = f"{api_url}{quote(path)}", {"Authorization": f"Bearer {token}"}
    try:
        with (
            httpx.Client(timeout=timeout_s, trust_env=False, follow_redirects=False) as http,
            http.stream(method, address, headers=headers, json=body) as answer,
        ):
            told = bytearray()
            for piece in answer.iter_bytes():
                told += piece
                if len(told) > MAX_ANSWER_BYTES:
                    raise DependencyError("The API's answer is too long.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unanswered(api_url, error) from error
    said = {} if answer.status_code == httpx.codes.NO_CONTENT else _read(bytes(told))
    if answer.is_success:
        return said
    raise _problem(answer, said)


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise DependencyError("The API's answer can't be read. Is HUB_API_URL the hub's API?")
    return said


def _problem(answer: httpx.Response, said: dict[str, Any]) -> DataHubError:
    is_problem = answer.headers.get("content-type", "").startswith(PROBLEM)
    detail = str(said.get("detail", ""))[:300] if is_problem else ""
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        if str(said.get("type", "")).endswith("/clock"):
            return ClockError(detail)  # signing in again would change nothing
        return IdentityError("The hub does not take your sign-in. Run `hub login` again.")
    if detail and (kind := KINDS.get(answer.status_code)):
        return kind(detail)
    return DependencyError(f"The API did not answer as asked ({answer.status_code}). {detail}".rstrip())
