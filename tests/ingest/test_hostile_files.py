"""Every trick of the table ends with its reason, before a parser sees the file and through the whole parser too."""

import random

import pytest

from catalog.errors import PermanentError
from ingest import hostile
from ingest.examine import examine
from ingest.parse import read
from tests.ingest import made
from tests.ingest.hostile_files import LIMITS, TRICKS, Trick, member


@pytest.mark.parametrize("trick", TRICKS, ids=str)
def test_a_trick_ends_with_its_reason(trick: Trick) -> None:
    with pytest.raises(PermanentError) as refused:
        examine(trick.data, trick.name, LIMITS)
    assert refused.value.reason is trick.reason, refused.value.detail
    assert len(refused.value.detail) <= 200
    assert refused.value.detail.isprintable()


def test_the_table_is_as_long_as_it_should_be_and_names_nothing_twice() -> None:
    assert len(TRICKS) >= 60
    assert len({trick.what for trick in TRICKS}) == len(TRICKS)


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if len(trick.data) < 1 << 20], ids=str)
def test_the_parser_itself_refuses_it_too(trick: Trick) -> None:
    with pytest.raises(PermanentError):
        read(trick.data, trick.name)


def test_a_refusal_never_repeats_a_member_s_name() -> None:
    with pytest.raises(PermanentError) as refused:
        examine(member("../minister's secret plan"), "a.zip", LIMITS)
    assert "plan" not in str(refused.value)


@pytest.mark.parametrize(
    "limits",
    [
        hostile.Limits(max_members=3),
        hostile.Limits(max_unpacked_bytes=50),
        hostile.Limits(small_unpacked_bytes=10, max_ratio=0),
    ],
)
def test_each_limit_by_itself_makes_a_bomb_of_an_honest_file(limits: hostile.Limits) -> None:
    data = made.word(None, "honest words")
    assert examine(data, "a.docx", hostile.Limits()) == "docx"
    with pytest.raises(PermanentError, match="archive"):
        examine(data, "a.docx", limits)


@pytest.mark.parametrize("size", [(14_142, 14_142), (200_000_000, 1), (1, 200_000_000), (0, 0)])
def test_a_picture_within_the_limit_is_no_bomb(size: tuple[int, int]) -> None:
    hostile.check_picture("png", made.png(*size), hostile.Limits())


@pytest.mark.parametrize("size", [(14_143, 14_143), (200_000_001, 1)])
def test_a_picture_a_pixel_too_large_is_a_bomb(size: tuple[int, int]) -> None:
    with pytest.raises(PermanentError, match="pixels"):
        hostile.check_picture("png", made.png(*size), hostile.Limits())


HONEST = {
    "a.docx": made.word(None, "The weir is inspected.", "Every spring."),
    "a.pdf": made.pdf(["The weir is inspected.", "Every spring."], outline=[("The weir", 0)]),
    "a.html": b"<html><body><h1>The weir</h1><p>is inspected &amp; <b>kept</b></p></body></html>",
    "a.csv": b"weir,year\nHollow Reach,2025\n",
    "a.md": b"# Weir\n\n<!-- hidden -->\n\nInspected.\n",
}


@pytest.mark.parametrize("name", sorted(HONEST))
@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_is_read_or_refused_but_never_crashes_the_reader(name: str, seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311  # repeatable
    data = bytearray(HONEST[name])
    for _ in range(drawn.randint(1, 40)):
        data[drawn.randrange(len(data))] = drawn.randrange(256)
    del data[drawn.randrange(len(data)) :][: drawn.randint(0, 30)]
    try:
        found = read(bytes(data), name)
    except PermanentError as refused:
        assert refused.reason  # noqa: PT017  # either end is right; another error is not
    else:
        assert found["text"].strip()


@pytest.mark.parametrize("name", sorted(HONEST))
def test_a_file_cut_anywhere_is_read_or_refused(name: str) -> None:
    data = HONEST[name]
    for end in range(1, len(data), max(1, len(data) // 25)):
        try:
            assert read(data[:end], name)["text"].strip()
        except PermanentError as refused:
            assert refused.reason.value != "failed"  # noqa: PT017  # either end is right; another error is not
