"""Why somebody may or may not: the ruling, the rules and the facts, as the question itself would find them."""

from datetime import timedelta
from typing import Any

import pytest

from catalog import grants, people
from catalog.errors import NotFoundError
from catalog.policy.check import check, sentences
from catalog.policy.decide import rulebook
from catalog.policy.explain import REMEDIES, Explanation, explain
from catalog.policy.facts import surroundings
from catalog.vocabulary import Action, Classification, Purpose
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, TERM, Nation
from tests.spec.drawn import stand


def told(
    nation: Nation, person: str | None, slug: str, purpose: Purpose = Purpose.RESEARCH, document: str | None = None
) -> Explanation:
    action = Action.QUERY if person else Action.INGEST
    with nation.operator.begin(OPERATOR) as session:
        found = people.find_person(session, person) if person else None
        here = surroundings(session, nation.site, sealed=True)
        one = nation.document_of(document) if document else None
        return explain(session, here, slug=slug, action=action, person=found, purpose=purpose, document=one)


@pytest.fixture
def varied(nation: Nation) -> Nation:
    nation.person("ada")
    nation.person("bob", clearance=Classification.PUBLIC)
    nation.person("luc", jurisdiction="US", organisation="startup")
    nation.dataset("rivers")
    nation.dataset("hidden", listed=False, access_from=["DE"])
    nation.dataset("open", classification=Classification.PUBLIC, purposes=[Purpose.RESEARCH, Purpose.STATISTICS])
    nation.dataset("far", process_in=["FR"])
    for person, slug in (("ada", "rivers"), ("bob", "rivers"), ("luc", "rivers"), ("luc", "hidden"), ("ada", "far")):
        nation.grant(person, slug, share=None)
    return nation


def test_an_explanation_says_what_the_question_itself_is_decided_to(varied: Nation) -> None:
    for person in varied.people:
        for purpose in (Purpose.RESEARCH, Purpose.STATISTICS):
            scope = varied.scope(person, purpose)
            explained = {slug: told(varied, person, slug, purpose) for slug in varied.datasets}
            assert {slug for slug, one in explained.items() if one.ruling.permitted} == {
                slug for slug, one in varied.datasets.items() if one in scope.dataset_ids
            }


@pytest.mark.parametrize(
    ("person", "slug", "rules"),
    [
        ("ada", "rivers", ("query.under-grant",)),
        ("ada", "hidden", ("default-deny",)),
        ("bob", "rivers", ("query.clearance-too-low",)),
        ("luc", "rivers", ("query.person-outside-access-from",)),
        ("ada", "far", ("query.endpoint-outside-process-in", "query.site-outside-process-in")),
        (None, "rivers", ("ingest.by-worker",)),
        (None, "far", ("ingest.endpoint-outside-process-in", "ingest.worker-outside-process-in")),
    ],
)
def test_it_names_every_rule_with_its_sentence(
    varied: Nation, person: str | None, slug: str, rules: tuple[str, ...]
) -> None:
    found = told(varied, person, slug).ruling
    assert found.rules == rules
    assert len(found.reasons) == len(rules)
    assert all(found.reasons)


def test_the_facts_are_those_of_the_registers(varied: Nation) -> None:
    stand(varied, "store", "DE-BY", under=("DE", "US"))
    facts = told(varied, "luc", "rivers").facts
    assert facts["dataset.classification"] == "internal"
    assert facts["dataset.access_from"].startswith("EU = AT, BE, ")
    assert facts["dataset.process_in"] == "DE"
    assert facts["store"] == "store in DE-BY, under the law of DE, US"
    assert (facts["person.place"], facts["person.clearance"]) == ("US", "secret")
    assert facts["grant for research"].startswith("until 20")
    assert told(varied, "luc", "rivers", Purpose.STATISTICS).facts["grant for statistics"] == "none"


