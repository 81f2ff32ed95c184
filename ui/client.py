"""The only HTTP of the UI: the API over its UNIX socket, with the person's own access token on every call."""

import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import httpx
from pydantic import ValidationError

from ui.events import Answering
from ui.problems import ApiError, problem
from ui.shapes.base import Shape
from ui.shapes.bounding import Alert, Alerts, Meter, Meters, Reach, StepUp, StepUps
from ui.shapes.holding import Affected, Dataset, Document, PublicMetadata, Submission, Submitted
from ui.shapes.keeping import AuditEvent, Board, Finding, Findings, Key, ServiceAccount, System, Violation
from ui.shapes.law import Effect, Explanation, Preview
from ui.shapes.reading import Asked, AskedAgain, Found, Me, Passage

S = TypeVar("S", bound=Shape)

#: The host name is for the protocol only: the socket decides who hears it.
BASE: Final = "http://api"
CHUNK: Final = 1024 * 1024
#: So much the API marks on a page.
MARK_MAX_CHARACTERS: Final = 2_000
Json = Mapping[str, Any]


@cache
def connections(socket: Path, timeout_s: float) -> httpx.Client:
    """Return the process' pool of connections; it knows no person."""
    limits = httpx.Limits(max_connections=64)
    transport = httpx.HTTPTransport(uds=str(socket), limits=limits, verify=_no_authority())
    return httpx.Client(transport=transport, base_url=BASE, timeout=timeout_s, trust_env=False)


