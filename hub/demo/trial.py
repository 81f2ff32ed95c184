"""Asks the demo's forty questions as one person, and counts right citations and wrong answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from catalog.policy.model import Subject
from catalog.vocabulary import Purpose
from hub.answers import Answer, Refusal
from hub.ask import ask
from hub.services import Services


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, the document that answers it and words of the passage; None where nothing does."""

    question: str
    document: str | None
    says: str | None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of one question; `right`: the right passage was cited, or nothing was said where nothing is."""

    question: Question
    outcome: Answer | Refusal
    right: bool


def questions() -> list[Question]:
    """Return the forty questions, answerable ones first."""
    return [Question(**row) for row in json.loads((files("hub.demo") / "questions.json").read_text(encoding="utf-8"))]


def run(subject: Subject, hub: Services, tell: Callable[[int, int], None] = lambda *_: None) -> list[Trial]:
    """Ask each question in turn."""
    asked = questions()
    trials = []
    for number, question in enumerate(asked, start=1):
        outcome = ask(question.question, subject, Purpose.RESEARCH, hub)
        trials.append(Trial(question=question, outcome=outcome, right=_right(question, outcome)))
        tell(number, len(asked))
    return trials


def _right(question: Question, outcome: Answer | Refusal) -> bool:
    match outcome:
        case Refusal():
            return question.document is None
        case Answer() if question.says is not None:
            says = " ".join(question.says.split())
            return any(
                citation.passage.document_name == question.document and says in " ".join(citation.passage.body.split())
                for citation in outcome.citations
            )
        case Answer():
            return False
