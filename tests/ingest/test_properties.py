# ruff: noqa: RUF001  # other scripts have letters that look like ours
"""Properties of the small readers over texts nobody thought of."""

import codecs
import string
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from catalog.errors import PermanentError
from ingest import filetypes, language, plain
from ingest.canonical import Builder, clean
from ingest.decode import decode, decode_html
from ingest.embed import embedded_text
from ingest.stages import Piece

LOOSE = settings(max_examples=150, deadline=None)
ANY_TEXT = st.text(max_size=400)
STORABLE = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)
TRICKY = st.lists(
    st.sampled_from(
        ["a", " ", "\n", "\r\n", "\t", "\x0c", "\x00", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\x1b",
         "\u200d", "\ud800", "\x85", "\n\n\n\n", "  \n", "é", "e\u0301", "# A", "```", "<!--", "-->", "|", ",", '"'],
    ),
    max_size=80,
).map("".join)  # fmt: skip
FORBIDDEN = (
    *map(chr, range(9)), "\x0b", "\x0c", "\r", *map(chr, range(0x0E, 0x20)), "\x7f", "\u200b", "\ufeff", "\u00ad",
    *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\U000e0041", "\ud800", "\udfff",
)  # fmt: skip


@given(st.one_of(ANY_TEXT, TRICKY))
@example("\u202eabc\u202c")
@LOOSE
def test_clean_text_holds_nothing_that_tricks_or_can_not_be_stored(raw: str) -> None:
    text, tricks = clean(raw)
    assert not [mark for mark in FORBIDDEN if mark in text]
    assert tricks >= 0
    text.encode("utf-8")


@given(st.one_of(ANY_TEXT, TRICKY))
@LOOSE
def test_cleaning_again_changes_nothing(raw: str) -> None:
    once, _ = clean(raw)
    twice, tricks = clean(once)
    assert twice == once
    assert tricks == 0


@given(st.one_of(ANY_TEXT, TRICKY))
@LOOSE
def test_cleaning_loses_no_letter_or_digit(raw: str) -> None:
    kept = [mark for mark in raw if mark.isalnum()]
    assert [mark for mark in clean(raw)[0] if mark.isalnum()] == kept


@given(st.one_of(ANY_TEXT, TRICKY))
@LOOSE
def test_clean_text_has_no_long_gaps_and_no_blanks_at_a_line_s_end(raw: str) -> None:
    text, _ = clean(raw)
    assert "\n\n\n\n" not in text
    assert not [line for line in text.split("\n") if line.endswith((" ", "\t"))]


@given(
    st.lists(
        st.tuples(st.one_of(ANY_TEXT, TRICKY), st.none() | st.integers(1, 5), st.none() | st.integers(1, 6)),
        max_size=12,
    )
)
@LOOSE
def test_every_offset_of_a_built_text_points_at_what_it_says(blocks: list[tuple[str, int | None, int | None]]) -> None:
    builder = Builder()
    for raw, page, level in blocks:
        builder.add(raw, page=page, level=level)
    built = builder.finish()
    starts = [at for at, _ in built.pages]
    assert starts == sorted(set(starts))
    assert all(0 <= at < len(built.text) for at in starts)
    assert all(one != other for (_, one), (_, other) in pairwise(built.pages))
    for at, level, title in built.headings:
        assert 1 <= level <= 6
        assert built.text[at:].startswith(title)
    assert not built.text.startswith("\n")


