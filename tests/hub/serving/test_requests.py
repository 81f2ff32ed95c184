"""What the model server takes and what it refuses by name: nothing passes through it unseen."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from catalog.vocabulary import ModelKind
from hub.serving.app import _stream
from hub.serving.chat import ChatError, _translated
from hub.serving.requests import ChatRequest, EmbeddingsRequest
from tests.hub.fakes import model_server, real_models

CHAT = model_server.a_record("echo", ModelKind.CHAT, None)
ASKED: dict[str, Any] = {"messages": [{"role": "user", "content": "When does the harbour close?"}]}

#: Fields other servers of this kind take; each would open a door here or be silently ignored.
UNKNOWN_TO_CHAT = {
    "tools": [{"type": "function", "function": {"name": "fetch"}}],
    "tool_choice": "auto",
    "functions": [],
    "function_call": "auto",
    "response_format": {"type": "json_object"},
    "grammar": "root ::= .",
    "json_schema": {},
    "logit_bias": {"1": 100},
    "logprobs": True,
    "top_logprobs": 5,
    "n": 2,
    "best_of": 2,
    "user": "ada",
    "store": True,
    "metadata": {"a": "b"},
    "cache_prompt": False,
    "id_slot": 0,
    "slot_id": 0,
    "n_probs": 10,
    "n_predict": -1,
    "max_completion_tokens": 10,
    "min_p": 0.1,
    "top_k": 1,
    "typical_p": 1,
    "repeat_penalty": 1,
    "presence_penalty": 1,
    "frequency_penalty": 1,
    "mirostat": 2,
    "samplers": ["top_k"],
    "lora": [{"id": 0, "scale": 1}],
    "chat_template": "{{ messages }}",
    "chat_template_kwargs": {},
    "add_generation_prompt": False,
    "reasoning_format": "none",
    "parallel_tool_calls": True,
    "modalities": ["audio"],
    "web_search_options": {},
    "prompt": "x",
    "input_prefix": "x",
    "timings_per_token": True,
    "return_tokens": True,
    "post_sampling_probs": True,
    "speculative.n_max": 1,
    "t_max_predict_ms": 1,
    "service_tier": "flex",
}
UNKNOWN_TO_EMBEDDINGS = {
    "dimensions": 10,
    "user": "ada",
    "prompt": "x",
    "content": "x",
    "image_url": "http://127.0.0.1/",
    "truncate": True,
    "embd_normalize": 0,
    "task": "retrieval",
}


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("run") / "model.sock"
    with model_server.run(path) as socket_path, real_models.client(socket_path) as found:
        yield found


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["code"] == "invalid_request"
    return str(error["message"])


@pytest.mark.parametrize("field", UNKNOWN_TO_CHAT)
def test_a_field_the_chat_does_not_know_is_refused_by_its_name(http: httpx.Client, field: str) -> None:
    answer = http.post("/v1/chat/completions", json={**ASKED, field: UNKNOWN_TO_CHAT[field]})
    assert f"{field}: " in refusal(answer)


@pytest.mark.parametrize("field", UNKNOWN_TO_EMBEDDINGS)
def test_a_field_the_embeddings_do_not_know_is_refused_by_its_name(http: httpx.Client, field: str) -> None:
    answer = http.post("/v1/embeddings", json={"input": "x", field: UNKNOWN_TO_EMBEDDINGS[field]})
    assert f"{field}: " in refusal(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("messages", []),
        ("messages", None),
        ("messages", "hello"),
        ("messages", [{"role": "user", "content": "x"}] * 65),
        ("messages", [{"role": "user"}]),
        ("messages", [{"role": "tool", "content": "x"}]),
        ("messages", [{"role": "developer", "content": "x"}]),
        ("messages", [{"role": "user", "content": None}]),
        ("messages", [{"role": "user", "content": "x", "name": "ada"}]),
        ("messages", [{"role": "assistant", "content": "x", "tool_calls": []}]),
        ("messages", [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/"}}]}]),
        ("messages", [{"role": "user", "content": [{"type": "text", "text": "x"}]}]),
        ("messages", [{"role": "user", "content": "x" * 100_001}]),
        ("max_tokens", 0),
        ("max_tokens", -1),
        ("max_tokens", 32_769),
        ("max_tokens", "many"),
        ("temperature", -0.1),
        ("temperature", 2.1),
        ("top_p", 0),
        ("top_p", 1.1),
        ("seed", -1),
        ("seed", 2**32 - 1),
        ("stop", ["x"] * 9),
        ("stop", [""]),
        ("stop", ["x" * 65]),
        ("stop", "x"),
        ("stream", "perhaps"),
        ("stream_options", {"include_usage": True, "more": 1}),
        ("model", "m" * 81),
    ],
)
def test_a_value_outside_its_bounds_is_refused_by_its_field(http: httpx.Client, field: str, value: object) -> None:
    assert field in refusal(http.post("/v1/chat/completions", json={**ASKED, field: value}))


@pytest.mark.parametrize(
    "texts",
    [[], [""] * 513, ["x" * 100_001], "x" * 100_001, [1, 2, 3], [[1, 2], [3]], None, {"text": "x"}, [None], 7],
    ids=["none", "too many", "too long", "one too long", "tokens", "batches", "null", "an object", "nulls", "a number"],
)
def test_inputs_outside_the_bounds_are_refused(http: httpx.Client, texts: object) -> None:
    assert "input" in refusal(http.post("/v1/embeddings", json={"input": texts}))


@pytest.mark.parametrize("fields", [{"encoding_format": "hex"}, {"input_type": "passage"}, {"model": "m" * 81}])
def test_options_outside_the_list_are_refused(http: httpx.Client, fields: dict[str, str]) -> None:
    assert next(iter(fields)) in refusal(http.post("/v1/embeddings", json={"input": "x", **fields}))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\x00", b"\xff\xfe", b'{"input": "\xc3"}', b"[" * 5_000, b'{"input": NaN}'],
)
@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/chat/completions"])
def test_a_body_that_is_no_request_is_refused_and_the_server_lives(http: httpx.Client, path: str, body: bytes) -> None:
    answer = http.post(path, content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert http.get("/health").status_code == 200


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "\x00", "\u202e", "\ufeff", "\U0001f600" * 100, "a\r\nb", "\u202eevil", "\u0000" * 1000, " " * 5000],
    ids=["NUL inside", "NUL", "a mark of direction", "a mark of order", "faces", "lines", "both", "zeros", "blanks"],
)
def test_odd_characters_are_embedded_as_any_text(http: httpx.Client, text: str) -> None:
    answer = http.post("/v1/embeddings", json={"input": [text, "x"]})
    assert answer.status_code == 200
    for one in answer.json()["data"]:
        assert math.isclose(math.hypot(*one["embedding"]), 1.0, abs_tol=1e-3)


def test_512_inputs_are_taken_and_keep_their_order(http: httpx.Client) -> None:
    answer = http.post("/v1/embeddings", json={"input": [f"text {number}" for number in range(512)]}).json()
    assert [one["index"] for one in answer["data"]] == list(range(512))
    alone = http.post("/v1/embeddings", json={"input": "text 511"}).json()["data"][0]["embedding"]
    assert answer["data"][511]["embedding"] == alone


def test_the_longest_text_is_taken(http: httpx.Client) -> None:
    assert http.post("/v1/embeddings", json={"input": "word " * 20_000}).status_code == 200


def test_a_refusal_repeats_no_text(http: httpx.Client) -> None:
    words = "the minister's plan"
    for path, body in (
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": words, "name": words}]}),
        ("/v1/chat/completions", {**ASKED, "stop": [words * 10]}),
        ("/v1/embeddings", {"input": [words], "input_type": words}),
        ("/v1/embeddings", {"input": {"text": words}}),
    ):
        assert words not in http.post(path, json=body).text


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/chat/completions"])
def test_only_post_asks(http: httpx.Client, method: str, path: str) -> None:
    assert http.request(method, path).status_code == 405


def test_many_callers_of_both_kinds_are_all_answered(http: httpx.Client) -> None:
    def one(number: int) -> int:
        if number % 2:
            return http.post("/v1/embeddings", json={"input": f"text {number}"}).status_code
        return http.post("/v1/chat/completions", json=ASKED).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(one, range(64))) == {200}


def test_a_request_is_told_to_the_model_without_anything_of_its_own() -> None:
    told = ChatRequest(**ASKED).for_llama(max_answer_tokens=100)
    assert set(told) == {"messages", "max_tokens", "temperature", "top_p", "seed", "cache_prompt", "stream"}
    assert told["max_tokens"] == 100
    assert (told["temperature"], told["seed"]) == (0.0, 1)


@pytest.mark.parametrize(("asked", "told"), [(1, 1), (99, 99), (100, 100), (101, 100), (32_768, 100)])
def test_an_answer_is_never_longer_than_the_server_allows(asked: int, told: int) -> None:
    assert ChatRequest(**ASKED, max_tokens=asked).for_llama(max_answer_tokens=100)["max_tokens"] == told


def test_stops_and_usage_are_told_when_they_were_asked_for() -> None:
    request = ChatRequest(**ASKED, stop=["\n"], stream=True, stream_options={"include_usage": True})  # type: ignore[arg-type]
    told = request.for_llama(max_answer_tokens=100)
    assert (told["stop"], told["stream_options"]) == (["\n"], {"include_usage": True})
    assert "stream_options" not in ChatRequest(**ASKED, stream=True).for_llama(max_answer_tokens=1)


def test_one_text_is_a_list_of_one() -> None:
    assert EmbeddingsRequest(input="x").texts == EmbeddingsRequest(input=["x"]).texts == ["x"]


def test_a_request_can_not_be_changed_after_it_was_checked() -> None:
    request = EmbeddingsRequest(input="x")
    with pytest.raises(ValidationError):
        request.input = "y"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        ({"type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 4}, 400, "context_length_exceeded"),
        ({"type": "invalid_request_error", "message": "prompt was: secret"}, 400, "invalid_request"),
        ({"type": "server_error", "message": "secret"}, 500, "model_failed"),
        ({"message": "secret"}, 500, "model_failed"),
        ({}, 500, "model_failed"),
    ],
)
def test_what_llama_says_is_told_in_our_words(error: dict[str, Any], status: int, code: str) -> None:
    found = _translated(error)
    assert (found.status, found.code) == (status, code)
    assert "secret" not in str(found)


class Model:
    """A stream that can be watched."""

    def __init__(self, *, fails_after: int | None = None) -> None:
        self.closed = False
        self.made = 0
        self._fails_after = fails_after

    async def stream(self) -> AsyncIterator[dict[str, Any]]:
        try:
            while True:
                if self.made == self._fails_after:
                    raise ChatError("The chat model failed.", status=500, code="model_failed")
                self.made += 1
                yield {"n": self.made}
                await asyncio.sleep(0)
        finally:
            self.closed = True


async def _read(response: Any, lines: int) -> list[str]:  # a streaming response
    found: list[str] = []
    async for line in response.body_iterator:
        found.append(line)
        if len(found) == lines:
            break
    await response.body_iterator.aclose()
    return found


def test_a_client_that_leaves_ends_the_model_s_work() -> None:
    async def leave() -> Model:
        model = Model()
        assert len(await _read(await _stream(model.stream(), CHAT), 3)) == 3
        return model

    model = asyncio.run(leave())
    assert model.closed
    assert model.made <= 4


def test_an_error_in_the_middle_is_the_last_event_but_one() -> None:
    async def fail() -> list[str]:
        return await _read(await _stream(Model(fails_after=2).stream(), CHAT), 99)

    events = asyncio.run(fail())
    assert events[-1] == "data: [DONE]\n\n"
    assert json.loads(events[-2].removeprefix("data: "))["error"]["code"] == "model_failed"
    assert len(events) == 4


def test_an_error_before_the_first_word_is_an_error_and_no_stream() -> None:
    async def fail() -> None:
        await _stream(Model(fails_after=0).stream(), CHAT)

    with pytest.raises(ChatError):
        asyncio.run(fail())


def test_the_socket_lies_where_it_was_told(tmp_path: Path) -> None:
    with model_server.run(tmp_path / "m.sock") as path:
        assert path.is_socket()
        assert not path.with_suffix(".new").exists()
