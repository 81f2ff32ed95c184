"""What bears a draft: its own row and no other, each sentence by one of its own, and never its opposite."""

import pytest

from hub.guardrails.answer import check
from tests.hub.passages_made import passage

HEADER = "turbine | longest stop (hours) | cause of the longest stop | note"
LOG = (
    "K-07 | 40 | cable of the pitch motor chafed |\n"
    "K-08 | 38 | yearly inspection | stopped most often for birds\n"
    "K-09 | 1896 | blade bearing cracked on 2 May | crane vessel came only in July"
)
WHY = "Why did turbine K-09 stand still for so long?"
PORT = "Outside the port ten knots are allowed. Inside the port five knots are allowed."
LEVY = "The dyke levy is 31 euros per hectare. The council of the dykes decides it in March 2027."
SWIM = "Swimming in the Swan Basin is not allowed. Its water is cleaned every Monday."


def cited(draft: str, question: str, *bodies: str, **facts: str) -> list[tuple[int, str]] | None:
    checked = check(draft, question, [passage(body, number=n, **facts) for n, body in enumerate(bodies, start=1)])
    return None if checked is None else [(one.number, one.quote) for one in checked.citations]


def test_a_row_is_borne_by_itself_alone() -> None:
    row = (1, LOG.split("\n")[2])
    assert cited("The blade bearing cracked on 2 May.", WHY, LOG, heading=HEADER) == [row]
    assert cited(row[1], WHY, LOG, heading=HEADER) == [row]
    assert cited("It was stopped most often for birds.", WHY, LOG, heading=HEADER) is None
    assert cited("Turbine K-09 was stopped for 38 hours.", WHY, LOG, heading=HEADER) is None
    assert cited("The pitch motor cracked.", WHY, LOG, heading=HEADER) is None


def test_rows_of_one_document_compete_also_where_they_stand_in_two_passages() -> None:
    rows = LOG.split("\n")
    question = "Which note does the log of turbine K-09 hold?"
    assert cited("Stopped most often for birds.", question, rows[1], rows[2], heading=HEADER) is None
    assert cited("The crane vessel came only in July.", question, rows[1], rows[2], heading=HEADER) == [(2, rows[2])]


def test_rows_that_hold_as_much_of_the_question_are_all_asked_about() -> None:
    question = "Which turbine had its longest stop in a yearly inspection?"
    assert cited("K-08, stopped most often for birds", question, LOG, heading=HEADER) == [(1, LOG.split("\n")[1])]


def test_a_sentence_beside_a_table_is_not_borne_by_its_rows() -> None:
    body = f"The log of the turbines follows.\n{LOG}\nIt was closed in June."
    assert cited("The log of the crane vessel", "What does the log of the turbines tell?", body) != [
        (1, "The log of the turbines follows.")
    ]


def test_the_first_row_heads_a_table_that_has_no_other_heading() -> None:
    rows = ("Station | Operator | Installed", "Kestrel Point | Navigation Service | 2018", "Gull Rock | Harbour | 1990")
    table = "\n".join(rows)
    question = "Which operator was installed at Kestrel Point?"
    assert cited("The Navigation Service", question, table) == [(1, rows[1])]
    assert cited("The Harbour", question, table) is None


def test_a_date_in_german_is_quoted_whole() -> None:
    body = "Am 10. Juli 2025 wurden am Muschelsand 2.400 Keime gezählt. Die Badestelle wurde gesperrt."
    question = "Wie viele Keime wurden am Muschelsand gezählt?"
    assert cited("2.400 Keime am 10. Juli 2025", question, body) == [(1, body.partition(" Die ")[0])]


def test_two_sentences_are_each_borne_by_their_own() -> None:
    question = "How high is the dyke levy per hectare, and when is it decided by the council?"
    draft = "The dyke levy is 31 euros per hectare. It is decided in March 2027."
    apart = LEVY.split(". ", 1)
    assert cited(draft, question, LEVY) == [(1, LEVY)]
    assert cited(draft, question, f"{apart[0]}.", apart[1]) == [(1, f"{apart[0]}."), (2, apart[1])]
    checked = check(draft, question, [passage(f"{apart[0]}."), passage(apart[1], number=2)])
    assert checked is not None
    assert checked.text == "The dyke levy is 31 euros per hectare. [1] It is decided in March 2027. [2]"


@pytest.mark.parametrize(
    "draft",
    [
        "The dyke levy is 31 euros per hectare. It is decided in March 2028.",
        "The dyke levy is 13 euros per hectare. It is decided in March 2027.",
        "The dyke levy is 31 euros per hectare. The mayor owns boats.",
        "The mayor owns boats. It is decided in March 2027.",
        "The dyke levy is 2027 euros per hectare. It is decided in March 31.",
    ],
)
def test_one_sentence_that_nothing_bears_is_enough_to_refuse(draft: str) -> None:
    assert cited(draft, "How high is the dyke levy per hectare, and when is it decided?", LEVY) is None


def test_sentences_borne_by_one_are_one_citation() -> None:
    draft = "In the port five knots are allowed. Outside the port, ten knots."
    assert cited(draft, "How many knots are allowed in the port?", PORT) == [(1, PORT)]


NEGATED = [
    ("Swimming in the Swan Basin is allowed.", "Where is swimming possible?", SWIM, False),
    ("Swimming in the Swan Basin is not allowed.", "Where is swimming possible?", SWIM, True),
    ("It is not cleaned every Monday.", "When is the water of the Swan Basin cleaned?", SWIM, False),
    ("It is cleaned every Monday.", "When is the water of the Swan Basin cleaned?", SWIM, True),
    ("In the Swan Basin", "Where is swimming not allowed?", SWIM, True),
    ("Der Wasserverband.", "Wer darf den Deich betreten?", "Der Wasserverband darf den Deich nicht betreten.", False),
    ("Kein Wasserverband.", "Wer darf den Deich betreten?", "Der Wasserverband darf den Deich betreten.", False),
    ("Der Wasserverband.", "Wer darf den Deich nicht betreten?", "Der Wasserverband darf ihn nicht betreten.", True),
    ("Ferries never pay 31 euros.", "What do ferries pay?", "Ferries pay 31 euros a day.", False),
    ("See No. 5 of the rules.", "Which rules hold for ferries?", "For ferries the rules of No. 5 hold.", True),
]


@pytest.mark.parametrize(("draft", "question", "body", "kept"), NEGATED)
def test_a_negation_is_neither_dropped_nor_added(draft: str, question: str, body: str, *, kept: bool) -> None:
    assert (cited(draft, question, body) is not None) is kept


def test_a_negation_in_another_cell_of_the_row_does_not_count() -> None:
    row, heading = "Heron | 28 cars | no bicycles", "ferry | takes | bicycles"
    assert cited("28 cars", "How many cars does the ferry Heron take?", row, heading=heading) == [(1, row)]
    assert cited("At most 28 bicycles.", "What does the ferry Heron take?", row, heading=heading) is None
