"""Quoted words are found on a page whatever became of them on their way through a text layer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.marking import places


def found(page: str, words: str) -> list[str]:
    return [page[place.start : place.stop] for place in places(list(page), words)]


@pytest.mark.parametrize(
    ("page", "words", "marked"),
    [
        ("The pump failed.", "The pump failed.", ["The pump failed."]),
        ("It said: The  pump\r\nfailed. Then", "The pump failed.", ["The  pump\r\nfailed."]),
        ("was re\x02paired today", "was repaired", ["was re\x02paired"]),
        ("was re\ufffepaired today", "was repaired", ["was re\ufffepaired"]),
        ("was re-\r\npaired today", "was repaired", ["was re-\r\npaired"]),
        ("well\u00adknown", "well-known", ["well\u00adknown"]),
        ("1990\u20131995", "1990-1995", ["1990\u20131995"]),
        ("the \ufb01sh market", "The fish MARKET", ["the \ufb01sh market"]),
        ("Straße 5", "STRASSE 5", ["Straße 5"]),
        ("a b\u00a0c", "a b c", ["a b\u00a0c"]),
        ("one two one", "one", ["one", "one"]),
        ("The pump failed.", "The pump worked.", []),
        ("The pump failed.", "", []),
        ("The pump failed.", " -\n", []),
        ("", "words", []),
    ],
)
def test_words_are_found_where_they_stand(page: str, words: str, marked: list[str]) -> None:
    assert found(page, words) == marked


SENTENCE = "The northern dyke was raised by half a metre in the autumn of 1962."


def test_a_quote_that_goes_on_overleaf_is_marked_to_the_edge_on_both_pages() -> None:
    first, second = SENTENCE[:40], SENTENCE[40:]
    assert found(f"Before. {first}\r\n17", SENTENCE) == [first]
    assert found(f"Chapter 3\r\n{second} After.", SENTENCE) == [second]


@pytest.mark.parametrize(
    "page",
    [
        f"{SENTENCE[:40]} {'other words ' * 40}",  # begins like it, in the middle of the page
        f"{'other words ' * 40} {SENTENCE[40:]} {'more ' * 100}",
        f"Before. {SENTENCE[:12]}",  # too little to be sure of
    ],
)
def test_what_only_resembles_a_part_of_the_quote_is_not_marked(page: str) -> None:
    assert found(page, SENTENCE) == []


def test_a_letter_that_is_everywhere_does_not_paint_the_page() -> None:
    assert len(found("a" * 10_000, "a")) == 20


@given(page=st.text(max_size=60), words=st.text(max_size=20))
def test_whatever_is_asked_the_places_lie_on_the_page_in_order(page: str, words: str) -> None:
    ranges = places(list(page), words)
    assert all(0 <= one.start < one.stop <= len(page) for one in ranges)
    assert ranges == sorted(ranges, key=lambda one: one.start)


@given(page=st.text(max_size=60), bounds=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_what_is_cut_out_of_a_page_is_found_on_it(page: str, bounds: tuple[int, int]) -> None:
    words = page[min(bounds) : max(bounds)]
    if any(letter.isalnum() for letter in words):
        assert places(list(page), words)
