"""Every door by every tag and place: what residency refuses, by which rule, and that each refusal is one row."""

from collections.abc import Iterable
from itertools import product

import pytest
from sqlalchemy import text

from catalog import places, violations
from catalog.db import Worker
from catalog.errors import OutOfPlaceError
from catalog.violations import Violation
from catalog.vocabulary import Door, PlaceKind
from hub.submit import ruling_here
from ingest.tag import permit
from tests.catalog.ledger import rows, run
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import stand

PLACES = ("DE", "DE-BY", "FR", "US", "US-CA")
#: A residency as declared → the places above that lie in it.
TAGS = {
    "DE": {"DE", "DE-BY"},
    "DE-BY": {"DE-BY"},
    "EU": {"DE", "DE-BY", "FR"},
    "US": {"US", "US-CA"},
}
#: Part → (door, tag, rule) of taking in; of asking.
TAKING_IN = {
    "store": (Door.OBJECT, "store_in", "ingest.store-outside-store-in"),
    "database": (Door.INDEX, "store_in", "ingest.database-outside-store-in"),
    "worker": (Door.INDEX, "process_in", "ingest.worker-outside-process-in"),
    "endpoint": (Door.MODEL, "process_in", "ingest.endpoint-outside-process-in"),
}
ASKING = {
    "site": (Door.SESSION, "process_in", "query.site-outside-process-in"),
    "endpoint": (Door.MODEL, "process_in", "query.endpoint-outside-process-in"),
    "store": (Door.OBJECT, "store_in", "query.store-outside-store-in"),
    "database": (Door.INDEX, "store_in", "query.database-outside-store-in"),
    "person": (Door.SESSION, "access_from", "query.person-outside-access-from"),
    "zone": (Door.SESSION, "access_from", "query.session-outside-access-from"),
}
ANYWHERE = ["DE", "FR", "US"]
Row = tuple[str, str, str, str, str]


@pytest.fixture
def tagged(nation: Nation) -> Nation:
    """A dataset for every tag and residency, open everywhere by its other tags; one person of each place."""
    for tag, residency in product(("store_in", "process_in", "access_from"), TAGS):
        open_tags = dict.fromkeys(("store_in", "process_in", "access_from"), ANYWHERE)
        nation.dataset(_slug(tag, residency), **{**open_tags, tag: [residency]})
    for place in PLACES:
        nation.person(f"from-{place.lower()}", jurisdiction=place)
        for slug in nation.datasets:
            nation.grant(f"from-{place.lower()}", slug, share=None)
    return nation


def _slug(tag: str, residency: str) -> str:
    return f"{tag.replace('_', '-')}-{residency.lower()}"


def kept(nation: Nation) -> list[Row]:
    """Take every violation out of the table, as (door, rule, tag, place, dataset)."""
    found = rows(
        nation.database,
        "SELECT v.door, v.rule, v.tag, v.place, d.slug"
        " FROM hub.violations v CROSS JOIN unnest(v.dataset_ids) AS of (one) JOIN hub.datasets d ON d.id = of.one",
    )
    with nation.database.connect() as connection:  # as the superuser, with the trigger off: tests only count anew
        connection.execute("ALTER TABLE hub.violations DISABLE TRIGGER USER")
        connection.execute("DELETE FROM hub.violations")
        connection.execute("ALTER TABLE hub.violations ENABLE TRIGGER USER")
    return sorted((str(a), str(b), str(c), str(d), str(e)) for a, b, c, d, e in found)


def drawn(guards: dict[str, tuple[Door, str, str]], moved: dict[str, str]) -> list[Row]:
    """What must be refused with those parts where they are, and all others in DE; by nothing but the tables above."""
    return sorted(
        (str(door), rule, tag, moved.get(part, "DE") if part == "person" else part, _slug(tag, residency))
        for part, (door, tag, rule) in guards.items()
        for residency, inside in TAGS.items()
        if moved.get(part, "DE") not in inside
    )


def every_place(parts: Iterable[str]) -> list[tuple[str, str]]:
    return list(product(parts, PLACES))


