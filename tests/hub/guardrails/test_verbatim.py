"""How much an answer may repeat word for word, whatever pieces it comes in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.vocabulary import Classification
from hub.guardrails.verbatim import LIMITS, SHORTEST, Verbatim
from tests.hub.passages_made import passage

WORDS = [f"stone{number * 7919 % 9973}" for number in range(400)]
BODY = " ".join(WORDS)
RUN = {one: limit.run for one, limit in LIMITS.items() if limit}


def heard(written: str, *passages: object, cut_at: tuple[int, ...] = ()) -> tuple[str, Verbatim]:
    """What a listener hears of a text that comes in pieces, cut at these places."""
    told: list[str] = []
    guard = Verbatim(passages, told.append)  # type: ignore[arg-type]
    at = (0, *sorted(one for one in cut_at if 0 < one < len(written)), len(written))
    for first, last in pairwise(at):
        guard.piece(written[first:last])
    return "".join(told), guard


def secret(body: str = BODY, **facts: object) -> object:
    return passage(body, **{"classification": Classification.SECRET, **facts})


@pytest.mark.parametrize("classification", RUN)
def test_a_copy_ends_exactly_at_the_limit_of_its_classification(classification: Classification) -> None:
    told, guard = heard(BODY, passage(BODY, classification=classification))
    assert (told, guard.cut) == (BODY[: RUN[classification]], True)
    assert guard.text == told.rpartition(" ")[0]


def test_what_is_public_may_be_repeated_whole() -> None:
    told, guard = heard(BODY, passage(BODY, classification=Classification.PUBLIC))
    assert (told, guard.text, guard.cut) == (BODY, BODY, False)


@given(places=st.lists(st.integers(1, 600), max_size=40))
def test_a_stretch_is_counted_over_the_edges_of_pieces(places: list[int]) -> None:
    told, guard = heard(BODY[:600], secret(), cut_at=tuple(places))
    assert (told, guard.cut) == (BODY[:250], True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 249, 250, 251])
def test_pieces_of_any_size_come_to_the_same(size: int) -> None:
    told, _ = heard(BODY[:600], secret(), cut_at=tuple(range(size, 600, size)))
    assert told == BODY[:250]


def test_nothing_comes_after_the_cut() -> None:
    told, guard = heard(f"{BODY[:400]} and words of its own that nobody wrote before", secret(), cut_at=(400,))
    assert (told, guard.cut) == (BODY[:250], True)


@pytest.mark.parametrize(
    "disguise",
    [
        str.upper,
        lambda text: text.replace(" ", "\n"),
        lambda text: text.replace(" ", "  \t "),
        lambda text: text.replace("s", "s\u200b"),
        lambda text: "\u2060" + text,
    ],
)
def test_capitals_white_space_and_what_nobody_sees_hide_no_copy(disguise: object) -> None:
    assert callable(disguise)
    told, guard = heard(disguise(BODY[:600]), secret())
    assert guard.cut
    assert len("".join(told.casefold().replace("\u200b", "").replace("\u2060", "").split())) <= 250


def test_each_passage_has_the_limit_of_its_own_classification() -> None:
    other = BODY.replace("stone", "brick")
    both = (secret(), passage(other, number=2, classification=Classification.RESTRICTED))
    assert heard(other, *both)[0] == other[:250], "of the whole answer the strictest share holds"
    wide = "".join(f"own{number} " for number in range(200))
    told, guard = heard(wide + other, *both)
    assert (len(told), guard.cut) == (len(wide) + RUN[Classification.RESTRICTED], True)


@pytest.mark.parametrize(("between", "cut"), [(" and then ", True), (" " + "own words " * 20, False)])
def test_short_pieces_stitched_together_are_a_copy_by_their_share(between: str, cut: bool) -> None:  # noqa: FBT001  # a case
    stitched = between.join(BODY[at : at + 120] for at in range(0, 1_200, 200))
    told, guard = heard(stitched, secret())
    assert guard.cut is cut
    assert told == (stitched[: RUN[Classification.SECRET]] if cut else stitched)


def test_words_of_ones_own_about_a_passage_are_not_cut() -> None:
    own = "".join(f"The {word} lies elsewhere, as far as anyone knows. " for word in WORDS[:40])
    assert max(len(word) for word in WORDS) < SHORTEST
    told, guard = heard(own, secret())
    assert (told, guard.cut) == (own, False)


def test_a_figure_that_was_cut_in_half_is_left_out() -> None:
    body = "x" * 244 + " 123456789 euros were paid."
    told, guard = heard(body, secret(body))
    assert told.endswith(" 12345")
    assert guard.text == "x" * 244
