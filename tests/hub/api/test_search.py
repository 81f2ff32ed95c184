"""`/search` and `/passages`: reading is disclosing; filters and facets stay inside the scope."""

from typing import Any
from uuid import uuid4

import pytest

from tests.hub.api.conftest import Door


def found(door: Door, person: str = "ada", **more: Any) -> dict[str, Any]:
    body = {"query": "waste in the basin and the first jetty", "purpose": "research", **more}
    said = door.call(person, "POST", "/search", json=body)
    assert said.status_code == 200, said.text
    return dict(said.json())


def test_passages_come_best_first_with_place_and_labels(door: Door) -> None:
    first = found(door, query="throwing waste into the basin")["items"][0]
    assert "waste" in first["body"].lower()
    assert first["document"]["name"] == "rules.md"
    assert first["dataset"] == {"slug": "harbour", "title": "Harbour"}
    assert (first["classification"], first["store_in"], first["process_in"]) == ("internal", ["DE"], ["DE"])
    assert first["charged"] == len(first["body"])


def test_reading_again_is_free(door: Door) -> None:
    found(door)
    assert {item["charged"] for item in found(door)["items"]} == {0}


def test_facets_count_what_fits_within_the_scope(door: Door) -> None:
    door.nation.dataset("navy")
    door.nation.document("navy", "navy.md", ["The navy's waste, too, goes into another basin."])
    facets = found(door)["facets"]
    assert facets["datasets"] == [{"slug": "harbour", "title": "Harbour", "count": 2}]
    assert facets["media_types"] == [{"value": "text/plain", "count": 2}]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"datasets": ["harbour"]}, {"rules.md", "history.md"}),
        ({"datasets": ["vault"]}, set()),
        ({"datasets": ["no-such-thing"]}, set()),
        ({"media_types": ["text/plain"]}, {"rules.md", "history.md"}),
        ({"media_types": ["application/pdf"]}, set()),
        ({"until": "2020-01-01"}, set()),
        ({"since": "2020-01-01", "until": "9999-12-31"}, {"rules.md", "history.md"}),
    ],
)
def test_a_filter_narrows(door: Door, filters: dict[str, Any], names: set[str]) -> None:
    assert {item["document"]["name"] for item in found(door, filters=filters)["items"]} == names


def test_who_may_read_nothing_is_refused_and_told_whom_to_ask(door: Door) -> None:
    refusal = found(door, "mia")["refusal"]
    assert refusal["kind"] == "not-permitted"
    assert [one["slug"] for one in refusal["datasets_to_request"]] == ["harbour"]


def test_a_passage_is_read_by_whoever_may_and_absent_for_everyone_else(door: Door) -> None:
    passage = found(door)["items"][0]["id"]
    assert door.call("ada", "GET", f"/passages/{passage}", params={"purpose": "research"}).json()["charged"] == 0
    for person, key in (("mia", passage), ("luc", passage), ("ada", uuid4())):
        said = door.call(person, "GET", f"/passages/{key}", params={"purpose": "research"})
        assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (404, "absent")
    assert door.call("ada", "GET", f"/passages/{passage}", params={"purpose": "statistics"}).status_code == 404


def test_a_spent_budget_is_a_refusal_that_says_when_it_refills(door: Door) -> None:
    with door.nation.database.connect() as connection:
        connection.execute("UPDATE hub.grants SET window_characters = 30")
    refusal = found(door)["refusal"]
    assert refusal["kind"] == "budget"
    assert refusal["refills_at"] > "2026"
    passage = door.nation.search(door.nation.scope("ada"), "waste basin")[0].chunk_id
    said = door.call("ada", "GET", f"/passages/{passage}", params={"purpose": "research"})
    assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (429, "budget")
    assert said.json()["refills_at"]
