"""Asks the API a question with one's own token, and hears the events of the answer."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import httpx

from catalog.errors import DependencyError, IdentityError
from hub.identity.me import PROBLEM, unanswered
from hub.listening import Listener, Stage

#: The model may be silent so long while it reads.
SILENT_S: Final = 300.0
MAX_EVENT_CHARACTERS: Final = 4 << 20
ENDS: Final = ("answer", "refusal")


def ask_api(api_url: str, token: str, question: str, purpose: str, tell: Listener) -> tuple[str, dict[str, Any]]:
    """Return `answer` or `refusal` and what it says, telling `tell` meanwhile.

    Raises IdentityError when the API doesn't take the token, DependencyError when it can't be had or breaks off.
    """
    body = {"question": question, "purpose": purpose}
    try:
        with (
            httpx.Client(timeout=httpx.Timeout(10.0, read=SILENT_S), trust_env=False, follow_redirects=False) as http,
            http.stream(
                "POST", f"{api_url}/questions", json=body, headers={"Authorization": f"Bearer {token}"}
            ) as said,
        ):
            if said.status_code != httpx.codes.OK:
                said.read()
                raise _problem(said)
            for name, content in events(said.iter_lines()):
                if name in ENDS:
                    return name, content
                _tell(name, content, tell)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unanswered(api_url, error) from error
    raise DependencyError("The API broke off in the middle of an answer. Ask again; what was read stays free.")


def events(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of each server-sent event; DependencyError for what is none."""
    name, data = "", ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and name:
            if len(data) > MAX_EVENT_CHARACTERS:
                raise DependencyError("The API's answer is too long.")
            try:
                content = json.loads(data)
            except (ValueError, RecursionError):
                content = None
            if not isinstance(content, dict):
                raise DependencyError("The API's answer can't be read. Is HUB_API_URL the hub's API?")
            yield name, content
            name, data = "", ""


def _tell(name: str, content: dict[str, Any], tell: Listener) -> None:
    match name, content:
        case "stage", {"name": str(stage), "count": int(count)} if stage in set(Stage):
            tell.stage(Stage(stage), count)
        case "piece", {"text": str(text)}:
            tell.piece(text)


def _problem(said: httpx.Response) -> IdentityError | DependencyError:
    if said.status_code == httpx.codes.UNAUTHORIZED:
        return IdentityError("The hub does not take your sign-in. Run `hub login` again.")
    is_problem = said.headers.get("content-type", "").startswith(PROBLEM)
    detail = str(said.json().get("detail", ""))[:300] if is_problem else ""
    return DependencyError(f"The API did not take the question ({said.status_code}). {detail}".rstrip())
