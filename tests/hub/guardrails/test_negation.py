"""What denies, and what turns a sentence into its opposite."""

import pytest

from hub.guardrails.negation import denies, turns

DENYING = [
    "Swimming is not allowed.", "It isn't allowed.", "It isn\u2019t allowed.", "They can't.", "No boat may enter.",
    "None of them.", "Nobody may.", "It never rains.", "Neither gate holds.", "It cannot.", "Not here.",
    "Baden ist nicht erlaubt.", "Kein Boot.", "Keine Boote.", "Auf keinem Boot.", "Niemand darf.", "Mit niemandem.",
    "Nie wieder.", "Es gibt nichts.", "Weder er.", "Elle ne coule plus.", "Il n'y va jamais.", "Это не так.", "Нет.",
]  # fmt: skip
AFFIRMING = [
    "", "Swimming is allowed.", "It is noted.", "The notice.", "A knot.", "See No. 5.", "No 5 is open.",
    "Not only boats.", "Nicht nur Boote.", "Die Nichte.", "Ein Keiner-Preis".replace("Keiner", "Klein"),
    "The north.", "Nieder.", "The Ministry.", "Une digue.", "Неделя.",
]  # fmt: skip


@pytest.mark.parametrize("text", DENYING)
def test_it_denies(text: str) -> None:
    assert denies(text)
    assert denies(text.upper())


@pytest.mark.parametrize("text", AFFIRMING)
def test_it_affirms(text: str) -> None:
    assert not denies(text)


@pytest.mark.parametrize(
    ("said", "borne_by", "turned"),
    [
        ("Swimming is allowed.", "Swimming is allowed here.", False),
        ("Swimming is not allowed.", "Nobody may swim here.", False),
        ("Swimming is allowed.", "Swimming is not allowed here.", True),
        ("Swimming is not allowed.", "Swimming is allowed here.", True),
        ("Baden ist erlaubt.", "Baden ist hier nicht erlaubt.", True),
        ("Five knots are allowed.", "No boat may go faster than five knots.", False),
        ("No more than five knots.", "At most five knots.", False),
        ("Boats may go faster than five knots.", "No boat may go faster than five knots.", True),
        ("Nicht mehr als fünf Knoten.", "Fünf Knoten sind erlaubt.", False),
        ("Mehr als fünf Knoten.", "Nicht mehr als fünf Knoten.", True),
    ],
)
def test_an_answer_turns_what_bears_it_or_does_not(said: str, borne_by: str, *, turned: bool) -> None:
    assert turns(said, borne_by) is turned
    assert turns(borne_by, said) is turned
