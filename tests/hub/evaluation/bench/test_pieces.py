"""What a bench is made of: fair turns, data that repeats, a truth that is one, limits that are said."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import SettingsError
from hub.commands.bench import _flat
from hub.evaluation.bench import embedding, search, timing
from hub.evaluation.bench.ground import CHUNKS_PER_DOCUMENT, Made, _pieces
from hub.evaluation.bench.synthetic import DIMENSIONS, Generator, nearest


def test_each_side_goes_first_in_every_second_round() -> None:
    order: list[str] = []
    acts = {"a": lambda n: order.append(f"a{n}"), "b": lambda n: order.append(f"b{n}")}
    times = timing.interleaved(acts, rounds=3)
    assert order == ["a0", "b0", "b1", "a1", "a2", "b2"]
    assert {name: len(found) for name, found in times.items()} == {"a": 3, "b": 3}
    assert all(second >= 0 for found in times.values() for second in found)


def test_times_are_told_in_milliseconds() -> None:
    times = [0.001 * number for number in range(1, 101)]
    assert timing.p50_ms(times) == 50.5
    assert 95 <= timing.p95_ms(times) <= 96


def test_two_generators_of_one_seed_make_the_same_and_of_two_seeds_not() -> None:
    one, same, other = Generator(1), Generator(1), Generator(2)
    assert np.array_equal(one.vectors(20), same.vectors(20))
    assert one.words(50) == same.words(50)
    assert one.words(50) != other.words(50)


def test_vectors_have_length_one_as_an_embedder_s_have() -> None:
    lengths = np.linalg.norm(Generator(3).vectors(500), axis=1)
    assert lengths.shape == (500,)
    assert float(np.abs(lengths - 1).max()) < 2e-3


def test_vectors_lie_in_clusters_and_not_all_in_one() -> None:
    found = Generator(4).vectors(2_000)
    similar = found @ found.T
    np.fill_diagonal(similar, -1)
    assert float(similar.max(axis=1).mean()) > 0.4
    assert abs(float(similar.mean())) < 0.1


def test_words_are_common_and_rare_as_in_a_language() -> None:
    chunks = [set(one.body.rstrip(".\n").split()) for one in Generator(8).chunks(1_000)]
    holding = sorted((sum(word in chunk for chunk in chunks) for word in set().union(*chunks)), reverse=True)
    assert 250 < holding[0] < 450  # the commonest
    assert holding[len(holding) // 2] < 10  # half of all words


def test_a_document_is_as_long_as_is_said_and_nothing_is_lost() -> None:
    sizes = [len(made) for made in Generator(5).documents(CHUNKS_PER_DOCUMENT * 2 + 7)]
    assert sizes == [CHUNKS_PER_DOCUMENT, CHUNKS_PER_DOCUMENT, 7]


def test_pieces_follow_each_other_without_a_gap() -> None:
    made = [Made(body=body, embedding=[1.0] * DIMENSIONS) for body in ("one. ", "two, longer. ", "3")]
    whole = "".join(one.body for one in made)
    pieces = list(_pieces(made))
    assert [piece.ordinal for piece in pieces] == [0, 1, 2]
    assert [whole[piece.start : piece.end] for piece in pieces] == [one.body for one in made]


@given(st.integers(1, 60), st.integers(1, 12), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_truth_is_what_comparing_each_row_finds(rows: int, depth: int, seed: int) -> None:
    random = Generator(seed)
    stored, question = random.vectors(rows), random.vectors(1)[0]
    similar = stored @ question
    found = nearest(stored, question, depth)
    assert len(found) == min(rows, depth)
    outside = [similar[row] for row in range(rows) if row not in found]
    assert not outside or min(similar[row] for row in found) >= max(outside)


def test_recall_counts_what_was_found_of_the_truth() -> None:
    rows = {f"chunk-{number}": number for number in range(10)}
    kept = [["chunk-0", "chunk-1"], ["chunk-2", "chunk-9"], []]
    truth = [{0, 1}, {2, 3}, {4}]
    found = search._found(kept, truth, rows)  # type: ignore[arg-type]  # names for ids
    assert found == {"recall": 0.5, "worst_recall": 0.0, "fewest_rows": 0}


@pytest.mark.parametrize(
    ("changed", "enough"),
    [
        ({}, True),
        ({"recall": 0.979}, False),
        ({"fewest_rows": 9}, False),
        ({"fewest_rows": 9, "chunks": 9}, True),
        ({"fewest_rows": 8, "chunks": 9}, False),
    ],
)
def test_a_search_is_good_when_each_share_finds_the_truth_and_all_there_is(
    changed: dict[str, float],
    enough: bool,  # noqa: FBT001  # a table's column
) -> None:
    row = {"recall": 0.98, "fewest_rows": search.DEPTH, "chunks": 100}
    assert search.met([row, {**row, **changed}]) is enough


def test_the_datasets_are_the_shares_that_are_said() -> None:
    assert sum(search.SHARES.values()) == pytest.approx(1.0)
    seen = {share: sum(search.SHARES[name] for name in names) for share, names in search.SEES.items()}
    assert seen == {share: pytest.approx(float(share.removesuffix(" %")) / 100) for share in search.SEES}


def test_texts_made_up_are_the_same_each_time_and_of_mixed_lengths() -> None:
    made = embedding.make(60)
    assert made == embedding.make(60)
    lengths = {len(text.split()) for text in made}
    assert min(lengths) >= 40
    assert max(lengths) <= 160
    assert len(lengths) > 20


def test_texts_are_read_from_a_corpus(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(
        "".join(json.dumps({"_id": str(n), "text": f"text {n}"}) + "\n" for n in range(9)), encoding="utf-8"
    )
    assert embedding.read(corpus, 4) == ["text 0", "text 1", "text 2", "text 3"]
    assert len(embedding.read(corpus, 99)) == 9


@pytest.mark.parametrize("content", [None, "", "words\n", "[1]\n", '{"title": "x"}\n', "{", "7\n"])
def test_what_is_no_corpus_is_said_in_words(tmp_path: Path, content: str | None) -> None:
    corpus = tmp_path / "corpus.jsonl"
    if content is not None:
        corpus.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"corpus\.jsonl"):
        embedding.read(corpus, 10)


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [([1.0, 0.0], [1.0, 0.0], 1.0), ([1.0, 0.0], [0.0, 1.0], 0.0), ([2.0, 0.0], [1.0, 1.0], math.sqrt(0.5))],
)
def test_a_cosine_does_not_ask_for_the_lengths(one: list[float], other: list[float], cosine: float) -> None:
    assert embedding._cosine(one, other) == pytest.approx(cosine)


@pytest.mark.parametrize(
    ("ours", "peer", "cosine", "met"),
    [(1.0, 3.0, 0.9995, (True, True)), (1.0, 2.9, 0.9995, (False, True)), (1.0, 3.0, 0.9989, (True, False))],
)
def test_a_figure_says_whether_it_met_its_limit(
    ours: float, peer: float, cosine: float, met: tuple[bool, bool]
) -> None:
    times = {"ours": [ours] * 3, "peer": [peer] * 3}
    found = embedding._report("m", ["text"] * 10, times, times, cosine)
    assert (found["times_faster"]["met"], found["min_cosine"]["met"]) == met
    assert found["question_share"]["met"] is (ours / peer <= 0.6)
    assert found["texts_per_s"]["ours"] == 10.0


def test_a_person_reads_one_figure_a_line() -> None:
    found = dict(_flat({"bench": "x", "sizes": [{"chunks": 1, "visible": {"1 %": {"recall": 1.0}}}]}, ""))
    assert found == {"bench": "x", "sizes 0 chunks": 1, "sizes 0 visible 1 % recall": 1.0}
