"""Who and what there is in Varnholm, registered in a real database and decided by the real policy."""

import pytest

from catalog import datasets
from catalog.cards import cards
from catalog.db import Asker
from catalog.policy.facts import scope_for, surroundings
from catalog.policy.model import Subject
from catalog.vocabulary import Classification, DatasetId, PersonId, Purpose, Role
from hub.demo import ASKER, nation
from hub.demo.holdings import DATASETS
from hub.demo.people import GRANTS, ORGANISATIONS, people_to_try
from hub.stack.keycloak.people import PEOPLE
from tests.catalog.ledger import rows
from tests.fixtures.nation import OPERATOR, Nation

WHO = {person.slug: person for person in PEOPLE}
NEW = {new.slug: new for new in DATASETS}


@pytest.fixture
def varnholm(nation: Nation) -> dict[str, DatasetId]:
    """Everything but the documents."""
    return filled(nation)


def filled(made: Nation) -> dict[str, DatasetId]:
    with made.operator.begin(OPERATOR) as session:
        nation._register_people(session)
        ids = {new.slug: datasets.register(session, new) for new in DATASETS}
        nation._give_grants(session, ids)
    return ids


def may_ask(made: Nation, ids: dict[str, DatasetId], person: str, purpose: Purpose, *, sealed: bool = True) -> set[str]:
    who = WHO[person]
    subject = Subject(person_id=PersonId(who.id), jurisdiction=who.jurisdiction, clearance=who.clearance, zone="zone")
    with made.api.begin(subject.asker) as session:
        here = surroundings(session, made.site, sealed=sealed, zone="zone")
        scope = scope_for(session, subject=subject, purpose=purpose, here=here)
    return {slug for slug, dataset in ids.items() if dataset in scope.dataset_ids}


# declared


def test_three_ministries_the_water_board_and_a_company_own_eight_datasets() -> None:
    owners = {new.owner for new in DATASETS}
    assert {owner for owner in owners if owner.startswith("ministry-")} == {
        "ministry-of-health", "ministry-of-education", "ministry-of-the-interior",
    }  # fmt: skip
    assert owners - {f"ministry-of-{one}" for one in ("health", "education", "the-interior")} == {
        "water-board", "heronwind",
    }  # fmt: skip
    assert owners <= set(ORGANISATIONS)
    assert len(NEW) == 8


def test_the_datasets_differ_in_classification_residency_terms_and_listing() -> None:
    assert {new.classification for new in DATASETS} == set(Classification)
    assert {tuple(new.process_in) for new in DATASETS} == {("DE",), ("EU",)}
    assert len({tuple(new.access_from) for new in DATASETS}) >= 4
    assert len({tuple(new.forbidden_legal_control) for new in DATASETS}) >= 4
    assert len({tuple(new.purposes) for new in DATASETS}) >= 5
    assert {new.slug for new in DATASETS if not new.listed} == {"clinic-registry", "katastrophenschutz"}


def test_each_dataset_offers_two_or_three_questions_for_a_first_try() -> None:
    assert all(2 <= len(new.sample_questions) <= 3 for new in DATASETS)
    assert all(question.endswith("?") for new in DATASETS for question in new.sample_questions)


def test_grants_are_for_what_their_dataset_is_offered_for() -> None:
    assert all(purpose in NEW[dataset].purposes for _, dataset, purpose in GRANTS)
    assert {person for person, _, _ in GRANTS} == {"ada", "luc"}
    assert ASKER in WHO


def test_everyone_has_a_sentence_on_what_to_try() -> None:
    told = people_to_try()
    assert [(slug, name, role) for slug, name, role, _ in told] == [
        (person.slug, person.name, str(person.role)) for person in PEOPLE
    ]
    assert {role for _, _, role, _ in told} == set(Role)
    assert all(sentence.endswith(".") and len(sentence) < 130 for _, _, _, sentence in told)


# registered


def test_people_are_registered_under_the_ids_their_issuer_knows_them_by(
    nation: Nation, varnholm: dict[str, DatasetId]
) -> None:
    assert varnholm
    found = rows(nation.database, "SELECT id, slug, name, jurisdiction, clearance FROM hub.people ORDER BY slug")
    wanted = sorted((one.slug, one.id, one.name, one.jurisdiction, str(one.clearance)) for one in PEOPLE)
    assert found == [(key, slug, *rest) for slug, key, *rest in wanted]


def test_cards_carry_the_sample_questions(nation: Nation, varnholm: dict[str, DatasetId]) -> None:
    found = dict(rows(nation.database, "SELECT slug, sample_questions FROM hub.datasets"))  # type: ignore[arg-type]
    assert found == {slug: list(NEW[slug].sample_questions) for slug in varnholm}


EXPECTED = {
    ("ada", Purpose.RESEARCH): {
        "harbour-notices", "dyke-inspections", "clinic-registry", "water-quality", "wind-farm-logs",
    },
    ("ada", Purpose.STATISTICS): {"water-quality"},
    **{(person, Purpose.RESEARCH): set[str]() for person in ("luc", "mia", "sten", "rosa", "anton", "ines")},
    **{(person, Purpose.PRODUCT_DEVELOPMENT): {"varnholm-in-figures"} for person in WHO},
    **{(person, Purpose.PUBLIC_SERVICE): {"varnholm-in-figures"} for person in WHO},
}  # fmt: skip


def test_who_may_ask_what_for_which_purpose(nation: Nation, varnholm: dict[str, DatasetId]) -> None:
    for (person, purpose), wanted in EXPECTED.items():
        assert may_ask(nation, varnholm, person, purpose) == wanted, (person, purpose)


def test_lucs_grant_is_kept_from_him_by_his_place_alone(nation: Nation, varnholm: dict[str, DatasetId]) -> None:
    who = WHO["luc"]
    at_home = Subject(person_id=PersonId(who.id), jurisdiction="DE", clearance=who.clearance, zone="zone")
    with nation.api.begin(at_home.asker) as session:
        here = surroundings(session, nation.site, sealed=True, zone="zone")
        scope = scope_for(session, subject=at_home, purpose=Purpose.RESEARCH, here=here)
    assert set(scope.dataset_ids) == {varnholm["dyke-inspections"]}


def test_without_walls_the_researcher_keeps_what_is_internal(nation: Nation, varnholm: dict[str, DatasetId]) -> None:
    found = may_ask(nation, varnholm, "ada", Purpose.RESEARCH, sealed=False)
    assert found == {"harbour-notices", "water-quality", "wind-farm-logs"}


def test_a_founder_without_a_grant_sees_listed_cards_only(nation: Nation, varnholm: dict[str, DatasetId]) -> None:
    assert varnholm
    with nation.api.begin(Asker(person_id=PersonId(WHO["mia"].id), zone="zone")) as session:
        seen = {card.slug: card for card in cards(session)}
    assert set(seen) == {new.slug for new in DATASETS if new.listed}
    assert [slug for slug, card in seen.items() if card.access.purposes] == ["varnholm-in-figures"]
