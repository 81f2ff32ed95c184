"""The embedder fills its batches up to few widths; that changes neither a vector nor what fits."""

import math
from typing import Any

import numpy as np
import pytest

from catalog.vocabulary import ModelKind
from hub.models.registry import Registry
from hub.serving.embedder import Embedder
from tests.hub.fakes import real_models

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return loaded()


def loaded(max_tokens: int = 256) -> Embedder:
    folder = real_models.models_dir()
    model = Registry(folder).choose(ModelKind.EMBEDDING)
    graph, words = (folder / model.file(name).path for name in ("model.xml", "tokenizer.json"))
    return Embedder(graph, words, max_tokens=max_tokens, threads=2)


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("words", [0, 1, 13, 14, 15, 29, 30, 31, 200, 253, 254, 255, 300, 5000])
def test_a_text_of_any_length_has_one_vector_of_length_one(embedder: Embedder, words: int) -> None:
    (vector,) = embedder.embed(["harbour " * words])
    assert len(vector) == embedder.dimensions == 384
    assert math.isclose(math.hypot(*vector), 1.0, abs_tol=1e-3)


@pytest.mark.parametrize("beside", [2, 20, 100, 400])
def test_what_stands_beside_a_text_in_its_batch_does_not_change_it(embedder: Embedder, beside: int) -> None:
    text = "The harbour closes at nine."
    (alone,) = embedder.embed([text])
    assert cosine(alone, embedder.embed([text, "bread " * beside])[0]) > 0.999


def test_widths_are_few_and_never_beyond_the_model(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    widths: set[int] = set()
    request = embedder._request

    class Watched:
        def infer(self, given: dict[str, Any]) -> Any:  # OpenVINO's results
            assert given["input_ids"].shape == given["attention_mask"].shape
            assert np.all((given["input_ids"] != 0) <= (given["attention_mask"] == 1))
            widths.add(given["input_ids"].shape[1])
            return request.infer(given)

    monkeypatch.setattr(embedder, "_request", Watched())
    for words in range(1, 300, 14):
        embedder.embed(["harbour " * words])
    assert widths == set(range(16, 257, 16))


@pytest.mark.parametrize("limit", [8, 20, 100])
def test_a_limit_that_is_no_whole_step_is_kept(limit: int) -> None:
    small = loaded(limit)
    (one,), (other,) = small.embed(["harbour " * 500]), small.embed(["harbour " * 600])
    assert cosine(one, other) > 0.9999
    assert small.count_tokens(["harbour " * 500]) == limit


def test_order_is_the_caller_s_though_batches_are_by_length(embedder: Embedder) -> None:
    texts = [f"{'pump ' * ((number * 7) % 40)}station {number}" for number in range(50)]
    together = embedder.embed(texts)
    for at in (0, 17, 49):
        assert cosine(together[at], embedder.embed([texts[at]])[0]) > 0.999


def test_no_texts_are_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]) == []
    assert embedder.count_tokens([]) == 0
