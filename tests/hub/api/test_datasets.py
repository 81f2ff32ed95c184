"""`/datasets`: cards of what one may know of; what is unlisted looks absent; stewards keep their own."""

from typing import Any

import pytest

from catalog import audit
from catalog.vocabulary import Classification, EventType
from hub.api.datasets import slug_of
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door

NEW: dict[str, Any] = {
    "title": "Tide Tables",
    "listed": True,
    "classification": "internal",
    "store_in": ["DE"],
    "process_in": ["EU"],
    "access_from": ["EU"],
    "purposes": ["research"],
}


def slugs(door: Door, person: str, **params: Any) -> list[str]:
    return [card["slug"] for card in door.call(person, "GET", "/datasets", params=params).json()["items"]]


def test_a_card_says_what_a_dataset_holds_and_what_one_may_read_of_it(door: Door) -> None:
    card = door.call("ada", "GET", "/datasets/harbour").json()
    assert (card["documents"], card["pages"], card["media_types"], card["languages"]) == (
        2, 2, ["text/plain"], ["english"],
    )  # fmt: skip
    assert card["owner"] == {"slug": "ministry", "name": "Ministry"}
    access = card["access"]
    assert (access["granted"], access["purposes"]) == (True, ["research"])
    assert access["characters_left"] > 0
    before = access["characters_left"]
    door.events("ada", "What is the fine for throwing waste into the basin?")
    assert door.call("ada", "GET", "/datasets/harbour").json()["access"]["characters_left"] < before


def test_a_listed_card_is_seen_without_a_grant_and_opens_nothing(door: Door) -> None:
    card = door.call("mia", "GET", "/datasets/harbour").json()
    assert card["access"] == {"granted": False, "purposes": [], "ends_at": None, "characters_left": 0}
    assert card["may_manage"] is False


def test_an_unlisted_dataset_is_absent_in_list_card_count_and_facet(door: Door) -> None:
    for person in ("ada", "mia", "luc", "rosa", "ines", "anton"):
        assert slugs(door, person) == ["harbour"]
        hidden, absent = (door.call(person, "GET", f"/datasets/{slug}") for slug in ("vault", "no-such-thing"))
        assert hidden.status_code == absent.status_code == 404
        assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}


def test_adding_what_one_may_not_see_changes_nothing_one_sees(door: Door) -> None:
    def seen() -> list[Any]:
        search = door.call("ada", "POST", "/search", json={"query": "waste basin", "purpose": "research"}).json()
        for item in search["items"]:
            item["charged"] = 0
        return [door.call("mia", "GET", "/datasets").json(), search["items"], search["facets"]]

    seen()
    before = seen()
    door.nation.document("vault", "more.md", ["Waste in the basin, seen from the vault, and a fine of nine euros."])
    door.nation.dataset("cellar", listed=False, classification=Classification.SECRET)
    assert seen() == before


def test_a_steward_sees_and_keeps_the_own_organisations_datasets(door: Door) -> None:
    assert slugs(door, "sten") == ["harbour", "vault"]
    vault = door.call("sten", "GET", "/datasets/vault").json()
    assert (vault["may_manage"], vault["documents"]) == (True, 1)


def test_a_new_dataset_is_named_below_its_owner_and_written_down(door: Door) -> None:
    said = door.call("sten", "POST", "/datasets", json=NEW)
    assert (said.status_code, said.json()["slug"]) == (201, "ministry-tide-tables")
    assert door.call("sten", "POST", "/datasets", json=NEW).status_code == 409
    with door.nation.operator.begin(OPERATOR) as session:
        event = audit.newest(session, limit=1, types=[EventType.DATASET_REGISTERED])[0]
    assert event.actor == f"person:{door.nation.people['sten']}"


def test_a_public_dataset_is_open_to_everyone_signed_in_from_the_start(door: Door) -> None:
    said = door.call("sten", "POST", "/datasets", json={**NEW, "classification": "public"})
    assert said.status_code == 201
    card = door.call("mia", "GET", f"/datasets/{said.json()['slug']}").json()
    assert card["access"]["granted"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"store_in": []},
        {"store_in": ["XX"]},
        {"process_in": ["Mars"]},
        {"access_from": ["de"]},
        {"purposes": []},
        {"purposes": ["gossip"]},
        {"classification": "cosmic"},
        {"title": ""},
        {"title": "???"},
        {"owner": "tidewise"},
        {"slug": "x"},
    ],
)
def test_a_declaration_that_is_none_is_refused(door: Door, wrong: dict[str, Any]) -> None:
    said = door.call("sten", "POST", "/datasets", json={**NEW, **wrong})
    assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (422, "invalid")


def test_a_change_of_tags_holds_for_the_next_decision_and_is_written_down(door: Door) -> None:
    assert door.call("sten", "GET", "/datasets/harbour/effect").json() == {"documents": 2}
    said = door.call("sten", "PATCH", "/datasets/harbour", json={"process_in": ["FR"]})
    assert said.json()["process_in"] == ["FR"]
    assert door.events("ada", "What is the fine for waste?")[-1][1]["kind"] == "not-permitted"
    with door.nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=9, types=[EventType.DATASET_AMENDED])
    assert event.detail["tags"] == {"process_in": {"from": ["DE"], "to": ["FR"]}}