def test_whatever_is_handed_in_where_it_may_not_be_is_refused_with_one_row(tagged: Nation) -> None:
    for part, place in every_place([*TAKING_IN, "site"]):
        stand(tagged, part, place)
        expected = drawn(TAKING_IN, {part: place})
        for dataset in tagged.datasets.values():
            with tagged.operator.begin(OPERATOR) as session:
                ruling_here(session, dataset, tagged.site)
        assert kept(tagged) == expected, (part, place)
        stand(tagged, part, "DE")


def test_a_worker_publishes_nothing_where_it_may_not_be(tagged: Nation) -> None:
    for part, place in every_place(list(TAKING_IN)):
        stand(tagged, part, place)
        drawn_here = drawn(TAKING_IN, {part: place})
        expected = {slug: [row[:-1] for row in drawn_here if row[-1] == slug] for slug in tagged.datasets}
        for slug, dataset in tagged.datasets.items():
            refused: list[tuple[str, ...]] = []
            with tagged.worker.begin(Worker(name="test", dataset_id=dataset)) as session:
                try:
                    permit(session, dataset, tagged.site)
                except OutOfPlaceError as error:
                    refused = [(str(one.door), one.rule, one.tag, one.place) for one in error.breaches]
            assert sorted(refused) == expected[slug], (part, place, slug)
        stand(tagged, part, "DE")


@pytest.mark.parametrize("person", PLACES)
def test_whoever_asks_is_let_into_what_every_place_allows_and_the_rest_is_one_row_each(
    tagged: Nation, person: str
) -> None:
    for part, place in every_place(["site", "endpoint", "store", "database", "zone"]):
        stand(tagged, part, place)
        expected = drawn(ASKING, {part: place, "person": person})
        scope = tagged.scope(f"from-{person.lower()}")
        refused = {row[-1] for row in expected}
        assert {slug for slug, one in tagged.datasets.items() if one in scope.dataset_ids} == {
            *tagged.datasets
        } - refused
        assert kept(tagged) == expected, (part, place)
        stand(tagged, part, "DE")


def test_with_a_second_endpoint_only_what_neither_may_process_is_refused_with_one_row_each(tagged: Nation) -> None:
    """Every tag by every pair of places, when asked and when handed in: the two ends of the door to a model."""
    tagged.site = tagged.site.model_copy(update={"more_endpoints": {"other": "other.sock"}})
    closed = {row[-1] for row in drawn(ASKING, {})}  # for another reason than where its endpoints stand
    for first, second in product(PLACES, PLACES):
        stand(tagged, "endpoint", first)
        with tagged.operator.begin(OPERATOR) as session:
            places.register(
                session, name="other", kind=PlaceKind.ENDPOINT, jurisdiction=second, operator="o", legal_control=["DE"]
            )
        refused = {_slug("process_in", one) for one, inside in TAGS.items() if not {first, second} & inside}
        scope = tagged.scope("from-de")
        assert_rows(tagged, "query.endpoint-outside-process-in", refused)
        assert {slug for slug, one in tagged.datasets.items() if one in scope.dataset_ids} == {
            *tagged.datasets
        } - closed - refused
        for dataset in tagged.datasets.values():
            with tagged.operator.begin(OPERATOR) as session:
                ruling_here(session, dataset, tagged.site)
        assert_rows(tagged, "ingest.endpoint-outside-process-in", refused)


def assert_rows(nation: Nation, rule: str, refused: set[str]) -> None:
    """One row for each endpoint and what it may not process; whatever else was refused has its own table above."""
    rows_of_the_rule = [row for row in kept(nation) if row[1] == rule]
    expected = product(["endpoint", "other"], refused)
    assert rows_of_the_rule == sorted(("model", rule, "process_in", name, slug) for name, slug in expected)


def test_one_question_leaves_one_row_a_rule_and_place_with_all_their_datasets(tagged: Nation) -> None:
    tagged.scope("from-us")
    refused = ("access-from-de", "access-from-de-by", "access-from-eu")
    found = rows(tagged.database, "SELECT rule, place, dataset_ids FROM hub.violations ORDER BY rule")
    assert [(rule, place) for rule, place, _ in found] == [
        ("query.database-outside-store-in", "database"),
        ("query.endpoint-outside-process-in", "endpoint"),
        ("query.person-outside-access-from", "US"),
        ("query.session-outside-access-from", "zone"),
        ("query.site-outside-process-in", "site"),
        ("query.store-outside-store-in", "store"),
    ]
    datasets = found[2][2]
    assert set(datasets) == {tagged.datasets[slug] for slug in refused}


