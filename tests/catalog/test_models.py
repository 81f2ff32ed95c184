"""Which models an endpoint serves: told once, kept with where each and its ancestors come from, a fact of decisions."""

from dataclasses import replace
from typing import Any

import pytest

from catalog import models, places
from catalog.ancestry import Ancestor, ServedModel
from catalog.errors import SettingsError, UnregisteredPlaceError
from catalog.policy.facts import surroundings
from catalog.vocabulary import EventType, ModelKind
from tests.catalog.ledger import rows
from tests.fixtures.nation import OPERATOR, Nation

BASE = Ancestor(name="base", origin="US-CA")
CHAT = ServedModel(name="chat", kind=ModelKind.CHAT, sha256="a" * 64, origin="FR", ancestry=(BASE,))
EMBEDDER = ServedModel(name="embedder", kind=ModelKind.EMBEDDING, sha256="b" * 64, origin="DE", ancestry=())


def serve(nation: Nation, *served: ServedModel, endpoint: str = "endpoint") -> None:
    with nation.operator.begin(OPERATOR) as session:
        models.serve(session, endpoint, served)


def told(nation: Nation) -> list[Any]:
    query = "SELECT detail FROM hub.audit_events WHERE type = 'models.placed' ORDER BY id"
    return [detail for (detail,) in rows(nation.database, query)]


def test_what_an_endpoint_serves_is_known_to_every_decision(nation: Nation) -> None:
    serve(nation, CHAT, EMBEDDER)
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=True)
        listed = {one.name: one.models for one in places.every(session)}
    assert set(here.endpoint.models) == set(listed["endpoint"]) == {CHAT, EMBEDDER}
    assert here.site.models == listed["site"] == ()


def test_what_is_told_again_takes_the_place_of_what_was_told_before_and_stands_in_the_trail_once(
    nation: Nation,
) -> None:
    for served in ([CHAT, EMBEDDER], [EMBEDDER, CHAT], [EMBEDDER], []):
        serve(nation, *served)
    assert [[one["name"] for one in detail["models"]] for detail in told(nation)] == [
        ["chat", "embedder"],
        ["embedder"],
        [],
    ]
    assert told(nation)[0]["models"][0] == {
        "name": "chat",
        "kind": "chat",
        "sha256": "a" * 64,
        "origin": "FR",
        "ancestry": [{"name": "base", "origin": "US-CA"}],
    }
    assert EventType.MODELS_PLACED == "models.placed"


@pytest.mark.parametrize("endpoint", ["nowhere", "store"])
def test_only_a_registered_endpoint_serves_models(nation: Nation, endpoint: str) -> None:
    with pytest.raises(UnregisteredPlaceError):
        serve(nation, CHAT, endpoint=endpoint)


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "EU"}, {"ancestry": (Ancestor(name="base", origin="USA"),)}],
    ids=["its-own", "an-ancestors"],
)
def test_an_origin_is_a_place(nation: Nation, wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="is not a place"):
        serve(nation, replace(CHAT, **wrong))
    assert told(nation) == []


def test_origins_are_its_own_and_its_ancestors_each_with_its_country() -> None:
    assert CHAT.origins == {"FR", "US-CA", "US"}
    assert EMBEDDER.origins == {"DE"}


@pytest.mark.parametrize(
    ("changed", "known"),
    [
        ({}, True),
        ({"ancestry": ()}, True),
        ({"origin": None}, False),
        ({"ancestry": None}, False),
        ({"ancestry": (BASE, Ancestor(name="older", origin=None))}, False),
    ],
    ids=["told", "from-scratch", "no-origin", "no-ancestry", "an-ancestor-of-unknown-origin"],
)
def test_a_model_is_known_when_nothing_of_it_is_of_unknown_origin(changed: dict[str, Any], known: object) -> None:
    assert replace(CHAT, **changed).known is known
