"""One request over every endpoint it could be worked on at: permitted where one may, refused only where none may."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from catalog.ancestry import ServedModel
from catalog.policy.model import Request, Ruling
from catalog.vocabulary import ModelKind

T = TypeVar("T")


def elsewhere(request: Request) -> list[Request]:
    """Return the same request at each endpoint but the first."""
    here = request.surroundings
    return [replace(request, surroundings=here.at(place)) for place in here.more_endpoints]


def joined(rulings: Sequence[Ruling]) -> Ruling:
    """Return the one ruling that those at each endpoint come to, in their order of preference.

    Refused by all, only what another endpoint would not have mended is told: the rulings with the fewest rules.
    """
    allowed = [ruling for ruling in rulings if ruling.permitted]
    if allowed:
        refused = _each(breach for ruling in rulings if not ruling.permitted for breach in ruling.breaches)
        told = [ruling.models for ruling in allowed if ruling.models is not None]
        return replace(
            allowed[0],
            endpoints=_each(one for ruling in allowed for one in ruling.endpoints),
            apart=refused,
            models=frozenset[str]().union(*told) if told else None,
        )
    least = [one for one in rulings if not any(set(other.rules) < set(one.rules) for other in rulings)]
    reasons = {rule: reason for one in least for rule, reason in zip(one.rules, one.reasons, strict=True)}
    rules = tuple(sorted(reasons))
    return Ruling(
        permitted=False,
        rules=rules,
        reasons=tuple(reasons[rule] for rule in rules),
        breaches=_each(breach for one in least for breach in one.breaches),
    )


def models_of(request: Request) -> frozenset[str] | None:
    """Return the digests of the models it was decided about, where their origins were part of it."""
    return frozenset(one.sha256 for one in readers_of(request)) if request.law.forbidden_model_origins else None


def readers_of(request: Request) -> list[ServedModel]:
    """Return which of the endpoint's models read: an embedder a document, whatever answers a question's passages."""
    served = request.surroundings.endpoint.models
    return [one for one in served if request.subject or one.kind is ModelKind.EMBEDDING]


def _each(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
