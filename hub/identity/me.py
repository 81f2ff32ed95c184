"""Asks the API who a token speaks for, and to give an agent leave."""

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx

from catalog.errors import DataHubError, DependencyError, IdentityError

MAX_ANSWER_BYTES: Final = 256 << 10
PROBLEM: Final = "application/problem+json"


def who_am_i(api_url: str, token: str, *, timeout_s: float = 10.0) -> dict[str, Any]:
    """Return the API's answer to `/me`; IdentityError when it doesn't take the token, DependencyError without it."""
    return _said("GET", f"{api_url}/me", token, timeout_s=timeout_s)


def admit(api_url: str, token: str, *, name: str, purpose: str, timeout_s: float = 30.0) -> dict[str, Any]:
    """Return the token of an agent that may ask for this person; raises what `who_am_i` raises."""
    body = {"name": name, "purpose": purpose}
    return _said("POST", f"{api_url}/agents", token, timeout_s=timeout_s, body=body)


def _said(
    method: str, address: str, token: str, *, timeout_s: float, body: Mapping[str, str] | None = None
) -> dict[str, Any]:
    api_url, headers = address.rpartition("/")[0], {"Authorization": f"Bearer {token}"}
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
        raise DependencyError(
            f"The API does not answer at {api_url} ({type(error).__name__}). Look with `hub status`."
        ) from error
    said = _read(bytes(told))
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
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return IdentityError("The hub does not take your sign-in. Run `hub login` again.")
    is_problem = answer.headers.get("content-type", "").startswith(PROBLEM)
    detail = f" {str(said.get('detail', ''))[:300]}" if is_problem else ""
    return DependencyError(f"The API did not answer as asked ({answer.status_code}).{detail}")
