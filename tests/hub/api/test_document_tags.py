"""A steward makes a document stricter, with the file or later, and decides what is held; looser is refused in words."""

from typing import Any

import pytest

from catalog.disclosure import disclose
from tests.catalog.ledger import rows, run, value
from tests.hub.api.conftest import Door
from tests.spec.drawn import stand

FINE = "What is the fine for throwing waste into the basin?"


def hand_in(door: Door, person: str = "sten", **declared: Any) -> Any:
    params = {"dataset": "harbour", "name": "new.txt", **declared}
    return door.call(person, "POST", "/documents", params=params, content=b"words")


def listed(door: Door, name: str) -> dict[str, Any]:
    found = door.call("sten", "GET", "/documents", params={"dataset": "harbour"}).json()["items"]
    return next(one for one in found if one["name"] == name)


def test_tags_declared_with_a_file_are_the_documents_own(door: Door) -> None:
    said = hand_in(door, classification="secret", access_from=["DE", "DE-BY"])
    assert said.status_code == 202
    told = listed(door, "new.txt")
    assert (told["tags"]["classification"], told["tags"]["access_from"]) == ("secret", ["DE", "DE-BY"])
    assert (told["tags"]["store_in"], told["out_of_place"]) == (None, [])


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"access_from": ["US"]}, "does not lie within"),
        ({"store_in": ["XX"]}, "neither a place nor a group"),
        ({"forbidden_legal_control": ["EU"]}, "is not a place"),
    ],
)
def test_looser_and_unknown_tags_are_refused_before_a_byte_with_how_to_write_them(
    door: Door, declared: dict[str, Any], words: str
) -> None:
    said = hand_in(door, **declared)
    assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (422, "invalid")
    assert words in said.json()["detail"]
    assert "Give" in said.json()["detail"] or "Write" in said.json()["detail"]
    assert value(door.nation.database, "SELECT count(*) FROM hub.documents WHERE name = 'new.txt'") == 0


def test_where_its_own_tags_forbid_this_site_nothing_is_stored(door: Door) -> None:
    run(door.nation.database, "UPDATE hub.datasets SET store_in = '{EU}' WHERE slug = 'harbour'")
    said = hand_in(door, store_in=["FR"])
    assert said.status_code == 404
    run(door.nation.database, "UPDATE hub.datasets SET store_in = '{EU}'")
    hand_in(door, store_in=["DE", "FR"])
    found = rows(door.nation.database, "SELECT rule FROM hub.violations ORDER BY rule")
    assert found == [("ingest.database-outside-store-in",), ("ingest.store-outside-store-in",)]


def test_a_document_that_has_stricter_tags_already_is_handed_in_again_under_both(door: Door) -> None:
    run(door.nation.database, "UPDATE hub.datasets SET store_in = '{EU}' WHERE slug = 'harbour'")
    hand_in(door, store_in=["DE", "FR"], classification="restricted")
    hand_in(door, classification="secret")
    told = listed(door, "new.txt")["tags"]
    assert (told["classification"], told["store_in"]) == ("secret", ["DE", "FR"])
    said = hand_in(door, store_in=["IT"])
    assert said.status_code in {404, 422}
    run(door.nation.database, "UPDATE hub.document_laws SET store_in = '{FR}'")
    assert hand_in(door).status_code == 404


def test_tagged_later_it_is_shut_at_once_to_whom_the_tags_refuse(door: Door) -> None:
    scope = door.nation.scope("ada")
    found = [one.chunk_id for one in door.nation.search(scope, "fine waste basin", limit=50)]
    (passage, *_) = disclose(door.nation.api, scope, found).passages
    path = f"/documents/{passage.document_id}/tags"
    stand(door.nation, "zone", "DE-BY")  # where the steward is, and Ada is not
    bavarian = {"Authorization": f"Bearer {door.token('sten', jurisdiction='DE-BY')}"}
    assert door.client.post(path, headers=bavarian, json={"access_from": ["DE-BY"]}).status_code == 204
    again = disclose(door.nation.api, scope, found).passages
    assert passage.document_id not in {one.document_id for one in again}
    assert door.client.post(path, headers=bavarian, json={}).status_code == 204
    scope = door.nation.scope("ada")
    assert passage.document_id in {one.document_id for one in disclose(door.nation.api, scope, found).passages}


def test_an_answer_carries_the_tags_of_the_document_it_was_made_from(door: Door) -> None:
    name, answer = door.events("ada", FINE)[-1]
    assert name == "answer"
    document = answer["passages"][0]["document"]["id"]
    level = answer["label"]
    assert level != "secret"
    assert (
        door.call("sten", "POST", f"/documents/{document}/tags", json={"classification": "secret"}).status_code == 204
    )
    name, answer = door.events("ada", FINE)[-1]
    assert (name, answer["label"]) == ("answer", "secret")
    assert {one["classification"] for one in answer["passages"] if one["document"]["id"] == document} == {"secret"}


def test_a_steward_of_another_organisation_tags_and_decides_nothing(door: Door) -> None:
    door.nation.person("olga", organisation="other-office")
    door.people["olga"] = ("steward",)
    document = hand_in(door).json()["document_id"]
    run(door.nation.database, "UPDATE hub.document_versions SET state = 'held', reason = 'marked', settled_at = now()"
        " WHERE document_id = %s", document)  # fmt: skip
    for path, body in (
        ("tags", {"classification": "secret"}),
        ("release", {"reason": "Mine."}),
        ("refusal", {"reason": "Mine."}),
    ):
        said = door.call("olga", "POST", f"/documents/{document}/{path}", json=body)
        assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (404, "absent")
    assert listed(door, "new.txt")["state"] == "held"


def test_what_is_not_held_is_neither_released_nor_refused(door: Door) -> None:
    document = hand_in(door).json()["document_id"]
    for path in ("release", "refusal"):
        said = door.call("sten", "POST", f"/documents/{document}/{path}", json={"reason": "Why not."})
        assert (said.status_code, "not held" in said.json()["detail"]) == (409, True)


def test_what_lies_out_of_place_is_told_to_its_steward_with_the_rules_and_counted_on_the_board(door: Door) -> None:
    hand_in(door)
    run(door.nation.database, "UPDATE hub.places SET jurisdiction = 'FR' WHERE name = 'store'")
    assert listed(door, "new.txt")["out_of_place"] == ["ingest.store-outside-store-in"]
    board = door.call("ines", "GET", "/residency").json()["datasets"]
    held = value(door.nation.database, "SELECT count(*) FROM hub.documents f JOIN hub.datasets d ON d.id = f.dataset_id"
                                       " WHERE d.slug = 'harbour'")  # fmt: skip
    assert {row["slug"]: row["out_of_place"] for row in board}["harbour"] == held
