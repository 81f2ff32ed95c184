"""Rank measures against values worked out by hand."""

import pytest

from hub.evaluation.metrics import ndcg, recall

# gain 2^score-1, discount 1/log2(place+1): 1, 0.63093, 0.5, 0.43068, …
NDCG: dict[str, tuple[str, dict[str, int], int, float]] = {
    "right at the top": ("a", {"a": 1}, 10, 1.0),
    "right at the second place": ("xa", {"a": 1}, 10, 0.63093),
    "right at the third": ("xya", {"a": 1}, 10, 0.5),
    "right at the tenth": ("123456789a", {"a": 1}, 10, 0.28906),
    "right below the depth": ("1234567890a", {"a": 1}, 10, 0.0),
    "not found": ("xyz", {"a": 1}, 10, 0.0),
    "nothing ranked": ("", {"a": 1}, 10, 0.0),
    "nothing judged": ("abc", {}, 10, 0.0),
    "only judged wrong": ("abc", {"a": 0, "b": 0}, 10, 0.0),
    "two of two": ("ab", {"a": 1, "b": 1}, 10, 1.0),
    "two of two, in the other order": ("ba", {"a": 1, "b": 1}, 10, 1.0),
    "one of two": ("ax", {"a": 1, "b": 1}, 10, 1 / 1.63093),
    "two of two with one between": ("axb", {"a": 1, "b": 1}, 10, 1.5 / 1.63093),
    "graded in order": ("ab", {"a": 2, "b": 1}, 10, 1.0),
    "graded in the wrong order": ("ba", {"a": 2, "b": 1}, 10, (1 + 3 * 0.63093) / (3 + 0.63093)),
    "a three counts seven": ("ba", {"a": 3, "b": 1}, 10, (1 + 7 * 0.63093) / (7 + 0.63093)),
    "a wrong one gains nothing": ("ba", {"a": 1, "b": 0}, 10, 0.63093),
    "the ideal is cut at the depth too": ("ab", {"a": 1, "b": 1, "c": 1}, 2, 1.0),
    "depth one": ("ab", {"a": 1, "b": 3}, 1, 1 / 7),
}

RECALL: dict[str, tuple[str, dict[str, int], int, float]] = {
    "all": ("ab", {"a": 1, "b": 2}, 10, 1.0),
    "half": ("ax", {"a": 1, "b": 1}, 10, 0.5),
    "a third": ("xxa", {"a": 1, "b": 1, "c": 1}, 10, 1 / 3),
    "order does not matter": ("xyzab", {"a": 1, "b": 1}, 5, 1.0),
    "below the depth": ("xya", {"a": 1}, 2, 0.0),
    "at the depth": ("xa", {"a": 1}, 2, 1.0),
    "judged wrong does not count": ("ab", {"a": 1, "b": 0}, 10, 1.0),
    "nothing to find": ("ab", {"a": 0}, 10, 0.0),
    "nothing judged": ("ab", {}, 10, 0.0),
    "nothing ranked": ("", {"a": 1}, 10, 0.0),
    "found twice counts once": ("aa", {"a": 1, "b": 1}, 10, 0.5),
}


@pytest.mark.parametrize(("ranked", "judged", "depth", "value"), NDCG.values(), ids=NDCG)
def test_ndcg(ranked: str, judged: dict[str, int], depth: int, value: float) -> None:
    assert ndcg(list(ranked), judged, depth=depth) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(("ranked", "judged", "depth", "value"), RECALL.values(), ids=RECALL)
def test_recall(ranked: str, judged: dict[str, int], depth: int, value: float) -> None:
    assert recall(list(ranked), judged, depth=depth) == pytest.approx(value)
