"""Where parts stand: registered before anything is kept or processed there."""

from typing import Any

import pytest

from catalog import places
from catalog.errors import DataHubError, NotFoundError, SettingsError
from catalog.places import Place
from catalog.vocabulary import Jurisdiction, PlaceKind
from tests.catalog.ledger import events, run
from tests.fixtures.nation import OPERATOR, Nation

VAULT: dict[str, Any] = {
    "name": "vault",
    "kind": PlaceKind.STORE,
    "jurisdiction": "CA-QC",
    "operator": "archive",
    "legal_control": ["CA", "CA-QC"],
}
CHANGES: list[tuple[str, Any]] = [
    ("kind", PlaceKind.DATABASE),
    ("jurisdiction", "CA-ON"),
    ("operator", "somebody else"),
    ("legal_control", ["CA", "US"]),
    ("legal_control", []),
]


def register(nation: Nation, **values: Any) -> None:
    with nation.operator.begin(OPERATOR) as session:
        places.register(session, **{**VAULT, **values})


def find(nation: Nation, name: str = "vault") -> Place:
    with nation.operator.begin(OPERATOR) as session:
        return places.find(session, [name])[0][name]


def told(nation: Nation) -> list[dict[str, Any]]:
    return [detail for _, what, detail in events(nation.database, "place.registered") if what == "place:vault"]


def test_a_place_is_found_as_it_was_registered(nation: Nation) -> None:
    register(nation)
    assert find(nation) == Place(
        name="vault",
        kind=PlaceKind.STORE,
        jurisdiction=Jurisdiction("CA-QC"),
        operator="archive",
        legal_control=frozenset({"CA", "CA-QC"}),
    )


@pytest.mark.parametrize("kind", PlaceKind)
def test_each_kind_of_place_can_be_registered(nation: Nation, kind: PlaceKind) -> None:
    register(nation, kind=kind)
    assert find(nation).kind is kind


def test_a_registration_is_in_the_trail_with_what_was_declared(nation: Nation) -> None:
    register(nation)
    assert told(nation) == [{**VAULT, "kind": "store", "legal_control": ["CA", "CA-QC"]}]


def test_registering_the_same_again_leaves_no_second_event(nation: Nation) -> None:
    register(nation)
    register(nation)
    register(nation, legal_control=["CA-QC", "CA", "CA"])
    assert len(told(nation)) == 1


@pytest.mark.parametrize(("field", "new"), CHANGES)
def test_each_change_takes_effect_and_is_in_the_trail(nation: Nation, field: str, new: Any) -> None:
    register(nation)
    register(nation, **{field: new})
    now = getattr(find(nation), field)
    assert (sorted(now) if field == "legal_control" else now) == new
    assert [detail[field] for detail in told(nation)] == [
        sorted(VAULT[field]) if field == "legal_control" else VAULT[field],
        new,
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"jurisdiction": "EU"}, {"jurisdiction": ""}, {"legal_control": ["DE", "Mars"]}, {"legal_control": ["EU"]}],
)
def test_a_place_nowhere_or_under_no_known_law_is_refused_and_changes_nothing(
    nation: Nation, wrong: dict[str, Any]
) -> None:
    register(nation)
    before = find(nation)
    with pytest.raises(SettingsError, match="is not a place"):
        register(nation, **wrong)
    assert find(nation) == before
    assert len(told(nation)) == 1


def test_an_unregistered_place_is_refused_by_name(nation: Nation) -> None:
    for name in ("vault", "SITE", "site ", "", "%"):
        with pytest.raises(NotFoundError, match="is not registered, so nothing may be stored or processed there"):
            find(nation, name)


def test_all_places_are_listed_by_name(nation: Nation) -> None:
    register(nation)
    with nation.operator.begin(OPERATOR) as session:
        listed = places.every(session)
    assert [place.name for place in listed] == ["database", "endpoint", "site", "store", "vault", "worker", "zone"]
    assert listed[4] == find(nation)


def test_a_kind_the_vocabulary_does_not_know_is_refused_by_the_database_too(nation: Nation) -> None:
    with pytest.raises(DataHubError):
        register(nation, kind="cloud")
    register(nation)
    with pytest.raises(Exception, match="ck_places_kind"):
        run(nation.database, "UPDATE hub.places SET kind = 'cloud' WHERE name = 'vault'")
