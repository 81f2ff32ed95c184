"""Lexical search is Okapi BM25 inside the scope: scores and order equal a plain-Python oracle's."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.chunks import Candidate, SearchMode
from tests.catalog.ledger import SHARED_DATABASE
from tests.catalog.oracle import Known, bm25
from tests.catalog.shelf import assert_told, bodies, known, lexemes_of, reader, scores
from tests.fixtures.nation import Nation

ENGLISH = [
    "The river rises in spring and the river falls in autumn.",
    "A harbour on the river.",
    "Ships wait in the harbour while the pilots sleep.",
    "Spring tides lift the ships.",
    "Nothing is said here about water.",
    "River river river river river.",
]
GERMAN = [
    "Die Flüsse steigen im Frühling.",
    "Der Hafen liegt am Fluss, und am Fluss liegt die Stadt.",
    "Schiffe warten im Hafen.",
    "Hier steht nichts vom Wasser.",
]
QUESTIONS = [
    "river",
    "rivers rising",
    "Fluss",
    "Hafen harbour",
    "spring ships river",
    "Schiffe im Frühling",
    "water Wasser",
]
VOCABULARY = "river harbour ship tide spring pilot mill bank Fluss Hafen Schiff Ufer Mühle the und 42".split()
texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9).map(" ".join)
documents = st.lists(
    st.tuples(st.sampled_from(["english", "german", "simple"]), st.lists(texts, min_size=1, max_size=5)),
    min_size=1,
    max_size=4,
)


def search(nation: Nation, person: str, question: str, limit: int = 50) -> list[Candidate]:
    return nation.search(nation.scope(person), question, mode=SearchMode.LEXICAL, limit=limit)


def expected(nation: Nation, corpus: Sequence[Known], question: str) -> dict[str, float]:
    return bm25(corpus, lexemes_of(nation, question, ["english", "german", "simple"]))


@pytest.fixture
def library(nation: Nation) -> tuple[Nation, str]:
    nation.dataset("rivers")
    nation.document("rivers", "english.txt", ENGLISH, heading="Heading")
    nation.document("rivers", "german.txt", GERMAN, "german", heading="Heading")
    return nation, reader(nation, ["rivers"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_equal_the_oracles_in_two_languages(library: tuple[Nation, str], question: str) -> None:
    nation, person = library
    right = expected(nation, known(nation, ["rivers"]), question)
    assert len(right) > 0
    assert_told(search(nation, person, question), right)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_come_first_and_ties_by_id(library: tuple[Nation, str], question: str) -> None:
    nation, person = library
    found = search(nation, person, question)
    full = {key: round(score, 9) for key, score in expected(nation, known(nation, ["rivers"]), question).items()}
    ranked = [(full[str(one.chunk_id)], -one.chunk_id.int) for one in found]
    assert all(a >= b for a, b in pairwise(ranked))
    assert found == search(nation, person, question)
    assert search(nation, person, question, limit=1) == found[:1]


def test_a_word_is_found_in_any_of_its_forms_and_in_the_headings(library: tuple[Nation, str]) -> None:
    nation, person = library
    assert bodies(nation, [c.chunk_id for c in search(nation, person, "rising river")])[0] == ENGLISH[0]
    assert GERMAN[0] in bodies(nation, [c.chunk_id for c in search(nation, person, "Fluss")])
    assert len(search(nation, person, "heading")) == len(ENGLISH) + len(GERMAN)


@pytest.mark.parametrize("question", ["", " ", "of the", "zeppelin", "?!", "…", "\N{ZERO WIDTH SPACE}"])
def test_a_question_that_shares_no_word_finds_nothing(library: tuple[Nation, str], question: str) -> None:
    nation, person = library
    assert search(nation, person, question) == []


def test_only_chunks_that_share_a_word_are_found_and_they_say_so(library: tuple[Nation, str]) -> None:
    nation, person = library
    found = search(nation, person, "pilots")
    assert [(candidate.shares_words, candidate.score > 0) for candidate in found] == [(True, True)]
    assert bodies(nation, [found[0].chunk_id]) == [ENGLISH[2]]


def test_a_rarer_word_weighs_more_than_a_common_one(nation: Nation) -> None:
    nation.dataset("rivers")
    nation.document("rivers", "a.txt", ["common rare", *["common filler"] * 8, "rare filler"], "simple")
    found = search(nation, reader(nation, ["rivers"]), "common rare")
    first = bodies(nation, [candidate.chunk_id for candidate in found])
    assert first[:2] == ["common rare", "rare filler"]


def test_a_word_said_more_often_counts_more_but_ever_less(nation: Nation) -> None:
    nation.dataset("rivers")
    filler = ["x " * 12] * 20
    nation.document("rivers", "a.txt", [("river " * n + "y " * (12 - n)).strip() for n in (1, 2, 4)] + filler, "simple")
    three = sorted(scores(search(nation, reader(nation, ["rivers"]), "river")).values())
    assert three == sorted(three)
    assert 0 < three[2] - three[1] < 2 * (three[1] - three[0])


def test_of_two_chunks_with_a_word_the_shorter_is_the_better(nation: Nation) -> None:
    nation.dataset("rivers")
    short, long = "river bank", "river bank " + "and the long road to the hills " * 3
    nation.document("rivers", "a.txt", [long, short], "simple")
    found = search(nation, reader(nation, ["rivers"]), "river")
    assert bodies(nation, [candidate.chunk_id for candidate in found]) == [short, long]


def test_what_is_superseded_is_neither_found_nor_counted(nation: Nation) -> None:
    nation.dataset("rivers")
    nation.document("rivers", "b.txt", ENGLISH[1:3])
    person = reader(nation, ["rivers"])
    alone = scores(search(nation, person, "harbour ships"))
    nation.document("rivers", "a.txt", ENGLISH)
    assert scores(search(nation, person, "harbour ships")) != alone
    nation.document("rivers", "a.txt", ["Quite another matter."])
    nation.document("rivers", "a.txt", ["And quite."])
    corpus = known(nation, ["rivers"])
    assert len(corpus) == 3
    right = expected(nation, corpus, "harbour ships")
    assert_told(search(nation, person, "harbour ships"), right)


@pytest.mark.parametrize(
    "question",
    [
        "'",
        "''",
        "\\",
        "o'neil's",
        "c:\\temp\\file",
        "a & b | !c <-> (d)",
        "':*'",
        "river'; DROP TABLE hub.chunks; --",
        "%s %(x)s :name",
        "http://harbour.example/river?x='1'",
        "river" * 500,
        "river " * 3000,
        "\u202eriver",
        "🌊 river",
    ],
)
def test_no_character_of_a_question_is_taken_for_a_command(library: tuple[Nation, str], question: str) -> None:
    nation, person = library
    right = expected(nation, known(nation, ["rivers"]), question)
    assert_told(search(nation, person, question), right)


@pytest.mark.parametrize("body", ["o'neil c:\\temp 'quoted' back\\slash", "a&b|c!d:*", "http://x.example/it's\\y"])
def test_words_with_quotes_and_backslashes_are_found_again(nation: Nation, body: str) -> None:
    nation.dataset("rivers")
    nation.document("rivers", "a.txt", [body, "something else"], "simple")
    found = search(nation, reader(nation, ["rivers"]), body)
    assert_told(found, expected(nation, known(nation, ["rivers"]), body))
    assert bodies(nation, [found[0].chunk_id]) == [body]


@given(shelf=documents, question=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=5).map(" ".join))
@settings(SHARED_DATABASE, max_examples=25)
def test_on_any_small_corpus_scores_equal_the_oracles(
    nation: Nation, shelf: list[tuple[str, list[str]]], question: str
) -> None:
    slugs = [f"d-{uuid4()}" for _ in range(1 + (len(shelf) > 2))]
    for slug in slugs:
        nation.dataset(slug, listed=False)
    for number, (language, parts) in enumerate(shelf):
        nation.document(slugs[number % len(slugs)], f"{uuid4()}.txt", parts, language)
    found = search(nation, reader(nation, slugs), question)
    right = expected(nation, known(nation, slugs), question)
    assert_told(found, right)