def test_a_program_is_not_explained_by_its_organisations_grants(varied: Nation) -> None:
    with varied.operator.begin(OPERATOR) as session:
        lab = people.find_person(session, "ada").organisation_id
        grantee = grants.Grantee(organisation_id=lab)
        grants.give(session, dataset_id=varied.datasets["open"], grantee=grantee, purpose=Purpose.STATISTICS, term=TERM)
    assert told(varied, "ada", "open", Purpose.STATISTICS).ruling.permitted
    run(varied.database, "UPDATE hub.people SET kind = 'service' WHERE slug = 'ada'")
    run(varied.database, "DELETE FROM hub.grants WHERE everyone")
    assert varied.scope("ada", Purpose.STATISTICS).dataset_ids == ()
    assert told(varied, "ada", "open", Purpose.STATISTICS).ruling.rules == ("default-deny",)


def test_a_grant_that_ended_is_none(varied: Nation) -> None:
    varied.step_clock(timedelta(days=31))
    found = told(varied, "ada", "rivers")
    assert (found.ruling.rules, found.facts["grant for research"]) == (("default-deny",), "none")


def test_it_opens_nothing_and_leaves_its_own_trace(varied: Nation) -> None:
    told(varied, "luc", "rivers")
    assert value(varied.database, "SELECT count(*) FROM hub.decisions") == 0
    assert value(varied.database, "SELECT count(*) FROM hub.violations") == 0
    ((actor, what, detail),) = events(varied.database, "policy.explained")
    assert (actor, what) == ("operator:test", f"person:{varied.people['luc']}")
    assert detail["rules"] == ["query.person-outside-access-from"]


def test_what_is_not_there_is_said(varied: Nation) -> None:
    with pytest.raises(NotFoundError, match="no dataset 'rivres'"):
        told(varied, "ada", "rivres")


@pytest.mark.parametrize(
    ("person", "slug", "remedies"),
    [
        ("ada", "rivers", ()),
        ("ada", "hidden", ("default-deny",)),
        ("bob", "hidden", ("default-deny", "query.clearance-too-low")),
        ("luc", "rivers", ("query.person-outside-access-from",)),
        ("bob", "open", ()),
        ("luc", "far", ("default-deny", "query.endpoint-outside-process-in", "query.person-outside-access-from",
                        "query.site-outside-process-in")),
        (None, "far", ("ingest.endpoint-outside-process-in", "ingest.worker-outside-process-in")),
    ],
)  # fmt: skip
def test_it_says_all_that_would_have_to_change_a_missing_grant_too(
    varied: Nation, person: str | None, slug: str, remedies: tuple[str, ...]
) -> None:
    found = told(varied, person, slug).remedies
    assert tuple(sorted(found)) == remedies
    assert not [one for one in found.values() if "{" in one or not one.endswith(".")]


def test_every_rule_that_can_stand_in_the_way_has_its_remedy() -> None:
    forbids = {rule for rule, (effect, _) in sentences().items() if effect == "forbid"}
    assert set(REMEDIES) == forbids | {"default-deny", "error", "document-not-published"}


def test_what_would_change_it_does(varied: Nation) -> None:
    """Sam lacks a grant and stands outside: with the one and inside the other nothing is left in the way."""
    varied.person("sam", jurisdiction="US")
    assert set(told(varied, "sam", "rivers").remedies) == {"default-deny", "query.person-outside-access-from"}
    varied.grant("sam", "rivers", share=None)
    run(varied.database, "UPDATE hub.people SET jurisdiction = 'FR' WHERE slug = 'sam'")
    found = told(varied, "sam", "rivers")
    assert (found.ruling.permitted, found.remedies) == (True, {})


@pytest.fixture
def stricter(varied: Nation) -> Nation:
    """Of the rivers' documents one is as its dataset, the others stricter: each in its own tag."""
    for number, (name, own) in enumerate(STRICTER.items()):
        varied.document("rivers", name, [f"This is the text number {number} of the rivers."])
        varied.tag(name, **own)
    varied.zone("in-FR", "FR")
    stand(varied, "store", "DE", under=("DE", "FR"))
    return varied


