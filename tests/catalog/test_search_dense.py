"""Dense search is the exact cosine order on small indexes; hybrid is the mean of both, between 0 and 1."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.chunks import SearchMode
from catalog.errors import DataHubError
from tests.catalog.ledger import SHARED_DATABASE
from tests.catalog.oracle import bm25, cosines, hybrid
from tests.catalog.shelf import assert_told, known, lexemes_of, reader
from tests.fixtures.nation import Nation, embedding

BODIES = [
    f"Paragraph {n} on {subject}" for n, subject in enumerate("rivers harbours mills bridges tides ships".split() * 5)
]
#: Questions with and without shared words; the embedding depends on the words alone.
QUESTIONS = ["Paragraph 3 on bridges", "harbours", "tides and ships", "zeppelins over the sea", ""]


@pytest.fixture
def library(nation: Nation) -> tuple[Nation, str]:
    nation.dataset("rivers")
    nation.document("rivers", "a.txt", BODIES, "simple")
    return nation, reader(nation, ["rivers"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_dense_scores_are_the_cosines_in_their_order(library: tuple[Nation, str], question: str) -> None:
    nation, person = library
    found = nation.search(nation.scope(person), question, mode=SearchMode.DENSE, limit=50)
    right = cosines(known(nation, ["rivers"]), embedding(question))
    assert_told(found, right)
    assert [str(c.chunk_id) for c in found] == sorted(right, key=lambda key: (-right[key], key))
    assert all(c.score == pytest.approx(c.similarity) for c in found)


@pytest.mark.parametrize("question", QUESTIONS)
def test_hybrid_scores_are_the_mean_of_both_scaled_over_the_candidates(
    library: tuple[Nation, str], question: str
) -> None:
    nation, person = library
    found = nation.search(nation.scope(person), question, limit=50)
    corpus = known(nation, ["rivers"])
    lexical = bm25(corpus, lexemes_of(nation, question, ["simple"]))
    right = hybrid(lexical, cosines(corpus, embedding(question)))
    assert_told(found, right)
    assert all(0 <= c.score <= 1 for c in found)
    assert all(a.score >= b.score for a, b in pairwise(found))
    assert {str(c.chunk_id) for c in found if c.shares_words} == set(lexical)


@pytest.mark.parametrize("mode", SearchMode)
def test_scores_are_told_to_two_decimals_whatever_the_question(library: tuple[Nation, str], mode: SearchMode) -> None:
    """Exact cosines of some hundred chosen questions would give a chunk's vector away, and with it its words."""
    nation, person = library
    for question in QUESTIONS:
        for one in nation.search(nation.scope(person), question, mode=mode, limit=50):
            assert (one.score, one.similarity) == (round(one.score, 2), round(one.similarity, 2))


def test_the_chunk_that_was_asked_for_comes_first_in_every_mode(library: tuple[Nation, str]) -> None:
    nation, person = library
    (right,) = (one.key for one in known(nation, ["rivers"]) if "17" in one.lexemes)
    for mode in SearchMode:
        found = nation.search(nation.scope(person), BODIES[17], mode=mode)
        assert str(found[0].chunk_id) == right
        assert found[0].similarity == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("mode", SearchMode)
@pytest.mark.parametrize("limit", [1, 2, 29, 30, 31, 500, 100_000])
def test_no_more_than_the_limit_and_no_fewer_than_there_are(
    library: tuple[Nation, str], mode: SearchMode, limit: int
) -> None:
    nation, person = library
    found = nation.search(nation.scope(person), "Paragraph on", mode=mode, limit=limit)
    assert len(found) == min(limit, 30)
    assert len({c.chunk_id for c in found}) == len(found)


@pytest.mark.parametrize("mode", SearchMode)
def test_a_smaller_limit_gives_the_head_of_a_larger_one(library: tuple[Nation, str], mode: SearchMode) -> None:
    nation, person = library
    scope = nation.scope(person)
    whole = nation.search(scope, "Paragraph on tides", mode=mode, limit=30)
    for limit in (1, 5, 17):
        assert nation.search(scope, "Paragraph on tides", mode=mode, limit=limit) == whole[:limit]


def test_never_more_than_five_hundred_however_many_are_asked_for(nation: Nation) -> None:
    nation.dataset("rivers")
    nation.document("rivers", "a.txt", [f"river {n}" for n in range(620)], "simple")
    scope = nation.scope(reader(nation, ["rivers"]))
    for mode in SearchMode:
        assert len(nation.search(scope, "river", mode=mode, limit=5000)) == 500


@pytest.mark.parametrize(
    ("mode", "limit"),
    [("best", 5), ("", 5), ("LEXICAL", 5), ("dense;", 5), *((m, n) for m in SearchMode for n in (0, -1))],
)
def test_an_unknown_mode_or_an_empty_limit_is_refused(library: tuple[Nation, str], mode: str, limit: int) -> None:
    nation, person = library
    with pytest.raises(DataHubError, match="Something in the hub went wrong"):
        nation.search(nation.scope(person), "river", mode=mode, limit=limit)


@pytest.mark.parametrize("vector", [[1.0], [1.0] * 383, [1.0] * 385, [float("nan")] * 384, [float("inf")] * 384])
def test_a_question_of_another_model_is_refused(library: tuple[Nation, str], vector: list[float]) -> None:
    nation, person = library
    with pytest.raises(DataHubError):
        nation.search(nation.scope(person), "river", embedding=vector)


@pytest.mark.parametrize("mode", SearchMode)
def test_an_empty_dataset_finds_nothing(nation: Nation, mode: SearchMode) -> None:
    nation.dataset("rivers")
    assert nation.search(nation.scope(reader(nation, ["rivers"])), "river", mode=mode) == []


@pytest.mark.parametrize("mode", [SearchMode.DENSE, SearchMode.HYBRID])
def test_one_chunk_alone_has_a_score_and_not_none(nation: Nation, mode: SearchMode) -> None:
    nation.dataset("rivers")
    nation.document("rivers", "a.txt", ["river"], "simple")
    (found,) = nation.search(nation.scope(reader(nation, ["rivers"])), "mountain", mode=mode)
    assert isinstance(found.score, float)
    assert isinstance(found.chunk_id, UUID)


@given(
    parts=st.lists(st.sampled_from(BODIES), min_size=1, max_size=12),
    question=st.one_of(st.sampled_from(BODIES), st.sampled_from(QUESTIONS)),
    mode=st.sampled_from([SearchMode.DENSE, SearchMode.HYBRID]),
)
@settings(SHARED_DATABASE, max_examples=20)
def test_on_any_small_index_the_order_is_the_oracles(
    nation: Nation, parts: list[str], question: str, mode: SearchMode
) -> None:
    slug = f"d-{uuid4()}"
    nation.dataset(slug, listed=False)
    nation.document(slug, "a.txt", parts, "simple")
    found = nation.search(nation.scope(reader(nation, [slug])), question, mode=mode, limit=50)
    corpus = known(nation, [slug])
    dense = cosines(corpus, embedding(question))
    right = dense if mode is SearchMode.DENSE else hybrid(bm25(corpus, lexemes_of(nation, question, ["simple"])), dense)
    assert {str(c.chunk_id) for c in found} == set(right)
    if len({round(cosine, 6) for cosine in dense.values()}) > 1 or mode is SearchMode.DENSE:
        assert_told(found, right)
    assert all(a.score >= b.score for a, b in pairwise(found))
