"""The whole flow of a question, top to bottom: every step may end it with a refusal, and both ends are audited."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import DependencyError
from catalog.policy.facts import scope_for, surroundings
from catalog.policy.model import Scope, Subject
from catalog.residency import shared
from catalog.vocabulary import Classification, EventType, Purpose, RefusalKind
from hub import retrieve
from hub.answers import REFUSING, Answer, Refusal, from_here, refusal, refusal_of, refused_all
from hub.follow_up import understood
from hub.guardrails import answer as answer_guard
from hub.guardrails import question as question_guard
from hub.guardrails.verbatim import Verbatim
from hub.listening import SILENCE, Listener, Stage
from hub.services import Services

Keep = Callable[[Session, Answer | Refusal], None]


def ask(  # noqa: PLR0913  # who asks what for, who listens, and what was asked before
    question: str,
    subject: Subject,
    purpose: Purpose,
    hub: Services,
    tell: Listener = SILENCE,
    *,
    earlier: str | None = None,
    keep: Keep | None = None,
) -> Answer | Refusal:
    """Answer `question` for a verified person, or say why not; `earlier` is what they asked before, if it goes on.

    `keep` writes what is to be kept of the outcome, in the transaction of its audit row.
    A part that fails makes a refusal; only a ledger that can't be written raises (then there is no answer at all).
    """
    scope: Scope | None = None
    try:
        scope = permitted(subject, purpose, hub)
        plain = question_guard.checked(question, max_characters=hub.settings.max_question_characters)
        plain = understood(plain, earlier)
        outcome = _answer(plain, scope, hub, tell) if scope.dataset_ids else refused_all(scope)
        if isinstance(outcome, Refusal):
            outcome = from_here(outcome, scope)
    except REFUSING as error:
        outcome = refusal_of(error)
    return _audited(outcome, subject, scope, hub, keep)


def permitted(subject: Subject, purpose: Purpose, hub: Services) -> Scope:
    """Return what the subject may query for the purpose, decided now."""
    with hub.database.begin(subject.asker) as session:
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed, zone=subject.zone)
        return scope_for(session, subject=subject, purpose=purpose, here=here)


def _answer(question: str, scope: Scope, hub: Services, tell: Listener) -> Answer | Refusal:
    tell.stage(Stage.LOOKING, len(scope.dataset_ids))
    read = retrieve.read(question, scope, hub, limit=hub.settings.passages_per_answer)
    passages = read.disclosure.passages
    if not passages:
        return refusal(RefusalKind.NOTHING_FOUND)
    tell.stage(Stage.READING, len(passages))
    within = Verbatim(passages, tell.piece)
    draft = hub.at(read.endpoint).writer.draft(question, passages, scope, within.piece)
    checked = answer_guard.check(within.text, question, passages)
    if checked is None:
        return refusal(RefusalKind.NO_CITATION)
    return Answer(
        text=checked.text,
        citations=checked.citations,
        passages=passages,
        label=max((p.classification for p in passages), key=lambda c: Classification(c).level),
        store_in=shared((p.store_in for p in passages), scope.groups),
        process_in=shared((p.process_in for p in passages), scope.groups),
        left_out=read.disclosure.left_out,
        apart=read.apart,
        cut=within.cut,
        decision_id=scope.decision_id,
        model=draft.model.revision,
        endpoint=read.endpoint,
    )


def _audited(
    outcome: Answer | Refusal, subject: Subject, scope: Scope | None, hub: Services, keep: Keep | None
) -> Answer | Refusal:
    answered = isinstance(outcome, Answer)
    detail: dict[str, object] = {"prompt": hub.writer.template.id, "prompt_digest": hub.writer.template.digest}
    match outcome:
        case Answer():
            detail |= {
                "model": outcome.model,
                "endpoint": outcome.endpoint,
                "label": outcome.label,
                "cited": [str(c.passage.chunk_id) for c in outcome.citations],
            }
            detail |= {"cut": True} if outcome.cut else {}
            detail |= {"apart": outcome.apart} if outcome.apart else {}
        case Refusal():
            detail |= {"kind": outcome.kind}
    event = AuditEvent(
        type=EventType.QUESTION_ANSWERED if answered else EventType.QUESTION_REFUSED,
        object="question",
        dataset_ids=scope.dataset_ids if scope else (),
        decision_id=scope.decision_id if scope else None,
        detail=detail,
    )
    try:
        with hub.database.begin(subject.asker) as session:
            record(session, event)
            if keep:
                keep(session, outcome)
    except DependencyError as error:
        # Nothing is said that could not be written down.
        return refusal(RefusalKind.DEPENDENCY_DOWN, because=str(error))
    return outcome
