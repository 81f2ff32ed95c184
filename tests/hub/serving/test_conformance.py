"""The same assertions on the fake model server and on the real one: a test that uses the fake may believe it."""

import base64
import json
import math
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.hub.fakes import model_server, real_models

QUESTION = {"role": "user", "content": "[1] The harbour closes at nine.\n\nWhen does the harbour close?"}


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.model)])
def http(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    run_dir = tmp_path_factory.mktemp("run")
    if request.param == "fake":
        with model_server.run(run_dir / "model.sock") as socket_path, real_models.client(socket_path) as found:
            yield found
    else:
        running = real_models.running(run_dir, real_models.models_dir())
        with running, real_models.client(run_dir / "model.sock") as found:
            yield found


def chat(http: httpx.Client, **fields: object) -> httpx.Response:
    return http.post("/v1/chat/completions", json={"messages": [QUESTION], "max_tokens": 24, **fields})


def events(http: httpx.Client, **fields: object) -> list[str]:
    body = {"messages": [QUESTION], "max_tokens": 24, "stream": True, **fields}
    with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        return [line.removeprefix("data: ") for line in answer.iter_lines() if line]


def vectors(http: httpx.Client, texts: list[str], **fields: object) -> list[Any]:
    answer = http.post("/v1/embeddings", json={"input": texts, **fields})
    assert answer.status_code == 200, answer.text
    return [one["embedding"] for one in answer.json()["data"]]


def test_it_says_when_it_is_well(http: httpx.Client) -> None:
    assert http.get("/health").json() == {"status": "ok"}


def test_it_names_its_models_with_revision_and_dimensions(http: httpx.Client) -> None:
    cards = {card["kind"]: card for card in http.get("/v1/models").json()["data"]}
    assert set(cards) == {"embedding", "chat"}
    assert cards["embedding"]["dimensions"] == 384
    assert all(len(card["revision"]) == 64 and card["licence"] for card in cards.values())


def test_a_vector_has_384_numbers_and_length_one(http: httpx.Client) -> None:
    for vector in vectors(http, ["the harbour", "", "x " * 3000, "ä€漢字"]):
        assert len(vector) == 384
        assert math.isclose(math.hypot(*vector), 1.0, abs_tol=1e-3)


def test_the_same_text_has_the_same_vector_wherever_it_stands_in_a_batch(http: httpx.Client) -> None:
    alone = vectors(http, ["The harbour closes at nine."])[0]
    batch = vectors(http, [*("word " * n for n in range(1, 40)), "The harbour closes at nine."])
    assert sum(a * b for a, b in zip(alone, batch[-1], strict=True)) > 0.999


def test_texts_about_the_same_thing_are_nearer_than_others(http: httpx.Client) -> None:
    one, near, far = vectors(http, ["the harbour closes at nine", "when does the harbour close", "bread needs yeast"])
    assert sum(a * b for a, b in zip(one, near, strict=True)) > sum(a * b for a, b in zip(one, far, strict=True))


def test_base64_carries_the_same_numbers(http: httpx.Client) -> None:
    plain = vectors(http, ["the harbour"])[0]
    packed = array("f", base64.b64decode(vectors(http, ["the harbour"], encoding_format="base64")[0]))
    assert all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(plain, packed, strict=True))


def test_an_answer_has_openai_s_shape(http: httpx.Client) -> None:
    answer = chat(http).json()
    assert answer["object"] == "chat.completion"
    assert answer["choices"][0]["message"]["role"] == "assistant"
    assert isinstance(answer["choices"][0]["message"]["content"], str)
    assert set(answer["usage"]) >= {"prompt_tokens", "completion_tokens", "total_tokens"}
    assert "timings" not in answer


def test_an_answer_and_each_piece_of_one_name_the_weights_that_wrote_it(http: httpx.Client) -> None:
    cards = {card["kind"]: card for card in http.get("/v1/models").json()["data"]}
    expected = (cards["chat"]["id"], cards["chat"]["revision"])
    pieces = [json.loads(line) for line in events(http)[:-1]]
    assert {(one["model"], one["revision"]) for one in [chat(http).json(), *pieces]} == {expected}


