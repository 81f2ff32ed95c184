"""The decision itself: default deny, forbid beats permit, and nothing that can't be evaluated lets anybody in."""

from dataclasses import replace
from importlib.resources import files
from uuid import UUID

import cedarpy
import pytest

from catalog.errors import DependencyError
from catalog.places import Place
from catalog.policy.decide import NO_RULE, decide, read_rulebook, rulebook
from catalog.policy.model import Law, Request, Ruling, Subject, Surroundings
from catalog.vocabulary import Action, Classification, Jurisdiction, PersonId, PlaceKind, Purpose

DE = frozenset({"DE"})
LAW = Law(
    classification=Classification.INTERNAL,
    granted=True,
    purposes=frozenset({"research"}),
    store_in=DE,
    process_in=DE,
    access_from=DE,
    forbidden_legal_control=frozenset(),
    forbidden_model_origins=frozenset(),
)
SCHEMA = (files("catalog.policy") / "rules.cedarschema").read_text(encoding="utf-8")
PERMIT = '@id("test.permit") @reason("Yes.") permit (principal, action, resource);'
FORBID = '@id("test.forbid") @reason("No.") forbid (principal is Person, action == Action::"query", resource is Law)'
#: Overflows when it is evaluated, and no earlier.
ERRS = "when { resource.classification + 9223372036854775807 > 1 }"


def place(kind: PlaceKind) -> Place:
    return Place(name=kind, kind=kind, jurisdiction=Jurisdiction("DE"), operator="o", legal_control=DE)


HERE = Surroundings(
    site=place(PlaceKind.SITE),
    store=place(PlaceKind.STORE),
    database=place(PlaceKind.DATABASE),
    worker=place(PlaceKind.WORKER),
    endpoint=place(PlaceKind.ENDPOINT),
    sealed=True,
    groups={},
    zone="zone",
    zones=(place(PlaceKind.ZONE),),
)
ADA = Subject(person_id=PersonId(UUID(int=1)), jurisdiction="DE", clearance=Classification.SECRET)
ASKED = Request(action=Action.QUERY, law=LAW, surroundings=HERE, subject=ADA, purpose=Purpose.RESEARCH)


def under(*rules: str, request: Request = ASKED) -> Ruling:
    (ruling,) = decide([request], read_rulebook("\n".join(rules), SCHEMA))
    return ruling


def test_what_no_rule_permits_is_denied() -> None:
    assert decide([replace(ASKED, law=replace(LAW, granted=False))]) == [NO_RULE]
    assert not NO_RULE.permitted
    assert under(FORBID + "when { false };") == NO_RULE


def test_one_forbid_beats_every_permit() -> None:
    assert under(PERMIT, PERMIT.replace("test.permit", "test.second")).permitted
    denied = under(PERMIT, FORBID + ";", PERMIT.replace("test.permit", "test.second"))
    assert denied == Ruling(permitted=False, rules=("test.forbid",), reasons=("No.",))


def test_a_rule_that_can_not_be_evaluated_denies() -> None:
    law = replace(LAW, classification=Classification.RESTRICTED)
    ruling = under(PERMIT, FORBID + ERRS + ";", request=replace(ASKED, law=law))
    assert (ruling.permitted, ruling.rules) == (False, ("error",))


def test_cedar_itself_would_have_let_that_request_in() -> None:
    """Why a diagnostic must deny: a forbid that errors is skipped, and the permit stands."""
    answer = cedarpy.is_authorized(
        {"principal": 'Person::"1"', "action": 'Action::"query"', "resource": 'Law::"1"', "context": {}},
        PERMIT + FORBID + "when { 9223372036854775807 + 1 > 1 };",
        [],
    )
    assert answer.decision == cedarpy.Decision.Allow
    assert answer.diagnostics.errors


def test_each_request_is_ruled_on_by_itself_and_in_order() -> None:
    laws = [LAW, replace(LAW, granted=False), replace(LAW, process_in=frozenset({"FR"})), LAW]
    rulings = decide([replace(ASKED, law=law) for law in laws])
    assert [ruling.permitted for ruling in rulings] == [True, False, False, True]
    assert rulings[2].rules == ("query.endpoint-outside-process-in", "query.site-outside-process-in")
    assert decide([]) == []


def test_a_worker_may_not_query_and_a_person_may_not_ingest() -> None:
    as_worker = replace(ASKED, subject=None)
    as_person = replace(ASKED, action=Action.INGEST)
    for request in (as_worker, as_person):
        (ruling,) = decide([request])
        assert not ruling.permitted


def test_each_rule_has_an_id_and_a_reason_in_one_sentence() -> None:
    book = rulebook()
    assert len(book.ids) == len(set(book.ids.values())) == len(book.reasons) >= 13
    for name, reason in book.reasons.items():
        assert name.split(".")[0] in {"query", "ingest", "keep", "any", "role"}
        assert reason.endswith(".")
        assert reason[0].isupper()
        assert len(reason) > 20


@pytest.mark.parametrize(
    "rules",
    [
        "permit (principal, action, resource);",
        '@id("a") permit (principal, action, resource);',
        '@reason("a") permit (principal, action, resource);',
        PERMIT + "permit (",
        PERMIT + FORBID + "when { resource.title };",
        PERMIT + FORBID + 'when { resource.classification == "secret" };',
    ],
)
def test_rules_without_their_notes_or_outside_the_schema_are_not_taken(rules: str) -> None:
    with pytest.raises(DependencyError):
        read_rulebook(rules, SCHEMA)


def test_a_change_of_one_letter_is_another_version_of_the_law() -> None:
    assert read_rulebook(PERMIT, SCHEMA).version != read_rulebook(PERMIT.replace("Yes", "yes"), SCHEMA).version
    assert rulebook().version == rulebook().version
