"""The whole flow of a search: the passages themselves, charged like those of an answer; every end is audited."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from catalog.audit import AuditEvent, record
from catalog.disclosure import Passage, disclose
from catalog.errors import DependencyError
from catalog.policy.model import Scope, Subject
from catalog.vocabulary import DatasetId, DecisionId, EventType, Purpose, RefusalKind
from catalog.whereabouts import Whereabouts, whereabouts
from hub import retrieve
from hub.answers import REFUSING, Refusal, from_here, refusal, refusal_of, refused_all
from hub.ask import permitted
from hub.guardrails import question as question_guard
from hub.services import Services


@dataclass(frozen=True, kw_only=True)
class Facets:
    """How many of the passages that fit come from where; counted within the scope alone."""

    datasets: Mapping[DatasetId, int] = field(default_factory=dict)
    media_types: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Passages that fit, best first; `left_out` more would, but the reading budget did not hold them."""

    passages: tuple[Passage, ...]
    left_out: int
    refills_at: datetime | None
    decision_id: DecisionId
    facets: Facets = Facets()


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a search is narrowed to; empty does not narrow."""

    datasets: frozenset[DatasetId] = frozenset()
    media_types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, one: Whereabouts) -> bool:
        """Say whether a passage lies within it."""
        return (
            (not self.datasets or one.dataset_id in self.datasets)
            and (not self.media_types or one.media_type in self.media_types)
            and (self.since is None or one.published_at >= self.since)
            and (self.until is None or one.published_at < self.until)
        )


EVERYWHERE = Narrowing()
#: Among so many candidates a narrowed search looks, and facets are counted.
WIDE = 200


def search(  # noqa: PLR0913  # who asks what for, how much and where
    question: str,
    subject: Subject,
    purpose: Purpose,
    hub: Services,
    limit: int,
    *,
    within: Narrowing = EVERYWHERE,
) -> Found | Refusal:
    """Return at most `limit` passages for a verified person, or say why none.

    A part that fails makes a refusal; only a ledger that can't be written raises (then nothing is shown at all).
    """
    scope: Scope | None = None
    try:
        scope = permitted(subject, purpose, hub)
        plain = question_guard.checked(question, max_characters=hub.settings.max_question_characters)
        outcome = _found(plain, scope, hub, limit, within) if scope.dataset_ids else refused_all(scope)
        if isinstance(outcome, Refusal):
            outcome = from_here(outcome, scope)
    except REFUSING as error:
        outcome = refusal_of(error)
    return _audited(outcome, subject, scope, hub)


def _found(question: str, scope: Scope, hub: Services, limit: int, within: Narrowing) -> Found | Refusal:
    fitting = retrieve.fitting(question, scope, hub, limit=WIDE)
    with hub.database.begin(scope.asker) as session:
        known = whereabouts(session, scope.decision_id, fitting)
    wanted = [chunk for chunk in fitting if chunk in known and within.holds(known[chunk])][:limit]
    if not wanted:
        return refusal(RefusalKind.NOTHING_FOUND)
    disclosed = disclose(hub.database, scope, wanted)
    facets = Facets(
        datasets=Counter(one.dataset_id for one in known.values()),
        media_types=Counter(one.media_type for one in known.values() if one.media_type),
    )
    return Found(
        passages=disclosed.passages,
        left_out=disclosed.left_out,
        refills_at=disclosed.refills_at,
        decision_id=scope.decision_id,
        facets=facets,
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
        with hub.database.begin(subject.asker) as session:
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
