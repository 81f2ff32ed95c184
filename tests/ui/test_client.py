"""The one way to the API: the person's own token on every call, every failure a word the wording knows."""

import io
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.peer import api as peer
from tests.ui.peer import content
from ui.client import Api
from ui.problems import SLUGS, ApiError, SignedOutError
from ui.shapes.reading import Answer, Piece, Refusal, Stage


def of(who: str, socket_path: Path, **how: float) -> Api:
    return Api(socket=socket_path, token=f"{who}.token", **how)


@pytest.fixture
def api(api_socket: Path, said: peer.Said) -> Api:  # noqa: ARG001
    return of("ada", api_socket, timeout_s=5)


def caught(act: Callable[[], Any]) -> ApiError:
    with pytest.raises(ApiError) as error:
        act()
    return error.value


CALLS: dict[str, Callable[[Api], Any]] = {
    "me": lambda api: api.me(),
    "questions": lambda api: api.questions(),
    "question": lambda api: api.question("q1"),
    "feedback": lambda api: api.feedback("q1", useful=True),
    "search": lambda api: api.search("x", "research", filters={}),
    "passage": lambda api: api.passage("p1", "research"),
    "page": lambda api: api.page("p1", "research", 1),
    "datasets": lambda api: api.datasets(),
    "dataset": lambda api: api.dataset("tide-gauges"),
    "create": lambda api: api.create_dataset({"title": "x", "classification": "public"}),
    "change": lambda api: api.change_dataset("tide-gauges", {"listed": False}),
    "touch": lambda api: api.would_touch("tide-gauges"),
    "documents": lambda api: api.documents("tide-gauges"),
    "public": lambda api: api.public_metadata("tide-gauges"),
    "look": lambda api: api.review_public_metadata("tide-gauges", "0f" * 32),
    "submit": lambda api: api.submit("tide-gauges", "a.txt", io.BytesIO(b"x"), None, {"classification": "secret"}),
    "submission": lambda api: api.submission("s1"),
    "withdraw": lambda api: api.withdraw("d1", "old"),
    "tag": lambda api: api.tag_document("d1", {"classification": "secret"}),
    "release": lambda api: api.release("d1", "It is fine.", {}),
    "refuse": lambda api: api.refuse("d1", "Not here."),
    "budget": lambda api: api.budget("research"),
    "step-ups": lambda api: api.step_ups(),
    "more": lambda api: api.ask_for_more("tide-gauges", "research", 10, "A test."),
    "to-decide": lambda api: api.step_ups_to_decide(),
    "decide": lambda api: api.decide_step_up("m1", granted=True),
    "reach": lambda api: api.reach("tide-gauges"),
    "ceiling": lambda api: api.set_ceiling("tide-gauges", 0.6, 288_000),
}
OVERSIGHT: dict[str, Callable[[Api], Any]] = {
    "residency": lambda api: api.residency(),
    "audit": lambda api: api.audit({"type": None}),
    "system": lambda api: api.system(),
    "sessions": lambda api: api.end_sessions("ada"),
    "programs": lambda api: api.service_accounts(),
    "a program": lambda api: api.open_service_account({"slug": "x"}),
    "a new key": lambda api: api.new_service_key("x"),
    "a removal": lambda api: api.remove_service_account("x"),
    "alerts": lambda api: api.alerts(),
    "acknowledge": lambda api: api.acknowledge("a1", "Asked."),
}


@pytest.mark.parametrize("name", CALLS)
def test_every_call_carries_the_persons_own_token(name: str, api: Api, said: peer.Said) -> None:
    CALLS[name](api)
    assert {who for who, _, _ in said.calls} == {"ada"}


def test_nothing_else_a_visitor_might_have_written_goes_with_it(api: Api, said: peer.Said) -> None:
    """The API knows the network zone by the socket this process was given: a visitor adds no header to a call."""
    for act in CALLS.values():
        act(api)
    usual = {"host", "accept", "accept-encoding", "connection", "user-agent", "authorization"}
    assert said.headers <= usual | {"content-type", "content-length", "transfer-encoding"}


@pytest.mark.parametrize("name", OVERSIGHT)
def test_oversight_carries_it_too(name: str, api_socket: Path, said: peer.Said) -> None:
    OVERSIGHT[name](of("anton", api_socket))
    assert {who for who, _, _ in said.calls} == {"anton"}


def test_two_people_on_the_same_connections_are_two_people(api_socket: Path, said: peer.Said) -> None:
    for who in ("ada", "mia", "ada"):
        assert of(who, api_socket).me().slug == who
    assert [who for who, _, _ in said.calls] == ["ada", "mia", "ada"]


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_a_problem_document_becomes_its_slug(slug: str, api: Api, said: peer.Said) -> None:
    said.fails["GET /datasets"] = peer.problem(400, slug, refills_at="2026-12-01T00:00:00Z", part="model")
    error = caught(api.datasets)
    assert (error.slug, error.request_id, error.part) == (slug, "r-1", "model")
    assert isinstance(error, SignedOutError) == (slug == "signed-out")


