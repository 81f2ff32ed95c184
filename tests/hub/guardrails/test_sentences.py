"""Where sentences and rows begin and end: a table of texts, `/` where one is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.guardrails.sentences import sentences

CUT = [
    # English
    "Ferries lie here. / Boats lie there.",
    "Is it deep? / Yes! / It is 12 metres deep.",
    "It was built in 1634. / March winds took it.",
    "It burned down in 1712. / It was built again.",
    "The fine is 350. / Nobody pays it.",
    "See No. 5 and Art. 3 of the rules. / They hold.",
    "He said no. / Nobody answered.",
    "Some boats, e.g. Yawls, i.e. Two masts, lie here. / Others don't.",
    "Dr. Marwitz, Mrs. Toft and St. Adalbert met. / They agreed.",
    "It was led by Selma Q. Quist. / It ended.",
    "He said “Go.” / She went.",
    "It opens at 10.30 and closes. / (It is free.)",
    "It is cold… / The gate is shut.",
    # German
    "Am 10. Juli wurde gesperrt. / Am 3. August ging es weiter.",
    "Der 2. und der 3. Deich sind alt. / Der vierte ist neu.",
    "Vom 1. jan. bis zum 2. Dez. 2025 war zu. / Dann nicht.",
    "Boote, z. B. Kutter, d. h. Fischer, bzw. Jollen, zahlen ca. 5 Euro. / Andere nicht.",
    "Nach Nr. 7 und Abs. 2 gilt das. / Nach Art. IV auch.",
    "Das gilt für Boote jeder Art. / Es gilt sofort.",
    "„Halt.“ / Er hielt.",
    "Die Höhe beträgt 4,5 m. über Null. / Älter ist keiner.",
    # other scripts
    "Её длина 12 километров. / Она старая.",
    "Elle mesure 4,2 km. / Été comme hiver.",
    # what is no sentence
    "",
    "one without a mark",
    "... / 12",
]


@pytest.mark.parametrize("text", CUT)
def test_it_is_cut_where_it_is_drawn(text: str) -> None:
    expected = [part for part in text.split(" / ") if part]
    assert [one.text for one in sentences(text.replace(" / ", " "))] == expected
    assert [one.text for one in sentences(text.replace(" / ", "\n"))] == expected


def test_a_blank_line_parts_and_a_line_end_joins() -> None:
    assert [one.text for one in sentences("A heading\n\nIt is\n  deep.")] == ["A heading", "It is deep."]
    assert sentences("") == sentences("\n \n") == []


def test_rows_are_lines_of_their_own_and_know_their_table() -> None:
    body = "Stations.\nName | Place\n\nKestrel | Coast. Open\nGull | Rock\nAll of them.\n\n| a | b |\n| c | d |"
    assert [(one.text, one.table) for one in sentences(body)] == [
        ("Stations.", None),
        ("Name | Place", 1),
        ("Kestrel | Coast. Open", 1),
        ("Gull | Rock", 1),
        ("All of them.", None),
        ("| a | b |", 2),
        ("| c | d |", 2),
    ]


WORDS = st.sampled_from(["Am", "10.", "Juli", "z.", "B.", "It", "is.", "|", "\n", "\n\n", "„Ja.“", "1712.", "No.", "a"])


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join)))
def test_nothing_is_lost_and_nothing_added(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())
    assert all(one.text for one in found)