@given(STORABLE)
@LOOSE
def test_utf_8_is_read_letter_by_letter(text: str) -> None:
    if text.startswith("\ufeff") or text.count("\x00") * 4 >= len(text.encode()) > 0:
        return
    data = text.encode("utf-8")
    if any(data.startswith(mark) for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    assert decode(data)[0] == text


@given(STORABLE, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
@LOOSE
def test_a_text_with_its_mark_is_read_letter_by_letter(text: str, codec: str) -> None:
    if codec == "utf-16" and text.startswith("\x00"):
        return  # its first bytes are then UTF-32's mark: nobody could tell
    assert decode(text.encode(codec))[0] == text


@given(st.binary(max_size=300))
@LOOSE
def test_any_bytes_become_text_or_are_corrupt_and_nothing_else(data: bytes) -> None:
    for read in (decode, decode_html):
        try:
            text, codec = read(data)
        except PermanentError as refused:
            assert refused.reason.value == "corrupt"  # noqa: PT017  # either end is right; another error is not
        else:
            assert isinstance(text, str)
            codecs.lookup(codec)


@given(st.text(string.ascii_letters + " .,", min_size=20, max_size=200), st.sampled_from(["utf-16-le", "utf-16-be"]))
@LOOSE
def test_wide_text_without_a_mark_is_read_letter_by_letter(text: str, codec: str) -> None:
    assert decode(text.encode(codec))[0] == text


@given(st.binary(max_size=200), st.text(max_size=30))
@LOOSE
def test_any_bytes_under_any_name_get_a_kind_or_none(data: bytes, name: str) -> None:
    kind = filetypes.by_magic(data) or (filetypes.of_text(data, name) if filetypes.looks_like_text(data) else None)
    if kind is not None:
        assert isinstance(filetypes.breaks_its_promise(kind, name), bool)


@pytest.mark.parametrize("kind", sorted(filetypes.SUPPORTED))
def test_every_kind_that_is_read_keeps_its_own_promise_and_has_a_media_type(kind: str) -> None:
    assert not filetypes.breaks_its_promise(kind, f"a.{kind}")
    assert not filetypes.breaks_its_promise(kind, f"A.{kind.upper()}")
    assert "/" in filetypes.MEDIA_TYPES[kind]


@pytest.mark.parametrize(
    "name", ["a.tar.gz", "a..pdf", "dir.d/a.pdf", "dir\\a.pdf", ".pdf", "a.pdf ", "A.PDF", "a.b.pdf"]
)
def test_an_extension_is_the_last_one_in_small_letters(name: str) -> None:
    assert filetypes.extension(name) in {"pdf", "gz", ""}
    assert filetypes.extension("dir.d/a") == ""


@given(st.one_of(ANY_TEXT, TRICKY))
@LOOSE
def test_markdown_headings_point_at_their_titles(raw: str) -> None:
    assume("\x00" not in raw)  # bytes with a nul are no text: refused, and tested elsewhere
    found = plain.read_markdown(raw.encode("utf-8", "replace"))
    offsets = [at for at, _, _ in found.headings]
    assert offsets == sorted(offsets)
    for at, level, title in found.headings:
        assert 1 <= level <= 6
        assert title in found.text[at : at + 400]


@given(
    st.lists(st.lists(st.text(string.ascii_letters + " ", min_size=1, max_size=8), min_size=2, max_size=4), max_size=8)
)
@LOOSE
def test_a_table_keeps_every_word_of_every_cell(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    found = plain.read_csv(text.encode()).text
    assert found.replace("|", " ").split() == text.replace(",", " ").split()


@given(TRICKY)
@LOOSE
def test_a_table_of_anything_is_read_or_is_no_text(raw: str) -> None:
    data = raw.encode("utf-8", "replace")
    if data.count(0) * 4 < len(data):
        plain.read_csv(data)


@pytest.mark.parametrize(
    ("text", "configuration"),
    [
        ("The ministry inspects the pumping station every spring and publishes a report.", "english"),
        ("Das Ministerium prüft das Pumpwerk in jedem Frühjahr und veröffentlicht einen Bericht.", "german"),
        ("Le ministère contrôle la station de pompage chaque printemps et publie un rapport.", "french"),
        ("El ministerio inspecciona la estación de bombeo cada primavera y publica un informe.", "spanish"),
        ("Министерство каждую весну проверяет насосную станцию и публикует отчёт о ней.", "russian"),
        ("水利部每年春天检查泵站，并公布检查报告，供公众查阅和监督使用。" * 2, "simple"),
        ("12 345 67 89", "simple"),
        ("short", "simple"),
        ("", "simple"),
    ],
)
def test_a_language_is_found_or_the_text_is_simple(text: str, configuration: str) -> None:
    assert language.text_search_configuration(text) == configuration


@given(ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_the_same_text_has_the_same_language_each_time(text: str) -> None:
    assert language.text_search_configuration(text) == language.text_search_configuration(text)


@pytest.mark.parametrize(
    ("heading", "body", "read"),
    [
        ("", "The pump failed.", "The pump failed."),
        ("Water", "The pump failed.", "Water\nThe pump failed."),
        ("Water", "Water\n\nThe pump failed.", "Water\n\nThe pump failed."),
        ("Water › Pumps", "Pumps\n\nThe pump failed.", "Water › Pumps\nPumps\n\nThe pump failed."),
    ],
)
def test_the_model_reads_headings_once(heading: str, body: str, read: str) -> None:
    piece = Piece(ordinal=0, start=0, end=len(body), first_page=None, last_page=None, heading=heading, body=body)
    assert embedded_text(piece) == read
