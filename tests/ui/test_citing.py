"""What a person copies: the answer with its sources, in three formats that other programs read."""

from datetime import UTC, datetime

import pytest

from tests.ui.peer import content
from ui.citing import FORMATS, as_bibtex, as_ris, as_text, cited
from ui.shapes.reading import Answer

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def told(**changed: object) -> Answer:
    return Answer.model_validate({**content.ANSWER, **changed})


def with_quote(quote: str, **passage: object) -> Answer:
    citation = {"number": 1, "quote": quote, "passage_id": "p1"}
    return told(citations=[citation], passages=[{**content.PASSAGE, **passage}])


def test_text_holds_the_answer_each_source_and_the_label() -> None:
    text = as_text(told(), AT)
    assert text.startswith("Since 1998")
    assert "[1] Tide Gauges: Gauge report 2024.pdf, p. 3, version 2 (2026-03-02)." in text
    assert content.QUOTE in text
    assert "Label: restricted." in text


def test_sources_stand_in_the_order_of_their_numbers() -> None:
    swapped = told(citations=list(reversed(content.ANSWER["citations"])))
    assert [citation.number for citation, _ in cited(swapped)] == [1, 2]


def test_a_citation_without_its_passage_is_left_out() -> None:
    assert cited(told(passages=[])) == []


def test_bibtex_has_an_entry_for_each_source() -> None:
    entries = as_bibtex(told(), AT)
    assert entries.count("@misc{") == 2
    assert "@misc{tide-gauges-1," in entries
    assert "pages = {3}" in entries
    assert "urldate = {2026-11-21}" in entries


@pytest.mark.parametrize("quote", ["50 % of {x}", r"\input{/etc/passwd}", "a_b $c$ #d & ~e ^f"])
def test_bibtex_takes_signs_of_tex_literally(quote: str) -> None:
    note = as_bibtex(with_quote(quote), AT).split("note = {")[1].rsplit("}\n}", 1)[0]
    for sign in "{}$&#%_":
        assert f"{sign}" not in note.replace(f"\\{sign}", "").replace("\\textbackslash{}", "").replace(
            "\\textasciitilde{}", ""
        ).replace("\\textasciicircum{}", "")


def test_ris_has_a_record_for_each_source_that_ends() -> None:
    records = as_ris(told(), AT)
    assert records.count("TY  - GEN") == records.count("ER  - ") == 2
    assert "SP  - 3" in records


def test_a_line_break_in_a_quote_begins_no_field() -> None:
    records = as_ris(with_quote("one\nTY  - EVIL\r\nER  - "), AT)
    assert records.count("\nTY  - ") == 0
    assert records.count("\nER  - ") == 1


def test_pages_are_a_range_where_there_are_several() -> None:
    several = with_quote("x", first_page=3, last_page=5)
    assert "pp. 3-5" in as_text(several, AT)
    assert "pages = {3--5}" in as_bibtex(several, AT)
    assert "EP  - 5" in as_ris(several, AT)


def test_a_document_without_pages_has_none() -> None:
    plain = with_quote("x", first_page=None, last_page=None)
    assert "pages" not in as_bibtex(plain, AT)
    assert "SP  - " not in as_ris(plain, AT)
    assert ", p" not in as_text(plain, AT).split("Tide Gauges")[1]


def test_every_format_is_offered() -> None:
    assert set(FORMATS) == {"text", "bibtex", "ris"}
