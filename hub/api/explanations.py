"""`…/explanations`: why somebody may or may not ask a dataset, for who answers for it; written into the trail."""

from uuid import UUID

from fastapi import APIRouter

from catalog import people
from catalog.db import Asker, Auditor, Steward
from catalog.policy.explain import Explanation, explain
from catalog.policy.facts import surroundings
from catalog.vocabulary import Action, DocumentId, Purpose
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Slug
from hub.api.problems import RESPONSES
from hub.api.reach import require_oversight_reach
from hub.api.shapes import Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class RuleShape(Shape):
    """A rule that made the decision, and why."""

    rule: str
    reason: str


class FactShape(Shape):
    """A fact the decision was made from, as the registers hold it."""

    fact: str
    value: str


class RemedyShape(Shape):
    """What would have to change for a rule to give way."""

    rule: str
    change: str


class ExplanationShape(Shape):
    """What would be decided now."""

    permitted: bool
    rules: list[RuleShape]
    facts: list[FactShape]
    remedies: list[RemedyShape]

    @classmethod
    def of(cls, told: Explanation) -> "ExplanationShape":
        """Return it as the API says it."""
        ruling = told.ruling
        return cls(
            permitted=told.permitted,
            rules=[RuleShape(rule=r, reason=why) for r, why in zip(ruling.rules, ruling.reasons, strict=True)],
            facts=[FactShape(fact=fact, value=value) for fact, value in told.facts.items()],
            remedies=[RemedyShape(rule=rule, change=change) for rule, change in told.remedies.items()],
        )


@router.get("/residency/explanations", dependencies=[through(Action.OVERSEE)])
def explain_to_oversight(
    person: Slug, dataset: Slug, purpose: Purpose, hub: HubDep, caller: Caller
) -> ExplanationShape:
    """Say why a person may or may not ask a dataset, by which rules and facts, and what would change it."""
    me = caller.subject.person_id
    require_oversight_reach(hub, caller.subject, dataset)
    with (
        hub.services.database.begin(Asker(person_id=me)) as trail,
        hub.auditors.begin(Auditor(name=str(me))) as session,
    ):
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        found = people.find_person(session, person)
        told = explain(
            session, here, slug=dataset, action=Action.QUERY, person=found, purpose=purpose, trail=trail
        )  # fmt: skip
    return ExplanationShape.of(told)


@router.get("/datasets/{slug}/explanations", dependencies=[through(Action.MANAGE)])
def explain_to_owner(  # noqa: PLR0913  # a question is these facts
    slug: Slug, person: Slug, purpose: Purpose, *, hub: HubDep, caller: Caller, document_id: UUID | None = None
) -> ExplanationShape:
    """Say why somebody whom a grant on an own dataset names may or may not ask it; all others look absent.

    With `document_id`: why they may or may not read that document of it.
    """
    document = None if document_id is None else DocumentId(document_id)
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        found = people.find_grantee(session, slug, person)
        told = explain(
            session, here, slug=slug, action=Action.QUERY, person=found, purpose=purpose, document=document
        )  # fmt: skip
    return ExplanationShape.of(told)