STRICTER: dict[str, dict[str, Any]] = {
    "plain.md": {},
    "near.md": {"access_from": ["FR"]},
    "secret.md": {"classification": Classification.SECRET},
    "watched.md": {"forbidden_legal_control": ["FR"]},
}


def found_by(nation: Nation, person: str) -> set[str]:
    """The names of what a search finds, through a zone where the person is."""
    zone = {"fay": "in-FR"}.get(person, "zone")
    ids = [one.chunk_id for one in nation.search(nation.scope(person, zone=zone), "the text of the rivers", limit=50)]
    query = "SELECT DISTINCT d.name FROM hub.chunks c JOIN hub.documents d ON d.id = c.document_id WHERE c.id = ANY(%s)"
    return {name for (name,) in rows(nation.database, query, ids)}


def test_a_document_is_explained_as_searches_find_it(stricter: Nation) -> None:
    """Bob may see what is public, Luc stands in the US, Fay in France; the rivers are internal, for the EU."""
    stricter.person("fay", jurisdiction="FR")
    stricter.person("ivo", clearance=Classification.INTERNAL)
    for person in ("fay", "ivo"):
        stricter.grant(person, "rivers", share=None)
    seen = {}
    for person in stricter.people:
        explained = {name: told(stricter, person, "rivers", document=name).permitted for name in STRICTER}
        seen[person] = {name for name, permitted in explained.items() if permitted}
        assert seen[person] == found_by(stricter, person), person
    assert seen["ada"] == {"plain.md", "secret.md"}
    assert seen["fay"] == {"plain.md", "near.md", "secret.md"}
    assert seen["ivo"] == {"plain.md"}
    assert seen["bob"] == seen["luc"] == set()


def test_what_a_document_has_of_its_own_is_among_the_facts_and_what_would_change_it(stricter: Nation) -> None:
    found = told(stricter, "ada", "rivers", document="near.md")
    assert found.ruling.rules == ("query.person-outside-access-from",)
    assert (found.facts["document"], found.facts["document.access_from"]) == ("near.md", "FR")
    assert found.facts["dataset.access_from"].startswith("EU = ")
    assert found.remedies["query.person-outside-access-from"] == (
        "The person asks from FR, or the owner adds DE to access_from."
    )
    assert set(told(stricter, "ada", "rivers").facts) & {"document", "document.access_from"} == set()
    detail = events(stricter.database, "policy.explained")[0][2]
    assert "near.md" not in str(detail)
    assert detail["document"] == str(value(stricter.database, "SELECT id FROM hub.documents WHERE name = 'near.md'"))


def test_a_document_of_which_no_version_is_published_is_read_by_nobody_and_that_is_said(stricter: Nation) -> None:
    assert told(stricter, "ada", "rivers", document="plain.md").permitted
    run(stricter.database, "UPDATE hub.document_versions SET state = 'withdrawn'")
    found = told(stricter, "ada", "rivers", document="plain.md")
    assert (found.ruling.permitted, found.permitted) == (True, False)
    assert found.remedies == {
        "document-not-published": "Its steward publishes it: it is withdrawn, and no version of it is published."
    }
    assert told(stricter, None, "rivers", document="plain.md").permitted  # may be taken in, again too


def test_a_document_of_another_dataset_is_none_of_this_one(stricter: Nation) -> None:
    with pytest.raises(NotFoundError, match="'open' has no such document"):
        told(stricter, "ada", "open", document="plain.md")


def test_every_drawn_case_of_the_law_holds() -> None:
    assert [(case.case, case.found) for case in check() if not case.holds] == []


def test_every_rule_about_data_decides_some_drawn_case() -> None:
    decided = {rule for case in check() for rule in case.expected}
    assert {rule for rule in rulebook().reasons if not rule.startswith("role.")} <= decided


def test_each_rule_is_said_with_its_effect() -> None:
    said = sentences()
    assert said["query.under-grant"] == ("permit", "A live grant for this purpose covers the dataset.")
    assert {effect for rule, (effect, _) in said.items() if "outside" in rule or rule.startswith("any.")} == {"forbid"}
    assert set(said) == set(rulebook().reasons)