class Api:
    """The API as one person sees it.

    Every method raises ApiError, SignedOutError where the token is not good any more.
    """

    def __init__(self, *, socket: Path, token: str, timeout_s: float = 30.0, answer_timeout_s: float = 300.0) -> None:
        self._http = connections(socket, timeout_s)
        self._socket = socket
        self._headers = {"Authorization": f"Bearer {token}"}
        self._answer_timeout = httpx.Timeout(timeout_s, read=answer_timeout_s)

    def me(self) -> Me:
        """Return who is signed in."""
        return self._one(Me, "GET", "/me")

    def ask(self, question: str, purpose: str, conversation: str | None) -> Answering:
        """Begin to ask; enter the result to hear what happens."""
        body = {"question": question, "purpose": purpose}
        if conversation:
            body["conversation_id"] = conversation
        return Answering(lambda: self._stream("/questions", body))

    def questions(self, cursor: str | None = None) -> tuple[list[Asked], str | None]:
        """Return a page of one's own history, newest first, and where the next begins."""
        return self._page(Asked, "/questions", {"cursor": cursor, "limit": 30})

    def question(self, one: str) -> AskedAgain:
        """Return an earlier question again, with its answer where that may still be read."""
        return self._one(AskedAgain, "GET", f"/questions/{_part(one)}")

    def feedback(self, question: str, *, useful: bool, note: str = "") -> None:
        """Say whether an answer was useful."""
        body = {"useful": useful, **({"note": note[:500]} if note else {})}
        self._call("POST", f"/questions/{_part(question)}/feedback", json=body)

    def search(self, query: str, purpose: str, *, filters: Json, limit: int = 10) -> Found:
        """Find passages; each one shown is charged."""
        body = {"query": query, "purpose": purpose, "limit": limit, "filters": {k: v for k, v in filters.items() if v}}
        return self._one(Found, "POST", "/search", json=body)

    def passage(self, one: str, purpose: str) -> Passage:
        """Read a passage."""
        return self._one(Passage, "GET", f"/passages/{_part(one)}", params={"purpose": purpose})

    def page(self, passage: str, purpose: str, page: int, mark: str = "") -> bytes:
        """Return the picture of a passage's page as PNG, the words of `mark` marked; its passages are charged."""
        asked = {"purpose": purpose, "page": page, "mark": mark[:MARK_MAX_CHARACTERS]}
        return self._call("GET", f"/passages/{_part(passage)}/page", params=asked).content

    def datasets(self) -> list[Dataset]:
        """Return every card this person may see."""
        return self._all(Dataset, "/datasets")

    def dataset(self, slug: str) -> Dataset:
        """Return one card."""
        return self._one(Dataset, "GET", f"/datasets/{_part(slug)}")

    def create_dataset(self, fields: Json) -> Dataset:
        """Register a dataset for one's own organisation."""
        return self._one(Dataset, "POST", "/datasets", json=dict(fields))

    def change_dataset(self, slug: str, fields: Json) -> Dataset:
        """Change a dataset's card or tags."""
        return self._one(Dataset, "PATCH", f"/datasets/{_part(slug)}", json=dict(fields))

    def would_touch(self, slug: str) -> Affected:
        """Return what a change of this dataset's tags would touch."""
        return self._one(Affected, "GET", f"/datasets/{_part(slug)}/effect")

    def public_metadata(self, slug: str) -> PublicMetadata:
        """Return what is public of an own dataset, and who looked at it last."""
        return self._one(PublicMetadata, "GET", f"/datasets/{_part(slug)}/public-metadata")

    def review_public_metadata(self, slug: str, digest: str) -> None:
        """Say that one has looked at it, as that digest names it."""
        self._call("POST", f"/datasets/{_part(slug)}/public-metadata/reviews", json={"digest": digest})

    def documents(self, dataset: str) -> list[Document]:
        """Return the files of a dataset, for its steward."""
        return self._all(Document, "/documents", {"dataset": dataset})

    def submit(self, dataset: str, name: str, content: IO[bytes], submission: str | None, tags: Json) -> Submitted:
        """Hand a file in, piece by piece, with tags of its own."""
        params = {"dataset": dataset, "name": name, **({"submission": submission} if submission else {}), **tags}
        pieces = iter(lambda: content.read(CHUNK), b"")
        return self._one(Submitted, "POST", "/documents", params=params, content=pieces)

    def submission(self, one: str) -> Submission:
        """Return how far a submission is."""
        return self._one(Submission, "GET", f"/documents/submissions/{_part(one)}")

    def withdraw(self, document: str, reason: str) -> None:
        """Take a document out."""
        self._call("POST", f"/documents/{_part(document)}/withdrawal", json={"reason": reason})

    def tag_document(self, document: str, tags: Json) -> None:
        """Put these in place of a document's own tags; none: its dataset's hold."""
        self._call("POST", f"/documents/{_part(document)}/tags", json=dict(tags))

    def release(self, document: str, reason: str, tags: Json) -> None:
        """Let a held document go on, with these tags of its own."""
        body = {"reason": reason, **({"tags": dict(tags)} if tags else {})}
        self._call("POST", f"/documents/{_part(document)}/release", json=body)

    def refuse(self, document: str, reason: str) -> None:
        """Refuse a held document for good."""
        self._call("POST", f"/documents/{_part(document)}/refusal", json={"reason": reason})

    def budget(self, purpose: str) -> tuple[Meter, ...]:
        """Return what is left to read of each dataset."""
        return self._one(Meters, "GET", "/budget", params={"purpose": purpose}).items

    def step_ups(self) -> tuple[StepUp, ...]:
        """Return what one asked owners for, newest first."""
        return self._one(StepUps, "GET", "/step-ups").items

    def ask_for_more(self, dataset: str, purpose: str, characters: int, reason: str) -> None:
        """Ask a dataset's owner for more."""
        body = {"dataset": dataset, "purpose": purpose, "characters": characters, "reason": reason}
        self._call("POST", "/step-ups", json=body)

    def step_ups_to_decide(self) -> tuple[StepUp, ...]:
        """Return what waits for the steward's word, oldest first."""
        return self._one(StepUps, "GET", "/step-ups/waiting").items

    def decide_step_up(self, one: str, *, granted: bool) -> None:
        """Say yes or no, once."""
        self._call("POST", f"/step-ups/{_part(one)}/decision", json={"granted": granted})

    def reach(self, slug: str) -> Reach:
        """Return how much of a dataset can ever be read."""
        return self._one(Reach, "GET", f"/datasets/{_part(slug)}/ceiling")

    def set_ceiling(self, slug: str, share: float, confirmed: int | None) -> Reach:
        """Set the owner's ceiling; `confirmed`: the new figure, where more becomes readable."""
        body = {"share": share, "confirm": confirmed}
        return self._one(Reach, "PATCH", f"/datasets/{_part(slug)}/ceiling", json=body)

    def alerts(self) -> tuple[Alert, ...]:
        """Return what was noticed, newest first."""
        return self._one(Alerts, "GET", "/alerts").items

    def acknowledge(self, alert: str, note: str) -> None:
        """Say, once, what an alert was."""
        self._call("POST", f"/alerts/{_part(alert)}/acknowledgement", json={"note": note})

    def residency(self) -> Board:
        """Return where every dataset is stored, processed and reached from."""
        return self._one(Board, "GET", "/residency")

    def violations(self, filters: Mapping[str, str | None]) -> tuple[list[Violation], str | None]:
        """Return what residency refused, newest first, and where the next page begins."""
        return self._page(Violation, "/residency/violations", filters)

    def findings(self) -> tuple[Finding, ...]:
        """Return what lies where it may not."""
        return self._one(Findings, "GET", "/residency/findings").items

    def preview(self, change: Json) -> tuple[Effect, ...]:
        """Return what other tags of any dataset, or another place of a part, would break."""
        return self._one(Preview, "POST", "/residency/preview", json=dict(change)).items

    def own_preview(self, slug: str, tags: Json) -> Effect:
        """Return what other tags of an own dataset would break."""
        return self._one(Effect, "POST", f"/datasets/{_part(slug)}/preview", json=dict(tags))

    def explanation(self, slug: str, person: str, purpose: str) -> Explanation:
        """Return why a person may or may not ask a dataset."""
        asked = {"dataset": slug, "person": person, "purpose": purpose}
        return self._one(Explanation, "GET", "/residency/explanations", params=asked)

    def own_explanation(self, slug: str, person: str, purpose: str, document: str | None) -> Explanation:
        """Return the same for an own dataset, or a document of it, of somebody whom its grants name."""
        asked = {"person": person, "purpose": purpose, **({"document_id": document} if document else {})}
        return self._one(Explanation, "GET", f"/datasets/{_part(slug)}/explanations", params=asked)

    def report(self, asked: Mapping[str, str | None]) -> bytes:
        """Return the residency report of a period, in a format and a language."""
        return self._call("GET", "/residency/report", params={k: v for k, v in asked.items() if v}).content

    def audit(self, filters: Mapping[str, str | date | None]) -> tuple[list[AuditEvent], str | None]:
        """Return a page of the ledger, newest first, and where the next begins."""
        return self._page(AuditEvent, "/audit", filters)

    def end_sessions(self, person: str) -> None:
        """End every session a person has begun until now."""
        self._call("POST", f"/people/{_part(person)}/sign-out")

    def service_accounts(self) -> list[ServiceAccount]:
        """Return the accounts of programs, removed ones too."""
        return self._page(ServiceAccount, "/service-accounts", {})[0]

    def open_service_account(self, fields: Json) -> Key:
        """Open an account for a program."""
        return self._one(Key, "POST", "/service-accounts", json=dict(fields))

    def new_service_key(self, slug: str) -> Key:
        """Make a program's key anew; the one before it ends."""
        return self._one(Key, "POST", f"/service-accounts/{_part(slug)}/key")

    def remove_service_account(self, slug: str) -> None:
        """Remove a program's account for good."""
        self._call("POST", f"/service-accounts/{_part(slug)}/removal")

    def system(self) -> System:
        """Return what runs here."""
        return self._one(System, "GET", "/system")

    def _one(self, shape: type[S], method: str, path: str, **how: Any) -> S:  # noqa: ANN401  # httpx's arguments
        return _shaped(shape, self._call(method, path, **how).json())

    def _page(self, shape: type[S], path: str, params: Mapping[str, Any]) -> tuple[list[S], str | None]:
        told = self._call("GET", path, params={k: v for k, v in params.items() if v}).json()
        if not isinstance(told, dict):
            raise ApiError(slug="unexpected", detail=f"{path} is no list")
        return [_shaped(shape, one) for one in told.get("items", [])], told.get("next")

    def _all(self, shape: type[S], path: str, params: Mapping[str, Any] | None = None) -> list[S]:
        found, cursor = self._page(shape, path, {**(params or {}), "limit": 100})
        while cursor:
            more, cursor = self._page(shape, path, {**(params or {}), "limit": 100, "cursor": cursor})
            found += more
        return found

    def _call(self, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401
        with _reached():
            response = self._http.request(method, path, headers=self._headers, **how)
            _checked(response)
        return response

    @asynccontextmanager
    async def _stream(self, path: str, body: Json) -> AsyncIterator[AsyncIterator[str]]:
        transport = httpx.AsyncHTTPTransport(uds=str(self._socket), verify=_no_authority())
        with _reached():
            async with (
                httpx.AsyncClient(
                    transport=transport, base_url=BASE, timeout=self._answer_timeout, trust_env=False
                ) as http,
                http.stream(
                    "POST", path, json=dict(body), headers={**self._headers, "Accept": "text/event-stream"}
                ) as response,
            ):
                if response.is_error:
                    await response.aread()
                _checked(response)
                yield response.aiter_lines()


def _no_authority() -> ssl.SSLContext:
    """Return what trusts nobody: no TLS is spoken on a socket, and reading the system's authorities takes 17 ms."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def _reached() -> Iterator[None]:
    """Translate what httpx says about the way there."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ApiError(slug="slow", part="api") from error
    except httpx.HTTPError as error:
        raise ApiError(slug="unavailable", part="api") from error


def _checked(response: httpx.Response) -> None:
    if response.is_success:
        return
    try:
        document = response.json()
    except ValueError:
        document = None
    raise problem(response.status_code, document, response.headers.get("x-request-id", ""))


def _shaped(shape: type[S], told: Any) -> S:  # noqa: ANN401  # whatever JSON came
    try:
        return shape.model_validate(told)
    except ValidationError as error:
        raise ApiError(slug="unexpected", detail=f"{shape.__name__}: {error.error_count()} fields") from error


def _part(value: str) -> str:
    """Keep a value inside its segment of the path."""
    from urllib.parse import quote

    return quote(value, safe="")
