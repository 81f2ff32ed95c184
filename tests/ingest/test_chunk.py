"""Chunks are exact pieces of their text, small enough, whole together, and know where they come from."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import CHUNK_BYTES, cut
from ingest.stages import Heading, PageStart, Text

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=3_000)
PROSE = st.lists(
    st.one_of(
        st.sampled_from(["The pump failed on 2 March. ", "Dr. A. B. said: yes, no; maybe... ", "\n\n", "\n", "...,,,"]),
        st.sampled_from(["栉水母的化石显然没有触须。", "พรรคแรงงาน", "Гляжу, поднимается. ", "  \t ", "\u2028"]),
        st.text(max_size=40),
    ),
    max_size=300,
).map("".join)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(text=st.one_of(WORDS, PROSE), data=st.data())
@settings(max_examples=150, deadline=None)
def test_every_chunk_is_an_exact_piece_and_together_they_hold_all(text: str, data: st.DataObject) -> None:
    text = text.encode("utf-8", "replace").decode()
    at = st.integers(0, max(0, len(text) - 1))
    headings = sorted(data.draw(st.sets(at, max_size=6))) if text else []
    pages = sorted({0, *data.draw(st.sets(at, max_size=4))}) if text else []
    source = Text(
        body=text,
        headings=tuple(Heading(at=place, level=1 + place % 3, title=f"H{place}") for place in headings),
        pages=tuple(PageStart(at=place, number=number) for number, place in enumerate(pages, 1)),
    )
    pieces = list(cut(source))
    assert [piece.ordinal for piece in pieces] == list(range(len(pieces)))
    for piece in pieces:
        assert text[piece.start : piece.end] == piece.body
        assert piece.body.strip()
        assert len(piece.body.encode()) <= CHUNK_BYTES
    assert all(one.end <= other.start for one, other in itertools.pairwise(pieces))
    assert squeezed("".join(piece.body for piece in pieces)) == squeezed(text)


def test_a_small_document_is_one_chunk() -> None:
    assert [piece.body for piece in cut(Text(body="# A\n\nOne.\n\nTwo."))] == ["# A\n\nOne.\n\nTwo."]


def test_nothing_makes_no_chunk() -> None:
    assert list(cut(Text(body=" \n "))) == []


def test_chunks_are_about_as_long_as_the_embedder_reads() -> None:
    body = "The ministry inspects the station every year and publishes what it found. " * 400
    sizes = [len(piece.body) for piece in cut(Text(body=body))]
    assert min(sizes[:-1]) > 850
    assert max(sizes) <= CHUNK_BYTES


@pytest.mark.parametrize("body", ["x" * 120_000, "字" * 20_000, "พ" * 20_000, "a,b;c." * 20_000, "..." * 20_000])
def test_text_without_spaces_is_cut_too(body: str) -> None:
    pieces = list(cut(Text(body=body)))
    assert "".join(piece.body for piece in pieces) == body
    assert max(len(piece.body.encode()) for piece in pieces) <= CHUNK_BYTES


@pytest.mark.timeout(20)
@pytest.mark.parametrize("mark", [".", " ", "\n", "!?", '."', ". ", "\u3002"])
def test_no_run_of_marks_takes_the_splitter_hostage(mark: str) -> None:
    assert squeezed("".join(piece.body for piece in cut(Text(body=mark * 200_000)))) == squeezed(mark * 200_000)


def sectioned(*sections: tuple[int, str, int]) -> Text:
    """Sections of (level, title, number of words)."""
    body, headings = "", []
    for level, title, words in sections:
        headings.append(Heading(at=len(body), level=level, title=title))
        body += f"{title}\n\n{'word ' * words}\n\n"
    return Text(body=body, headings=tuple(headings))


def test_a_chunk_does_not_straddle_top_level_headings() -> None:
    pieces = list(cut(sectioned((1, "Water", 80), (1, "Roads", 80))))
    assert [piece.heading for piece in pieces] == ["Water", "Roads"]


def test_tiny_sections_share_a_chunk() -> None:
    pieces = list(cut(sectioned(*[(1, f"Article {n}", 8) for n in range(30)])))
    assert len(pieces) < 10


def test_subsections_share_a_chunk_while_they_fit() -> None:
    pieces = list(cut(sectioned((1, "Water", 40), (2, "Pumps", 40), (2, "Pipes", 40), (1, "Roads", 60))))
    assert [piece.heading for piece in pieces] == ["Water", "Roads"]


def test_a_chunk_carries_its_heading_path() -> None:
    pieces = list(cut(sectioned((1, "Water", 300), (2, "Pumps", 300), (3, "Seals", 300), (2, "Pipes", 300))))
    paths = list(dict.fromkeys(piece.heading for piece in pieces))
    assert paths == ["Water", "Water › Pumps", "Water › Pumps › Seals", "Water › Pipes"]  # noqa: RUF001  # as in chunk.py


def test_a_chunk_knows_its_pages() -> None:
    page = "word " * 100
    text = Text(body=page * 4, pages=tuple(PageStart(at=len(page) * n, number=n + 1) for n in range(4)))
    spans = [(piece.first_page, piece.last_page) for piece in cut(text)]
    assert spans[0][0] == 1
    assert spans[-1][1] == 4
    for piece in cut(text):
        assert piece.first_page == piece.start // len(page) + 1
        assert piece.last_page == (piece.end - 1) // len(page) + 1


def test_a_text_without_pages_has_none() -> None:
    assert next(cut(Text(body="words"))).first_page is None
