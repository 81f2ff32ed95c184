"""A copy is known by its words, wherever it is cut and whatever stands around it."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.copies import RUN, WINDOW, prints, prints_of_pieces
from tests.catalog.ledger import rows
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import Nation

WORDS = [f"w{number}" for number in range(3_000)]


def text(seed: int, count: int = 300) -> str:
    return " ".join(Random(seed).choices(WORDS, k=count))  # noqa: S311  # a test's dice


def values(words: str) -> set[int]:
    return {value for _, value in prints(words)}


@given(seed=st.integers(0, 10**6), before=st.integers(0, 40), at=st.integers(0, 200))
def test_a_shared_stretch_of_as_many_words_as_a_window_shares_a_print(seed: int, before: int, at: int) -> None:
    stretch = text(seed).split(" ")[at : at + RUN + WINDOW - 1]
    elsewhere = " ".join([*text(seed + 1, before).split(" "), *stretch, *text(seed + 2, 30).split(" ")])
    assert values(text(seed)) & values(elsewhere)


@given(seed=st.integers(0, 10**6))
def test_other_words_share_none(seed: int) -> None:
    assert not values(text(seed)) & values(text(seed + 1).replace("w", "v"))


@pytest.mark.parametrize(("words", "count"), [("", 0), ("?! -", 0), ("one", 1), ("one two three", 1), ("Straße ß", 1)])
def test_a_short_text_has_one_print_and_one_without_words_none(words: str, count: int) -> None:
    assert len(prints(words)) == count


def test_capitals_spaces_and_marks_are_no_other_text() -> None:
    assert values("The River, rose -- at noon.\n") == values("the river rose at   noon")


def test_every_piece_with_words_has_a_print_of_its_own() -> None:
    words = text(1)
    spans = [(at, at + 20) for at in range(0, len(words) - 20, 20)]
    places, _ = prints_of_pieces(words, spans)
    assert set(places) == set(range(len(spans)))
    assert places == sorted(places)


@pytest.mark.parametrize("size", [3, 7, 20, 60, 400])
def test_however_small_a_text_is_cut_each_piece_of_a_copy_is_known(size: int) -> None:
    words = text(5)
    known = values(words)
    for shift in (0, 1, size // 2):
        spans = [(at, at + size) for at in range(shift, len(words) - size, size)]
        places, found = prints_of_pieces(words, spans)
        assert {place for place, value in zip(places, found, strict=True) if value in known} == set(range(len(spans)))


def test_prints_fit_a_bigint_and_are_about_two_of_each_window() -> None:
    found = prints(text(2, 3_000))
    assert all(-(2**63) <= value < 2**63 for _, value in found)
    assert 0.7 < len(found) / (2 / (WINDOW + 1) * 3_000) < 1.3


def test_two_copies_published_at_the_same_moment_know_of_each_other(nation: Nation) -> None:
    """The second waits for the first, and is then a copy of it; without, both would be originals."""
    copies = "SELECT count(*)::int FROM hub.chunks WHERE origin_lineages <> '{}'"
    for number in range(6):
        slugs = (f"a{number}", f"b{number}")
        for slug in slugs:
            nation.dataset(slug)
        body = text(number)
        with ThreadPoolExecutor(2) as pool:
            made = [pool.submit(publish_spans, nation, slug, "a.txt", body, [(0, len(body))]) for slug in slugs]
            for one in made:
                one.result(30)
        assert rows(nation.database, copies) == [(number + 1,)]
