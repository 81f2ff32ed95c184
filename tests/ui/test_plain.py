"""Text of others is shown as it is written: it never becomes Markdown, a link, a picture or a tag."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.plain import JOINER, answer_html, flowing, folded_html, found, heading_html, label, marked_html, shortened

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![picture](https://evil.example/p.png)",
    "[link](https://evil.example)",
    ":material/home: :smile: :red[x]",
    "$x^2$ `code` **bold** ~~gone~~",
    "https://evil.example www.evil.example me@evil.example",
]
TAGS = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")


def tags(html: str) -> set[str]:
    return {match[1] for match in TAGS.findall(html)}


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_no_tag_of_the_text(text: str) -> None:
    assert tags(marked_html(text, text[:5])) <= {"div", "mark"}
    assert tags(folded_html("a " * 400 + text + " b" * 800, text, "e", "l")) <= {"div", "mark", "details", "summary"}
    assert tags(answer_html(text)) <= {"div", "span"}
    assert tags(heading_html(text)) == {"h3"}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("far", ["", "far " * 200])
def test_nothing_around_a_quote_becomes_a_tag(text: str, far: str) -> None:
    whole = f"{text}{far}{text}THE QUOTE{text}{far}{text}"
    assert tags(marked_html(whole, "THE QUOTE")) == {"div", "mark"}
    assert tags(folded_html(whole, "THE QUOTE", "<b>e</b>", "<b>l</b>")) <= {"div", "mark", "details", "summary"}


@given(st.text(max_size=300), st.text(max_size=40))
def test_whatever_is_written_stays_inside_its_tags(text: str, quote: str) -> None:
    assert tags(marked_html(text, quote)) <= {"div", "mark"}
    assert tags(folded_html(text, quote, "e", "l")) <= {"div", "mark", "details", "summary"}


@given(st.text(max_size=200))
def test_a_label_leaves_no_sign_of_markdown_bare(text: str) -> None:
    bare = re.sub(r"\\.", "", label(text))
    assert not re.search(r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~\n]", bare)


@pytest.mark.parametrize(
    "text", [":smile:", ":material/home:", "https://evil.example", "www.evil.example", "a@b.example"]
)
def test_what_backslashes_do_not_break_is_broken_by_a_joiner(text: str) -> None:
    assert JOINER in label(text)


def test_a_label_reads_the_same() -> None:
    text = "Tide Gauges: 2024 (part 1), a@b"
    assert label(text).replace("\\", "").replace(JOINER, "") == text


def test_a_long_text_is_cut_at_a_word() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one two", 9) == "one two"


def test_the_quote_is_found_though_lines_break_elsewhere() -> None:
    text = "It rose\n by 3.1  millimetres."
    assert text[slice(*found(text, "rose by 3.1 millimetres"))] == "rose\n by 3.1  millimetres"


@pytest.mark.parametrize("quote", ["", "   ", "not there"])
def test_a_quote_that_is_not_there_marks_nothing(quote: str) -> None:
    assert "<mark>" not in marked_html("Some text.", quote)
    assert "Some text." in folded_html("Some text.", quote, "e", "l")


def test_signs_in_a_quote_are_no_pattern() -> None:
    assert "<mark>a.b*</mark>" in marked_html("xx a.b* yy", "a.b*")


def test_far_text_is_folded_and_nothing_of_it_is_lost() -> None:
    text = "before " * 100 + "THE QUOTE" + " after" * 300
    shown = folded_html(text, "THE QUOTE", "Earlier", "Later")
    assert shown.count("<details>") == 2
    assert re.sub(r"<summary>.*?</summary>|<[^>]+>", "", shown) == text


def test_near_text_is_not_folded() -> None:
    assert "<details>" not in folded_html("A short passage with THE QUOTE in it.", "THE QUOTE", "Earlier", "Later")


def test_lines_of_a_page_flow_together_and_paragraphs_stay() -> None:
    assert flowing("One line\n of it.  \nMore.\n\nNext\npart.") == "One line of it. More.\n\nNext part."


def test_numbers_of_an_answer_are_set_apart() -> None:
    assert answer_html("It rose [1].") == '<div class="hub-text">It rose <span class="hub-number">[1]</span>.</div>'
