"""What a question comes to: an answer with its citations, or a refusal that says what to do."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from catalog.disclosure import Passage
from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    DataHubError,
    DependencyError,
    EmbeddingMismatchError,
    GuardrailError,
    StoppedError,
)
from catalog.policy.model import Scope
from catalog.vocabulary import Classification, DecisionId, Door, RefusalKind


@dataclass(frozen=True, kw_only=True)
class Citation:
    """`[number]` in an answer, and the passage it stands for; `quote` is found in it word for word."""

    number: int
    passage: Passage
    quote: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Text in which every `[n]` is one of `citations`.

    `label` is the highest classification among its sources, `store_in` and `process_in` the places all of them allow;
    `model` is the SHA-256 of the weights that wrote it, `endpoint` the place it ran at; `apart` passages more fitted,
    but no one endpoint may read them together with these.
    """

    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    label: Classification
    store_in: tuple[str, ...]
    process_in: tuple[str, ...]
    left_out: int
    cut: bool  # it would have repeated more of the passages than their classification allows
    decision_id: DecisionId
    model: str
    endpoint: str
    apart: int = 0


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """No answer: what happened and why, as far as this person may know, and what to do next.

    `shut_from_here`: more was granted to this person than may be read from where they, or their session, are.
    """

    kind: RefusalKind
    message: str
    refills_at: datetime | None = None
    shut_from_here: bool = False


#: One plain sentence a kind; nothing in them depends on what the person may not see.
REFUSALS: dict[RefusalKind, str] = {
    RefusalKind.NOTHING_FOUND: (
        "I found nothing on this in the datasets you may ask for this purpose. "
        "Try other words, or ask with another purpose you hold a grant for."
    ),
    RefusalKind.NOT_PERMITTED: (
        "There is no dataset you may ask for this purpose. Request access from a dataset's steward, "
        "or ask with a purpose you hold a grant for."
    ),
    RefusalKind.NO_ENDPOINT: (
        "You hold a grant, but none of this hub's models stands where those datasets may be processed, so no model "
        "read anything. Ask their steward, or this hub's operator for a model that stands there."
    ),
    RefusalKind.OUTSIDE_ACCESS: (
        "You hold a grant, but those datasets may not be read from where you are. Ask from a network of this hub that "
        "stands where they may be, or ask their steward."
    ),
    RefusalKind.UNKNOWN_ZONE: (
        "This hub does not know where that network stands, so nothing is read from it. Come in by an address of this "
        "hub that is known, or ask its operator to register the zone (`hub place add`)."
    ),
    RefusalKind.BUDGET: (
        "Your reading budget for these datasets is used up. What you have read stays free to read again."
    ),
    RefusalKind.NO_CITATION: (
        "I found passages that may touch on this, but none that states the answer, so I won't guess. "
        "Ask more precisely, or read the passages with `hub search`."
    ),
    RefusalKind.GUARD: "Ask again in plain words, in a few sentences.",
    RefusalKind.STOPPED: "You stopped it. What was read stays free to read again.",
    RefusalKind.DEPENDENCY_DOWN: (
        "A part the answer needs is not running, so nothing was answered. `hub status` shows which; try again then."
    ),
}


def refusal(kind: RefusalKind, *, because: str = "", refills_at: datetime | None = None) -> Refusal:
    """Return the refusal of that kind, with the particular reason in front when there is one."""
    message = f"{because} {REFUSALS[kind]}".strip()
    if refills_at is not None:
        message += f" It refills at {refills_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    return Refusal(kind=kind, message=message, refills_at=refills_at)


def refused_all(scope: Scope) -> Refusal:
    """Return the refusal for someone who may ask nothing: of what they hold grants for, the reason may be told."""
    if not scope.zone_known:
        zone = f"the network zone '{scope.subject.zone}'" if scope.subject.zone else "a network zone without a name"
        return refusal(RefusalKind.UNKNOWN_ZONE, because=f"You come in through {zone}.")
    if scope.refused_for and scope.refused_for <= _BY_WHERE_THEY_ARE:
        return refusal(RefusalKind.OUTSIDE_ACCESS)
    no_model = scope.refused_at == {Door.MODEL}
    return refusal(RefusalKind.NO_ENDPOINT if no_model else RefusalKind.NOT_PERMITTED)


def from_here(refused: Refusal, scope: Scope) -> Refusal:
    """Return a refusal that says so where what wasn't found may lie in what is shut for the person's place alone."""
    if refused.kind not in _MAY_LIE_ELSEWHERE or not scope.refused_for & _BY_WHERE_THEY_ARE:
        return refused
    return replace(refused, message=f"{refused.message} {ELSEWHERE}", shut_from_here=True)


ELSEWHERE: Final = (
    "Not all you hold a grant for may be read from where you are: from a network of this hub that stands where it may "
    "be, there may be an answer."
)
_MAY_LIE_ELSEWHERE: Final = frozenset({RefusalKind.NOTHING_FOUND, RefusalKind.NO_CITATION})
#: What refuses somebody for where they, or their session, are.
_BY_WHERE_THEY_ARE = frozenset({"query.person-outside-access-from", "query.session-outside-access-from"})


#: What may fail between a question and its end, and becomes a refusal; anything else is nobody's plan.
REFUSING = (
    GuardrailError,
    BudgetExhaustedError,
    AccessDeniedError,
    DependencyError,
    EmbeddingMismatchError,
    StoppedError,
)
TOO_SLOW = "Finding passages took longer than a permission lives (30 seconds)."


def refusal_of(error: DataHubError) -> Refusal:
    """Return the refusal that one of the `REFUSING` errors becomes."""
    match error:
        case GuardrailError():
            return refusal(RefusalKind.GUARD, because=str(error))
        case BudgetExhaustedError():
            return refusal(RefusalKind.BUDGET, refills_at=error.refills_at)
        case StoppedError():
            return refusal(RefusalKind.STOPPED)
        case AccessDeniedError():
            # The decision was this person's own: the only reason left is that it grew too old on the way.
            return refusal(RefusalKind.DEPENDENCY_DOWN, because=TOO_SLOW)
        case _:
            return refusal(RefusalKind.DEPENDENCY_DOWN, because=str(error))
