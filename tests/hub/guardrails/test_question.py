"""The guard on the question: what is taken, how it is made plain, and what is refused in which words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import GuardrailError
from hub.guardrails.question import checked

LIMIT = 100

PLAIN = {
    "as it is": ("Who maintains the dykes?", "Who maintains the dykes?"),
    "spaces around": ("  Who?  ", "Who?"),
    "spaces inside": ("Who   maintains\tthem?", "Who maintains them?"),
    "lines": ("Who\nmaintains\r\nthem?", "Who maintains them?"),
    "line and paragraph separators": ("Who\u2028maintains\u2029them?", "Who maintains them?"),
    "a null byte": ("Who\x00maintains?", "Who maintains?"),
    "an escape sequence": ("Who \x1b[31mmaintains?", "Who [31mmaintains?"),
    "a bell": ("Who\x07?", "Who ?"),
    "zero-width space": ("Wh\u200bo?", "Who?"),
    "zero-width joiner": ("Wh\u200do?", "Who?"),
    "byte order mark": ("\ufeffWho?", "Who?"),
    "soft hyphen": ("main\u00adtains", "maintains"),
    "right-to-left override": ("Who\u202e?", "Who?"),
    "isolates": ("\u2066Who\u2069?", "Who?"),
    "Unicode tags": ("Who?\U000e0049\U000e0067", "Who?"),
    "private use": ("Who\ue000?", "Who?"),
    "a lone surrogate": ("Who\ud800?", "Who?"),
    "no-break space": ("Who\u00a0maintains?", "Who maintains?"),
    "composed": ("Mu\u0308hle", "Mühle"),
    "German": ("Wer pflegt die Deiche?", "Wer pflegt die Deiche?"),
    "Arabic": ("من يصون السدود؟", "من يصون السدود؟"),
    "Chinese": ("谁维护堤坝", "谁维护堤坝"),
    "Hindi": ("तटबंध कौन?", "तटबंध कौन?"),
    "a number alone": ("1962", "1962"),
    "markup is text": ("<b>Who</b> {passages} %s", "<b>Who</b> {passages} %s"),
}

EMPTY = ["", " ", "\n\t", "?", "…", "!!!", "\u200b\u200b", "\U000e0041\U000e0042", "\x00", "\ufeff", "- - -", "\ud800"]


@pytest.mark.parametrize(("given_", "plain"), PLAIN.values(), ids=PLAIN)
def test_a_question_is_made_plain(given_: str, plain: str) -> None:
    assert checked(given_, max_characters=LIMIT) == plain


@pytest.mark.parametrize("nothing", EMPTY, ids=ascii)
def test_a_question_without_a_letter_or_digit_is_empty(nothing: str) -> None:
    with pytest.raises(GuardrailError, match="is empty"):
        checked(nothing, max_characters=LIMIT)


def test_the_limit_is_the_last_length_that_is_taken() -> None:
    assert checked("x" * LIMIT, max_characters=LIMIT) == "x" * LIMIT
    with pytest.raises(GuardrailError, match="101 characters; 100 are allowed"):
        checked("x" * (LIMIT + 1), max_characters=LIMIT)


def test_invisible_characters_count_towards_the_length() -> None:
    with pytest.raises(GuardrailError):
        checked("Who?" + "\u200b" * LIMIT, max_characters=LIMIT)


def test_a_refusal_does_not_repeat_the_question() -> None:
    with pytest.raises(GuardrailError) as refused:
        checked("confidential " * 20, max_characters=LIMIT)
    assert "confidential" not in str(refused.value)


@given(st.text(max_size=LIMIT))
def test_whatever_is_asked_what_comes_out_is_one_line_of_visible_text(question: str) -> None:
    try:
        plain = checked(question, max_characters=LIMIT)
    except GuardrailError:
        assert not any(c.isalnum() for c in unicodedata.normalize("NFC", question))
        return
    assert plain == " ".join(plain.split())
    assert not {unicodedata.category(c) for c in plain} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert checked(plain, max_characters=len(plain)) == plain