def test_a_law_that_can_reach_an_operator_is_kept_with_the_parts_it_reaches(nation: Nation) -> None:
    nation.dataset("free", forbidden_legal_control=["US"])
    nation.person("ada")
    nation.grant("ada", "free")
    stand(nation, "store", "DE", under=("DE", "US-CA"))
    assert nation.scope("ada").dataset_ids == ()
    with nation.operator.begin(OPERATOR) as session:
        assert not ruling_here(session, nation.datasets["free"], nation.site).permitted
    row = ("site", "any.forbidden-legal-control", "forbidden_legal_control", "store", "free")
    assert kept(nation) == [row, row]


def test_what_was_not_hers_to_ask_is_no_violation(nation: Nation) -> None:
    """Who holds no grant, or asks for a purpose that isn't offered, is refused for that and not for a place."""
    nation.dataset("far", access_from=["US"])
    nation.person("ada")
    assert nation.scope("ada").dataset_ids == ()
    nation.dataset("other", access_from=["US"])
    nation.grant("ada", "other", share=None)
    with nation.operator.begin(OPERATOR) as session:
        session.execute(text("UPDATE hub.datasets SET purposes = '{statistics}' WHERE slug = 'other'"))
    assert nation.scope("ada").dataset_ids == ()
    assert kept(nation) == []


def test_a_violation_names_who_when_and_the_decision(nation: Nation) -> None:
    nation.dataset("far", access_from=["US"])
    stand(nation, "zone", "US")
    ada = nation.person("ada")
    nation.grant("ada", "far")
    scope = nation.scope("ada")
    with nation.operator.begin(OPERATOR) as session:
        (found,) = violations.newest(session, limit=5, dataset_id=nation.datasets["far"], door=Door.SESSION)
        assert violations.newest(session, limit=5, door=Door.OBJECT) == []
        assert violations.newest(session, limit=5, since=found.at, until=found.at) == []
        assert violations.newest(session, limit=5, before=(found.at, found.id)) == []
    assert found == Violation(
        id=found.id,
        at=found.at,
        door=Door.SESSION,
        rule="query.person-outside-access-from",
        tag="access_from",
        place="DE",
        dataset_ids=(nation.datasets["far"],),
        actor=f"person:{ada}",
        decision_id=scope.decision_id,
    )


def test_who_comes_in_through_a_zone_nobody_registered_is_kept_with_its_name(nation: Nation) -> None:
    nation.dataset("near")
    nation.person("ada")
    nation.grant("ada", "near")
    assert nation.scope("ada", zone="a café's").dataset_ids == ()
    assert kept(nation) == [("session", "query.session-outside-access-from", "access_from", "a café's", "near")]
    (found,) = rows(nation.database, "SELECT zone FROM hub.decisions")
    assert found == ("a café's",)


def test_a_violation_is_never_changed_or_taken_out(nation: Nation) -> None:
    nation.dataset("far", access_from=["US"])
    nation.person("ada")
    nation.grant("ada", "far")
    nation.scope("ada")
    for statement in (
        "UPDATE hub.violations SET place = 'US'",
        "DELETE FROM hub.violations",
        "TRUNCATE hub.violations",
    ):
        with pytest.raises(Exception, match="append-only"):
            run(nation.database, statement)


def test_a_place_that_is_not_registered_is_refused_by_name(nation: Nation) -> None:
    dataset = nation.dataset("rivers")
    run(nation.database, "DELETE FROM hub.places WHERE name = 'store'")
    with (
        pytest.raises(OutOfPlaceError) as refused,
        nation.worker.begin(Worker(name="test", dataset_id=dataset)) as session,
    ):
        permit(session, dataset, nation.site)
    assert [(one.rule, one.place) for one in refused.value.breaches] == [("place.unregistered", "store")]