def test_origins_of_models_are_declared_and_changed_and_hold_for_the_next_decision(door: Door) -> None:
    said = door.call("sten", "POST", "/datasets", json={**NEW, "forbidden_model_origins": ["US", "EU", "US"]})
    assert (said.status_code, said.json()["forbidden_model_origins"]) == (201, ["EU", "US"])
    said = door.call("sten", "PATCH", "/datasets/harbour", json={"forbidden_model_origins": ["CN"]})
    assert said.json()["forbidden_model_origins"] == ["CN"]
    refused = door.events("ada", "What is the fine for waste?")[-1][1]
    assert (refused["kind"], "none of this hub's models" in refused["message"]) == ("no-endpoint", True)
    assert door.call("sten", "PATCH", "/datasets/harbour", json={"forbidden_model_origins": ["XX"]}).status_code == 422
    assert door.call("sten", "PATCH", "/datasets/harbour", json={"forbidden_model_origins": []}).status_code == 200
    assert door.events("ada", "What is the fine for waste?")[-1][1].get("kind") != "no-endpoint"


def test_a_change_that_changes_nothing_leaves_no_row(door: Door) -> None:
    door.call("sten", "PATCH", "/datasets/harbour", json={"listed": True})
    with door.nation.operator.begin(OPERATOR) as session:
        assert audit.newest(session, limit=9, types=[EventType.DATASET_AMENDED]) == []


def test_a_script_in_a_title_is_kept_as_words(door: Door) -> None:
    title = "<script>alert(1)</script>"
    said = door.call("sten", "POST", "/datasets", json={**NEW, "title": title})
    assert (said.json()["title"], said.json()["slug"]) == (title, "ministry-script-alert-1-script")


@pytest.mark.parametrize(("title", "slug"), [("Ä b", "o-b"), ("A  B!", "o-a-b"), ("a" * 90, "o-" + "a" * 40)])
def test_a_name_is_made_of_plain_letters(title: str, slug: str) -> None:
    assert slug_of("o", title) == slug


def test_cards_come_in_pages(door: Door) -> None:
    for number in range(4):
        door.nation.dataset(f"d{number}")
    first = door.call("mia", "GET", "/datasets", params={"limit": 3}).json()
    second = door.call("mia", "GET", "/datasets", params={"limit": 3, "cursor": first["next"]}).json()
    names = [card["slug"] for card in (*first["items"], *second["items"])]
    assert names == ["d0", "d1", "d2", "d3", "harbour"]
    assert second["next"] is None


def test_a_steward_hears_the_real_bound_and_raises_it_by_confirming_the_figure(door: Door) -> None:
    before = door.call("sten", "GET", "/datasets/harbour/ceiling").json()
    asked = door.call("sten", "PATCH", "/datasets/harbour/ceiling", json={"share": 0.75})
    if before["ceiling_share"] >= 0.75:
        door.call("sten", "PATCH", "/datasets/harbour/ceiling", json={"share": 0.5})
        asked = door.call("sten", "PATCH", "/datasets/harbour/ceiling", json={"share": 0.75})
    figure = int(before["characters"] * 0.75)
    assert asked.status_code == 409
    assert f"confirm the figure {figure}" in asked.json()["detail"]
    done = door.call("sten", "PATCH", "/datasets/harbour/ceiling", json={"share": 0.75, "confirm": figure})
    assert (done.status_code, done.json()["together_ever"]) == (200, figure)


def test_a_grant_for_answers_only_says_the_places_and_not_the_words(door: Door) -> None:
    with door.nation.database.connect() as connection:
        connection.execute("UPDATE hub.grants SET mode = 'answers'")
    name, answer = door.events("ada", "What is the fine for throwing waste into the basin?")[-1]
    assert name == "answer"
    assert {(p["body"], p["heading"], p["shown"]) for p in answer["passages"]} == {("", "", False)}
    assert {citation["quote"] for citation in answer["citations"]} == {""}
    again = door.call("ada", "GET", f"/questions/{answer['id']}").json()["answer"]
    assert {p["body"] for p in again["passages"]} == {""}
    passage = answer["passages"][0]["id"]
    assert door.call("ada", "GET", f"/passages/{passage}", params={"purpose": "research"}).status_code == 404
    found = door.call("ada", "POST", "/search", json={"query": "waste basin", "purpose": "research"}).json()
    assert found["items"] == []


def test_me_names_the_live_grants_i_hold_and_nobody_elses(door: Door) -> None:
    (held,) = door.call("ada", "GET", "/me").json()["grants"]
    assert (held["dataset"], held["purpose"]) == ("harbour", "research")
    assert door.call("mia", "GET", "/me").json()["grants"] == []