def test_the_same_question_gets_the_same_answer(http: httpx.Client) -> None:
    contents = {chat(http).json()["choices"][0]["message"]["content"] for _ in range(2)}
    assert len(contents) == 1


def test_a_stream_says_what_the_whole_answer_says_and_ends_with_done(http: httpx.Client) -> None:
    lines = events(http)
    assert lines[-1] == "[DONE]"
    deltas = [json.loads(line)["choices"][0]["delta"].get("content") or "" for line in lines[:-1]]
    assert "".join(deltas).strip() == chat(http).json()["choices"][0]["message"]["content"].strip()


@pytest.mark.parametrize("stream", [False, True])
def test_a_prompt_longer_than_the_window_is_a_clear_error_and_no_broken_stream(
    http: httpx.Client, *, stream: bool
) -> None:
    answer = chat(http, messages=[{"role": "user", "content": "harbour " * 6000}], stream=stream)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "context_length_exceeded"


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [{"type": "function"}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/y"}}]}]},
        {"messages": []},
        {"messages": [{"role": "tool", "content": "x"}]},
        {"messages": [{"role": "user", "content": "x" * 100_001}]},
        {"max_tokens": 0},
        {"temperature": 3},
        {"grammar": 'root ::= "x"'},
        {"n": 4},
        {"stop": ["x"] * 9},
        {"lora": []},
    ],
)
def test_what_the_server_does_not_do_is_refused_by_name(http: httpx.Client, fields: dict[str, object]) -> None:
    answer = chat(http, **fields)
    assert answer.status_code == 422
    assert next(iter(fields)) in answer.json()["error"]["message"]


def test_a_refusal_never_repeats_what_was_sent(http: httpx.Client) -> None:
    sentence = "a sentence of a document"
    for body in ({"messages": [{"role": sentence, "content": sentence}]}, {"messages": sentence, "n": 1}):
        assert sentence not in http.post("/v1/chat/completions", json=body).text


@pytest.mark.parametrize("texts", [[], ["x"] * 513, [1], [["x"]], ["x" * 100_001], None])
def test_embedding_inputs_outside_the_bounds_are_refused(http: httpx.Client, texts: object) -> None:
    assert http.post("/v1/embeddings", json={"input": texts}).status_code == 422


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/chat/completions"])
def test_another_model_than_the_running_one_is_not_silently_replaced(http: httpx.Client, path: str) -> None:
    body = {"input": "x", "model": "gpt-4"} if "embed" in path else {"messages": [QUESTION], "model": "gpt-4"}
    answer = http.post(path, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")


@pytest.mark.parametrize(
    "path",
    ["/", "/slots", "/props", "/metrics", "/docs", "/openapi.json", "/v1/completions", "/tokenize", "/apply-template"],
)
def test_no_other_door_is_open(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404
    assert http.post(path, json={}).status_code == 404


def test_callers_side_by_side_each_get_their_own_answer(http: httpx.Client) -> None:
    texts = [f"harbour number {number}" for number in range(12)]
    alone = [vectors(http, [text])[0] for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: vectors(http, [text, "padding " * 50])[0], texts))
    for one, other in zip(alone, together, strict=True):
        assert sum(a * b for a, b in zip(one, other, strict=True)) > 0.999


def test_a_client_that_leaves_in_the_middle_frees_the_model(http: httpx.Client) -> None:
    body = {
        "messages": [{"role": "user", "content": "Count from one to a thousand."}],
        "stream": True,
        "max_tokens": 1024,
    }
    with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        next(answer.iter_lines())
    assert chat(http, max_tokens=2).elapsed.total_seconds() < 10


def test_the_socket_belongs_to_its_owner(tmp_path: Path) -> None:
    with model_server.run(tmp_path / "model.sock") as socket_path:
        assert socket_path.stat().st_mode & 0o777 == 0o600
