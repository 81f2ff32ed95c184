"""A page is drawn within its bounds, the quoted words marked where they stand, and nothing that was not charged."""

import base64
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest import parse, png
from ingest.picture import MOST_PIXELS, MOST_SIDE_PIXELS, SCALE, draw, scale_of
from tests.ingest import made
from tests.ingest.drawn import Pixels, decoded, page_of

LINES = ["The pump failed on 2 March.", "It was re-", "paired in April.", "Nothing else happened."]
PAGE = "\n".join(LINES)
#: made.pdf() writes from 700 points up, 14 to a line, on a page of 800.
TOPS = [round((100 + 14 * number - 9) * SCALE) for number in range(len(LINES))]


def seen(answer: dict[str, Any]) -> Pixels:
    return Pixels(width=answer["width"], height=answer["height"], data=base64.b64decode(answer["pixels"]))


def lines_marked(pixels: Pixels) -> list[int]:
    """Which lines of PAGE carry a mark, by the rows it covers."""
    rows = pixels.marked_rows()
    return [number for number, top in enumerate(TOPS) if len(rows & set(range(top, top + 14))) > 8]


def test_a_page_is_drawn_at_its_scale_black_on_white() -> None:
    drawn = seen(draw(made.pdf([PAGE]), page=1))
    assert (drawn.width, drawn.height) == (960, 1280)
    assert drawn.at(5, 5) == (255, 255, 255)
    assert any(drawn.at(x, y) < (60, 60, 60) for y in range(TOPS[0], TOPS[0] + 14) for x in range(32, 200))
    assert drawn.marked_rows() == set()


@pytest.mark.parametrize(
    ("mark", "lines"),
    [
        ("The pump failed on 2 March.", [0]),
        ("It was repaired in April.", [1, 2]),
        ("the PUMP   failed\non 2 march. It was re-paired in April. Nothing else happened.", [0, 1, 2, 3]),
        ("else", [3]),
        ("The pump never failed.", []),
        ("", []),
    ],
)
def test_the_quoted_words_are_marked_where_they_stand_and_nowhere_else(mark: str, lines: list[int]) -> None:
    answer = draw(made.pdf([PAGE]), page=1, mark=mark)
    assert lines_marked(seen(answer)) == lines
    assert answer["marked"] == bool(lines)


def test_what_is_marked_can_still_be_read() -> None:
    drawn = seen(draw(made.pdf([PAGE]), page=1, mark=LINES[0]))
    dark = [drawn.at(x, y) for y in range(TOPS[0], TOPS[0] + 14) for x in range(32, 200)]
    assert min(sum(pixel) for pixel in dark) < 250
    assert max(sum(pixel) for pixel in dark) > 550


