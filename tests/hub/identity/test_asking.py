"""Asking the API as oneself: events are told as they come, and every way it may break off is a sentence."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from catalog.errors import DataHubError, DependencyError, IdentityError
from hub.identity.asking import ask_api, events
from hub.listening import Stage
from tests.hub.identity.answering import answering

ANSWER = {"text": "Five knots. [1]", "citations": [], "label": "internal"}


class Heard:
    def __init__(self) -> None:
        self.told: list[Any] = []

    def stage(self, stage: Stage, count: int = 0) -> None:
        self.told.append((stage, count))

    def piece(self, text: str) -> None:
        self.told.append(text)


def event(name: str, content: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(content)}\n\n".encode()


def asked(body: bytes, status: int = 200, kind: str = "text/event-stream") -> tuple[Any, Heard, dict[str, Any]]:
    heard, seen = Heard(), {}

    def answer(request: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
        seen.update(path=request.path, authorization=request.headers["Authorization"])
        return status, {"Content-Type": kind}, body

    with answering(answer) as address:
        try:
            return ask_api(address, "a-token", "How fast?", "research", heard), heard, seen
        except DataHubError as error:
            return error, heard, seen


def test_stages_and_pieces_are_told_and_the_end_is_returned() -> None:
    body = (
        event("stage", {"name": "looking", "count": 2})
        + b": still here\n\n"
        + event("piece", {"text": "Five "})
        + event("answer", ANSWER)
    )
    end, heard, seen = asked(body)
    assert end == ("answer", ANSWER)
    assert heard.told == [(Stage.LOOKING, 2), "Five "]
    assert seen == {"path": "/questions", "authorization": "Bearer a-token"}


def test_what_is_not_known_is_passed_over() -> None:
    strange = event("stage", {"name": "dreaming", "count": 1}) + event("stage", {}) + event("song", {"text": "la"})
    end, heard, _ = asked(strange + event("refusal", {"kind": "budget"}))
    assert end == ("refusal", {"kind": "budget"})
    assert heard.told == []


@pytest.mark.parametrize(
    ("body", "status", "kind", "error", "words"),
    [
        (b"{}", 401, "application/problem+json", IdentityError, "hub login"),
        (
            b'{"detail": "Your role does not come to do this."}',
            403,
            "application/problem+json",
            DependencyError,
            "role",
        ),
        (b"<html>", 502, "text/html", DependencyError, "502"),
        (event("piece", {"text": "Fi"}), 200, "text/event-stream", DependencyError, "broke off"),
        (b"", 200, "text/event-stream", DependencyError, "broke off"),
        (b"event: answer\ndata: [1]\n\n", 200, "text/event-stream", DependencyError, "can't be read"),
        (b"event: answer\ndata: {\n\n", 200, "text/event-stream", DependencyError, "can't be read"),
    ],
)
def test_each_way_it_may_break_off_is_a_sentence(
    body: bytes, status: int, kind: str, error: type[DataHubError], words: str
) -> None:
    end, _, _ = asked(body, status, kind)
    assert isinstance(end, error)
    assert words in str(end)


def test_an_api_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(DependencyError, match="hub status"):
        ask_api("http://127.0.0.1:9", "t", "x", "research", Heard())


def test_an_event_beyond_all_measure_is_refused() -> None:
    with pytest.raises(DependencyError, match="too long"):
        list(events(["event: answer", "data: " + "x" * (5 << 20), ""]))