@pytest.mark.parametrize(
    ("status", "slug"),
    [
        (401, "signed-out"),
        (403, "not-allowed"),
        (404, "absent"),
        (413, "too-large"),
        (503, "unavailable"),
        (500, "unexpected"),
    ],
)
def test_a_failure_without_a_document_is_told_by_its_status(status: int, slug: str, api: Api, said: peer.Said) -> None:
    said.fails["GET /datasets"] = (status, {})
    assert caught(api.datasets).slug == slug


def test_faults_of_fields_are_kept(api: Api, said: peer.Said) -> None:
    said.fails["POST /datasets"] = peer.problem(422, "invalid", errors=[{"field": "title", "message": "too long"}])
    assert caught(lambda: api.create_dataset({})).fields == {"title": "too long"}


def test_an_api_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    assert caught(of("ada", tmp_path / "none.sock").me).slug == "unavailable"


def test_an_api_that_does_not_answer_is_slow(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "mute.sock"))
        listener.listen()
        assert caught(of("ada", tmp_path / "mute.sock", timeout_s=0.2).me).slug == "slow"


def test_an_answer_of_another_shape_is_unexpected(api: Api, said: peer.Said) -> None:
    said.people["ada"] = {"id": 7}
    assert caught(api.me).slug == "unexpected"


@pytest.mark.parametrize("name", ["../me", "a/b", "a?b=c", "a#b", "%2e%2e/me"])
def test_a_name_never_leaves_its_place_in_the_path(name: str, api: Api, said: peer.Said) -> None:
    caught(lambda: api.dataset(name))
    assert all(path.startswith("/datasets/") for _, _, path in said.calls)


def test_a_file_is_handed_in_piece_by_piece(api: Api, said: peer.Said) -> None:
    taken = api.submit("tide-gauges", "big file.bin", io.BytesIO(b"x" * 3_000_000), "s1", {})
    assert (taken.size_bytes, said.bodies) == (3_000_000, [("big file.bin", 3_000_000)])
    assert "submission=s1" in said.calls[-1][2]


def test_filters_that_are_not_set_are_not_sent(api: Api, said: peer.Said) -> None:
    api.search("tide", "research", filters={"datasets": [], "since": None, "until": "2026-01-01"}, limit=5)
    assert said.bodies[-1]["filters"] == {"until": "2026-01-01"}


def test_an_answer_comes_with_stages_and_pieces_in_order(api: Api, said: peer.Said) -> None:
    with api.ask("How fast?", "research", None) as events:
        told = [one for one in events if one is not None]
    assert [type(one) for one in told[:3]] == [Stage] * 3
    assert "".join(one.text for one in told if isinstance(one, Piece)) == "Since 1998 the water has risen "
    assert isinstance(told[-1], Answer)
    assert said.bodies == [{"question": "How fast?", "purpose": "research"}]


def test_a_conversation_goes_on_by_its_id(api: Api, said: peer.Said) -> None:
    with api.ask("And then?", "research", "c1") as events:
        list(events)
    assert said.bodies[-1]["conversation_id"] == "c1"


def test_a_refusal_is_an_end_too(api: Api, said: peer.Said) -> None:
    said.outcome = content.REFUSAL
    with api.ask("Who?", "research", None) as events:
        assert isinstance([one for one in events if one][-1], Refusal)


def test_while_nothing_comes_there_are_moments_to_stop(api: Api, said: peer.Said) -> None:
    said.pause_s = 0.6
    with api.ask("How fast?", "research", None) as events:
        assert next(iter(events)) is None


def test_who_leaves_closes_the_connection(api: Api, said: peer.Said) -> None:
    said.pause_s = 0.1
    before = threading.active_count()
    with api.ask("How fast?", "research", None) as events:
        next(one for one in events if one)
    assert said.closed.wait(5)
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "answering" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(("status", "slug"), [(401, "signed-out"), (503, "unavailable"), (422, "invalid")])
def test_a_question_that_is_not_taken_says_why(status: int, slug: str, api: Api, said: peer.Said) -> None:
    said.fails["POST /questions"] = peer.problem(status, slug)

    def ask() -> None:
        with api.ask("How fast?", "research", None) as events:
            list(events)

    assert caught(ask).slug == slug


def test_a_stream_that_breaks_off_is_no_answer(api: Api, said: peer.Said) -> None:
    said.breaks = True

    def ask() -> None:
        with api.ask("How fast?", "research", None) as events:
            list(events)

    assert caught(ask).slug == "unavailable"
