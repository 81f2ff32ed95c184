"""Organisations and people: registered once, found by their names, each registration in the trail."""

from concurrent.futures import ThreadPoolExecutor
from uuid import NAMESPACE_URL, uuid5

import pytest

from catalog import people
from catalog.errors import ConflictError, NotFoundError, SettingsError
from catalog.vocabulary import Classification
from tests.catalog.ledger import events, rows, value
from tests.fixtures.nation import OPERATOR, Nation


def register(nation: Nation, slug: str = "ada", **other: object) -> people.Person:
    facts = {"organisation": "ministry", "jurisdiction": "DE", "clearance": Classification.INTERNAL, **other}
    with nation.operator.begin(OPERATOR) as session:
        people.register_person(session, slug=slug, name=slug.title(), **facts)  # type: ignore[arg-type]
        return people.find_person(session, slug)


@pytest.mark.parametrize("clearance", Classification)
@pytest.mark.parametrize("jurisdiction", ["DE", "CA-QC"])
def test_a_person_is_found_as_they_were_registered(
    nation: Nation, clearance: Classification, jurisdiction: str
) -> None:
    found = register(nation, clearance=clearance, jurisdiction=jurisdiction)
    assert (found.slug, found.name, found.jurisdiction, found.clearance) == ("ada", "Ada", jurisdiction, clearance)
    assert isinstance(found.clearance, Classification)
    with nation.operator.begin(OPERATOR) as session:
        assert found.organisation_id == people.find_organisation(session, "ministry")


def test_a_person_keeps_the_id_their_issuer_knows_them_by(nation: Nation) -> None:
    known = uuid5(NAMESPACE_URL, "https://hub.example/people/ada")
    assert register(nation, person_id=known).id == known
    assert register(nation, "eve").id != known
    with pytest.raises(ConflictError, match="already there"):
        register(nation, "mia", person_id=known)
    assert value(nation.database, "SELECT count(*) FROM hub.people") == 2


def test_a_registration_is_in_the_trail_under_its_actor(nation: Nation) -> None:
    found = register(nation)
    assert events(nation.database, "person.registered") == [
        (
            "operator:test",
            f"person:{found.id}",
            {"slug": "ada", "jurisdiction": "DE", "clearance": "internal"},
        )
    ]


def test_a_taken_name_is_a_conflict_and_leaves_the_first_person_as_they_were(nation: Nation) -> None:
    first = register(nation)
    with pytest.raises(ConflictError, match="There is already a person 'ada'"):
        register(nation, clearance=Classification.SECRET, jurisdiction="FR")
    with nation.operator.begin(OPERATOR) as session:
        assert people.find_person(session, "ada") == first
    assert len(events(nation.database, "person.registered")) == 1


def test_two_who_register_the_same_name_at_once_make_one_person(nation: Nation) -> None:
    def attempt(_: int) -> bool:
        try:
            register(nation)
        except ConflictError:  # of the look before, or of the database behind it
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(attempt, range(4)))
    assert made.count(True) == 1
    assert value(nation.database, "SELECT count(*) FROM hub.people") == 1
    assert len(events(nation.database, "person.registered")) == 1


@pytest.mark.parametrize("place", ["", "EU", "Germany", "DE-XX", "de"])
def test_a_person_from_nowhere_is_refused(nation: Nation, place: str) -> None:
    with pytest.raises(SettingsError, match="is not a place"):
        register(nation, jurisdiction=place)
    assert value(nation.database, "SELECT count(*) FROM hub.people") == 0


def test_a_person_of_an_unknown_organisation_is_refused_with_the_command_that_helps(nation: Nation) -> None:
    with pytest.raises(NotFoundError, match=r"no organisation 'ghost'.*hub person organisation ghost"):
        register(nation, organisation="ghost")
    assert value(nation.database, "SELECT count(*) FROM hub.people") == 0


def test_nobody_by_that_name_is_said_with_the_command_that_lists(nation: Nation) -> None:
    register(nation)
    for slug in ("bob", "ADA", "ad", "ada ", "", "%", "' OR true --"):
        with nation.operator.begin(OPERATOR) as session, pytest.raises(NotFoundError, match="hub person list"):
            people.find_person(session, slug)


def test_everyone_is_listed_by_name(nation: Nation) -> None:
    for slug in ("cem", "ada", "bob"):
        register(nation, slug)
    with nation.operator.begin(OPERATOR) as session:
        listed = people.everyone(session)
        assert [person.slug for person in listed] == ["ada", "bob", "cem"]
        assert listed == [people.find_person(session, slug) for slug in ("ada", "bob", "cem")]


def test_an_organisation_registered_again_is_the_same_and_leaves_no_second_event(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        first = people.register_organisation(session, slug="startup", name="Startup", jurisdiction="FR")
        again = people.register_organisation(session, slug="startup", name="Other", jurisdiction="US")
    assert first == again
    assert rows(nation.database, "SELECT name, jurisdiction FROM hub.organisations WHERE slug = 'startup'") == [
        ("Startup", "FR")
    ]
    told = [detail["slug"] for _, _, detail in events(nation.database, "organisation.registered")]
    assert told == ["ministry", "startup"]


def test_many_who_register_one_organisation_at_once_get_the_same(nation: Nation) -> None:
    def attempt(_: int) -> object:
        with nation.operator.begin(OPERATOR) as session:
            return people.register_organisation(session, slug="startup", name="Startup", jurisdiction="FR")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(attempt, range(8)))) == 1
    assert len(events(nation.database, "organisation.registered")) == 2


def test_an_organisation_from_nowhere_is_refused(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session, pytest.raises(SettingsError, match="'EU' is not a place"):
        people.register_organisation(session, slug="startup", name="Startup", jurisdiction="EU")


def test_an_id_tells_nothing_about_how_many_there_are(nation: Nation) -> None:
    ids = [register(nation, f"p{number}").id for number in range(20)]
    assert len(set(ids)) == 20
    assert ids != sorted(ids)
    assert {found.version for found in ids} == {4}  # type: ignore[attr-defined]
