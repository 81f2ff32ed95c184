"""The whole flow of a search: the passages themselves, charged like those of an answer; every end is audited."""

from dataclasses import dataclass
from datetime import datetime

from catalog.audit import AuditEvent, record
from catalog.db import Asker
from catalog.disclosure import Passage
from catalog.errors import DependencyError
from catalog.policy.model import Scope, Subject
from catalog.vocabulary import DecisionId, EventType, Purpose, RefusalKind
from hub import retrieve
from hub.answers import REFUSING, Refusal, refusal, refusal_of
from hub.ask import permitted
from hub.guardrails import question as question_guard
from hub.services import Services


@dataclass(frozen=True, kw_only=True)
class Found:
    """Passages that fit, best first; `left_out` more would, but the reading budget did not hold them."""

    passages: tuple[Passage, ...]
    left_out: int
    refills_at: datetime | None
    decision_id: DecisionId


def search(question: str, subject: Subject, purpose: Purpose, hub: Services, limit: int) -> Found | Refusal:
    """Return at most `limit` passages for a verified person, or say why none.

    A part that fails makes a refusal; only a ledger that can't be written raises (then nothing is shown at all).
    """
    scope: Scope | None = None
    try:
        scope = permitted(subject, purpose, hub)
        plain = question_guard.checked(question, max_characters=hub.settings.max_question_characters)
        outcome = _found(plain, scope, hub, limit) if scope.dataset_ids else refusal(RefusalKind.NOT_PERMITTED)
    except REFUSING as error:
        outcome = refusal_of(error)
    return _audited(outcome, subject, scope, hub)


def _found(question: str, scope: Scope, hub: Services, limit: int) -> Found | Refusal:
    disclosed = retrieve.retrieve(question, scope, hub, limit=limit)
    if not disclosed.passages:
        return refusal(RefusalKind.NOTHING_FOUND)
    return Found(
        passages=disclosed.passages,
        left_out=disclosed.left_out,
        refills_at=disclosed.refills_at,
        decision_id=scope.decision_id,
    )


def _audited(outcome: Found | Refusal, subject: Subject, scope: Scope | None, hub: Services) -> Found | Refusal:
    found = isinstance(outcome, Found)
    event = AuditEvent(
        type=EventType.PASSAGES_SEARCHED if found else EventType.QUESTION_REFUSED,
        object="search",
        dataset_ids=scope.dataset_ids if scope else (),
        decision_id=scope.decision_id if scope else None,
        detail=_detail(outcome),
    )
    try:
        with hub.database.begin(Asker(person_id=subject.person_id)) as session:
            record(session, event)
    except DependencyError as error:
        # Nothing is shown that could not be written down.
        return refusal(RefusalKind.DEPENDENCY_DOWN, because=str(error))
    return outcome


def _detail(outcome: Found | Refusal) -> dict[str, object]:
    match outcome:
        case Found():
            return {"passages": len(outcome.passages), "left_out": outcome.left_out}
        case Refusal():
            return {"kind": outcome.kind}