def test_a_mark_covers_its_words_and_not_the_rest_of_the_line() -> None:
    columns = seen(draw(made.pdf(["AAAA BBBB CCCC"]), page=1, mark="BBBB")).marked_columns()
    whole = seen(draw(made.pdf(["AAAA BBBB CCCC"]), page=1, mark="AAAA BBBB CCCC")).marked_columns()
    assert min(whole) + 40 < min(columns)
    assert max(columns) + 40 < max(whole)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_mark_turns_with_the_page(turned: int) -> None:
    words = b"BT /F1 20 Tf 20 20 Td (The words.) Tj ET"
    drawn = seen(draw(page_of(300, 200, words, b"/Rotate %d" % turned), page=1, mark="The words."))
    rows, columns = drawn.marked_rows(), drawn.marked_columns()
    assert (drawn.width > drawn.height) == (turned in {0, 180})
    assert (max(columns) < drawn.width // 2) == (turned in {0, 90})
    assert (max(rows) < drawn.height // 2) == (turned in {90, 180})


def test_a_mark_is_seen_on_a_dark_page_and_stays_inside_a_cropped_one() -> None:
    words = b"0 0 0 rg 0 0 300 200 re f 1 1 1 rg BT /F1 20 Tf 20 20 Td (The words.) Tj ET"
    plain, marked = (seen(draw(page_of(300, 200, words), page=1, mark=mark)) for mark in ("", "The words."))
    assert sum(a != b for a, b in zip(plain.data, marked.data, strict=True)) > 1000
    cropped = draw(page_of(300, 200, words, b"/CropBox[10 10 150 60]"), page=1, mark="The words.")
    assert (cropped["width"], cropped["height"], cropped["marked"]) == (224, 80, 1)


def test_the_page_that_was_asked_for_is_drawn() -> None:
    data = made.pdf(["one", "two", "three"])
    assert [draw(data, page=number, mark="two")["marked"] for number in (1, 2, 3)] == [0, 1, 0]


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(PermanentError) as refused:
        draw(made.pdf(["one", "two", "three"]), page=page)
    assert refused.value.reason is RefusalReason.CORRUPT


@pytest.mark.parametrize("height", [800, 14_400])
def test_an_annotation_is_not_shown_as_nobody_was_charged_for_its_words(height: int) -> None:
    with_one, without = (seen(draw(page_of(600, height, more=more), page=1)) for more in (b"/Annots[6 0 R]", b""))
    assert with_one == without


@pytest.mark.parametrize(
    ("width", "height"),
    [(595, 842), (842, 1191), (14_400, 14_400), (14_400, 1), (1, 14_400), (3, 3), (2384, 3370), (1e7, 1e7)],
)
def test_a_picture_keeps_within_its_bounds(width: float, height: float) -> None:
    drawn = seen(draw(page_of(width, height), page=1))
    assert 1 <= drawn.width <= MOST_SIDE_PIXELS
    assert 1 <= drawn.height <= MOST_SIDE_PIXELS
    assert len(drawn.data) == drawn.width * drawn.height * 3
    assert len(drawn.data) <= MOST_PIXELS * 3


@given(width=st.floats(1e-3, 1e7), height=st.floats(1e-3, 1e7))
def test_no_size_of_a_page_leads_out_of_the_bounds(width: float, height: float) -> None:
    scale = scale_of(width, height)
    columns, rows = math.ceil(width * scale), math.ceil(height * scale)
    assert 1 <= columns <= MOST_SIDE_PIXELS
    assert 1 <= rows <= MOST_SIDE_PIXELS
    assert columns * rows <= MOST_PIXELS
    assert scale <= SCALE


@pytest.mark.parametrize("size", [0.0, -1.0, math.inf, math.nan])
def test_a_page_without_a_size_is_none(size: float) -> None:
    for width, height in ((size, 100.0), (100.0, size)):
        with pytest.raises(ValueError, match="without a size"):
            scale_of(width, height)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (made.locked_pdf(), RefusalReason.ENCRYPTED),
        (b"%PDF-1.4", RefusalReason.CORRUPT),
        (b"", RefusalReason.CORRUPT),
        (b"<p>no pdf", RefusalReason.CORRUPT),
        (made.pdf([PAGE])[:200], RefusalReason.CORRUPT),
    ],
)
def test_what_can_not_be_drawn_is_refused_with_its_reason(data: bytes, reason: RefusalReason) -> None:
    with pytest.raises(PermanentError) as refused:
        draw(data, page=1, mark="words")
    assert refused.value.reason is reason


def test_the_parser_draws_where_the_header_names_a_page_and_reads_where_it_does_not() -> None:
    data = made.pdf([PAGE])
    assert parse.serve_one({"name": "", "page": 1, "mark": "pump"}, data)["marked"] == 1
    assert "text" in parse.serve_one({"name": "a.pdf"}, data)
    assert parse.serve_one({"page": 2}, data)["refused"] == "corrupt"
    assert parse.serve_one({"page": 1}, made.locked_pdf())["refused"] == "encrypted"


def test_a_png_holds_what_it_was_made_of() -> None:
    pixels = bytes(range(24))
    assert decoded(png.encode(4, 2, pixels)) == Pixels(width=4, height=2, data=pixels)


@pytest.mark.parametrize(("width", "height", "count"), [(4, 2, 23), (4, 2, 25), (0, 0, 0), (-1, -1, 3), (1, 0, 0)])
def test_pixels_that_do_not_fill_a_picture_make_none(width: int, height: int, count: int) -> None:
    with pytest.raises(ValueError, match="three bytes"):
        png.encode(width, height, bytes(count))


def test_the_largest_picture_stays_below_five_megabytes_however_little_it_compresses() -> None:
    import random

    noise = random.Random(1).randbytes(1600 * 1000 * 3)  # noqa: S311  # any noise
    assert len(png.encode(1600, 1000, noise)) < 5_000_000
