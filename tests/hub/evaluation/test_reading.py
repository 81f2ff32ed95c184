"""`hub eval` through the real path: sets and manifests as files, spans put together, a whole run on a running hub."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.disclosure import Passage
from catalog.errors import SettingsError
from hub.evaluation.reading import _joined
from hub.evaluation.retrieval import read_set
from tests.hub.passages_made import passage

CORPUS = [
    {"_id": "d/1", "title": "Speed", "text": "Inside the breakwaters five knots."},
    {"_id": "d 2", "text": "The first jetty was built in 1634."},
    {"_id": "d3", "title": "", "text": "Waste in the basin costs 350 euros."},
]
QUERIES = [
    {"_id": "q1", "text": "How fast?"},
    {"_id": "q2", "text": "When was the jetty built?"},
    {"_id": "q9", "text": "?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td/1\t2\nq1\td3\t0\nq2\td 2\t1\n"


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)) + "\n\n")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / "qrels.tsv").write_text(QRELS)
    return folder


def test_a_set_is_read_with_titles_before_texts(judged: Path) -> None:
    found = read_set(judged)
    assert found.name == "tiny"
    assert found.documents["d/1"] == "Speed\n\nInside the breakwaters five knots."
    assert found.documents["d3"] == "Waste in the basin costs 350 euros."
    assert found.judged == {"q1": {"d/1": 2, "d3": 0}, "q2": {"d 2": 1}}


def test_a_query_nobody_judged_is_left_out(judged: Path) -> None:
    assert set(read_set(judged).queries) == {"q1", "q2"}


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_set_without_one_of_its_files_is_refused_by_its_name(judged: Path, name: str) -> None:
    (judged / name).unlink()
    with pytest.raises(SettingsError, match=f"has no {name}"):
        read_set(judged)


def piece(text: str, start: int, end: int) -> Passage:
    return passage(text[start:end], span_start=start, span_end=end)


def test_pieces_that_overlap_are_put_together_without_doubling() -> None:
    text = "0123456789"
    assert _joined([piece(text, 0, 6), piece(text, 4, 10)]) == text


def test_pieces_come_in_any_order() -> None:
    text = "0123456789"
    assert _joined([piece(text, 5, 10), piece(text, 0, 5)]) == text


def test_a_gap_becomes_a_new_line() -> None:
    text = "0123456789"
    assert _joined([piece(text, 0, 3), piece(text, 6, 10)]) == "012\n6789"


def test_a_piece_inside_another_adds_nothing() -> None:
    text = "0123456789"
    assert _joined([piece(text, 0, 10), piece(text, 3, 5)]) == text


def test_nothing_is_nothing() -> None:
    assert _joined([]) == ""


@given(text=st.text(min_size=1, max_size=80), cuts=st.lists(st.integers(0, 80), max_size=8), overlap=st.integers(0, 5))
def test_whatever_the_cuts_the_text_comes_back(text: str, cuts: list[int], overlap: int) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [piece(text, max(0, start - overlap), end) for start, end in pairwise(edges)]
    assert _joined(pieces) == text
