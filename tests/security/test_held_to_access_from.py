"""Stewards, reviewers and admins are held to `access_from` too: by every route that names a dataset they keep.

A route for stewards that names nothing by which it could be held fails here, until it is.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from catalog.vocabulary import Action
from hub.api.doors import rule_of
from hub.api.reach import NAMES
from hub.app import ROUTERS
from tests.catalog.ledger import rows, value
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.api.conftest import Door
from tests.hub.api.walked import Ground, kind
from tests.spec.drawn import stand

#: About no dataset that is there: one that is made, and questions for more, which tell of people and figures.
ABOUT_NONE = {"POST /datasets", "GET /step-ups/waiting"}
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
KEEPING = {
    f"{method} {route.path}": route for route in ROUTES if rule_of(route) is Action.MANAGE for method in route.methods
}
HELD = sorted(set(KEEPING) - ABOUT_NONE)
#: What admins and auditors ask of one dataset; the trail, the board and the findings hold no document's name or text.
OVERSEEING = ["GET /residency/explanations", "POST /residency/preview"]
ATTESTED, THROUGH = "keep.person-outside-access-from", "keep.session-outside-access-from"


def named(route: APIRoute) -> set[str]:
    """The parameters of a route, in its path and behind its question mark, those of what it depends on too."""

    def of(one: Dependant) -> set[str]:
        own = {field.alias for field in (*one.path_params, *one.query_params)}
        return own.union(*(of(other) for other in one.dependencies))

    return of(route.dependant)


@pytest.fixture
def ground(door: Door) -> Ground:
    laid = Ground.lay(door)
    reached_from(door.nation, "DE")
    return laid


def reached_from(nation: Nation, *places: str) -> None:
    with nation.operator.begin(OPERATOR) as session:
        session.connection().exec_driver_sql(
            "UPDATE hub.datasets SET access_from = %s WHERE slug = 'harbour'", (list(places),)
        )


def call(door: Door, ground: Ground, operation: str, who: str, **claims: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {door.token(who, **claims)}"}
    method = operation.partition(" ")[0]
    return door.client.request(method, ground.path(operation), headers=headers, **ground.request(operation))


def violations(door: Door) -> list[tuple[Any, ...]]:
    return rows(
        door.nation.database,
        "SELECT door, rule, tag, place, actor FROM hub.violations WHERE rule LIKE 'keep.%%' ORDER BY at, rule",
    )


def test_each_route_for_stewards_names_what_it_is_about() -> None:
    assert len(HELD) >= 14
    assert [name for name in HELD if not named(KEEPING[name]) & set(NAMES)] == []
    assert set(KEEPING) >= ABOUT_NONE
    paths = {parameter for name in HELD for parameter in re.findall(r"{(\w+)}", name)}
    assert paths <= set(NAMES), "a route names something else in its path"


@pytest.mark.parametrize("operation", HELD)
def test_a_steward_attested_outside_reaches_nothing_they_keep_and_it_is_written_down(
    door: Door, ground: Ground, operation: str
) -> None:
    said = call(door, ground, operation, "sten", jurisdiction="US")
    assert kind(said) == (403, "outside-access"), said.text
    sten = f"person:{door.nation.people['sten']}"
    assert violations(door) == [("session", ATTESTED, "access_from", "US", sten)]
    assert "You are attested in US" in said.json()["detail"]
    assert "`hub dataset change`" in said.json()["detail"]


@pytest.mark.parametrize("operation", HELD)
def test_a_steward_whose_session_comes_from_outside_reaches_nothing_either(
    door: Door, ground: Ground, operation: str
) -> None:
    stand(door.nation, "zone", "FR")
    said = call(door, ground, operation, "sten")
    assert kind(said) == (403, "outside-access"), said.text
    sten = f"person:{door.nation.people['sten']}"
    assert violations(door) == [("session", THROUGH, "access_from", "zone", sten)]
    assert "the network zone 'zone', which stands in FR" in said.json()["detail"]


@pytest.mark.parametrize(
    "written", [str.upper, lambda one: one.replace("-", ""), "urn:uuid:{}".format, "{{{}}}".format]
)
def test_however_an_id_is_written_who_is_outside_does_not_reach_what_it_names(
    door: Door, ground: Ground, written: Callable[[str], str]
) -> None:
    path = f"/documents/{quote(written(str(ground.document_id)), safe='')}/withdrawal"
    headers = {"Authorization": f"Bearer {door.token('sten', jurisdiction='US')}"}
    said = door.client.post(path, headers=headers, json={"reason": "Replaced."})
    assert kind(said) == (403, "outside-access"), said.text


@pytest.mark.parametrize("operation", HELD)
def test_a_steward_inside_is_not_held_up(door: Door, ground: Ground, operation: str) -> None:
    said = call(door, ground, operation, "sten", jurisdiction="DE-BY")
    assert said.status_code < 300, said.text
    assert violations(door) == []


@pytest.mark.parametrize("operation", OVERSEEING)
@pytest.mark.parametrize("who", ["anton", "ines"])
def test_admins_and_auditors_ask_of_one_dataset_from_where_it_may_be_reached(
    door: Door, ground: Ground, operation: str, who: str
) -> None:
    assert call(door, ground, operation, who).status_code == 200
    assert kind(call(door, ground, operation, who, jurisdiction="US")) == (403, "outside-access")
    stand(door.nation, "zone", "FR")
    assert kind(call(door, ground, operation, who)) == (403, "outside-access")
    assert [(rule, place) for _, rule, _, place, _ in violations(door)] == [(ATTESTED, "US"), (THROUGH, "zone")]


def test_the_trail_and_the_board_stay_open_wherever_they_are_and_name_no_document(door: Door, ground: Ground) -> None:
    stand(door.nation, "zone", "FR")
    for operation in ("GET /audit", "GET /residency", "GET /residency/violations", "GET /residency/findings"):
        said = call(door, ground, operation, "ines", jurisdiction="US")
        assert said.status_code == 200
        assert "loose.md" not in said.text
        assert "basin" not in said.text


def test_a_reviewer_reads_a_dataset_only_from_where_it_may_be_reached(door: Door) -> None:
    """They read through the one gate, under a grant: what holds researchers holds them."""
    door.nation.grant("rosa", "harbour", share=None)
    assert door.nation.scope("rosa").dataset_ids
    reached_from(door.nation, "FR")
    assert not door.nation.scope("rosa").dataset_ids
    assert not door.nation.scope("rosa", jurisdiction="FR").dataset_ids  # the session still comes from DE
    assert door.nation.scope("rosa", jurisdiction="FR", zone=door.nation.zone("south", "FR")).dataset_ids


def test_what_is_anothers_looks_absent_and_is_no_violation(door: Door, ground: Ground) -> None:
    door.nation.person("olga", organisation="startup")
    door.people["olga"] = ("steward",)
    for operation in ("GET /datasets/{slug}/ceiling", "GET /documents", "POST /documents/{document_id}/withdrawal"):
        assert kind(call(door, ground, operation, "olga", jurisdiction="US")) == (404, "absent")
    assert violations(door) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/documents/submissions/none"), ("POST", "/documents/none/withdrawal"), ("GET", "/documents?dataset=%20")],
)
def test_what_is_not_well_formed_is_not_understood(door: Door, method: str, path: str) -> None:
    said = door.call("sten", method, path, **({"json": {"reason": "Replaced."}} if method == "POST" else {}))
    assert kind(said) == (422, "invalid")


# Nobody locks themselves out unawares.


def test_an_owner_who_would_shut_themselves_out_is_told_so_and_nothing_changes(door: Door) -> None:
    def told() -> object:
        return value(door.nation.database, "SELECT access_from FROM hub.datasets WHERE slug = 'harbour'")

    before = told()
    said = door.call("sten", "PATCH", "/datasets/harbour", json={"access_from": ["FR"]})
    assert kind(said) == (403, "outside-access")
    assert said.json()["detail"].startswith("These tags would shut you out yourself, so nothing was changed.")
    assert (told(), violations(door)) == (before, [])
    assert door.call("sten", "PATCH", "/datasets/harbour", json={"access_from": ["DE"]}).status_code == 200


def test_nobody_registers_a_dataset_they_could_not_reach(door: Door) -> None:
    body = {
        "title": "Far", "listed": True, "classification": "internal", "store_in": ["DE"], "process_in": ["DE"],
        "access_from": ["US"], "purposes": ["research"],
    }  # fmt: skip
    assert kind(door.call("sten", "POST", "/datasets", json=body)) == (403, "outside-access")
    assert value(door.nation.database, "SELECT count(*) FROM hub.datasets WHERE title = 'Far'") == 0


def test_a_documents_own_tags_hold_its_steward_and_may_not_shut_them_out(door: Door, ground: Ground) -> None:
    reached_from(door.nation, "EU")
    tagging = f"/documents/{ground.document_id}/tags"
    assert kind(door.call("sten", "POST", tagging, json={"access_from": ["FR"]})) == (403, "outside-access")
    assert value(door.nation.database, "SELECT count(*) FROM hub.document_laws") == 0
    assert door.call("sten", "POST", tagging, json={"access_from": ["DE"]}).status_code == 204
    stand(door.nation, "zone", "FR")
    said = door.call("sten", "POST", f"/documents/{ground.document_id}/withdrawal", json={"reason": "Replaced."})
    assert kind(said) == (403, "outside-access")
    assert "This document is reached from DE only" in said.json()["detail"]
    assert door.call("sten", "GET", "/datasets/harbour/ceiling").status_code == 200


@pytest.mark.usefixtures("ground")
def test_a_document_out_of_its_stewards_reach_is_not_named_in_the_list_either(door: Door) -> None:
    def listed(limit: int) -> set[str]:
        names, cursor = set[str](), None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = door.call("sten", "GET", "/documents", params={"dataset": "harbour", "limit": limit, **more}).json()
            names |= {one["name"] for one in page["items"]}
            cursor = page["next"]
            if not cursor:
                return names

    reached_from(door.nation, "EU")
    everything = listed(1)
    assert {"loose.md", "rules.md", "history.md"} <= everything
    door.nation.tag("loose.md", access_from=["FR"])
    assert listed(1) == listed(100) == everything - {"loose.md"}
    stand(door.nation, "zone", "FR")
    assert listed(100) == everything - {"loose.md"}  # attested in DE


def test_a_file_out_of_its_stewards_reach_is_counted_in_its_submission_not_named(door: Door) -> None:
    def handed_in(submission: str | None, name: str) -> str:
        more = {"submission": submission} if submission else {}
        said = door.call(
            "sten", "POST", "/documents", params={"dataset": "harbour", "name": name, **more}, content=name
        )
        assert said.status_code == 202, said.text
        return str(said.json()["submission_id"])

    reached_from(door.nation, "EU")
    submission = handed_in(None, "tides.txt")
    assert handed_in(submission, "wrecks.txt") == submission
    door.nation.tag("wrecks.txt", access_from=["FR"])
    state = door.call("sten", "GET", f"/documents/submissions/{submission}").json()
    assert [one["name"] for one in state["outcomes"]] == ["tides.txt"]
    assert state["files"] == 2
    door.nation.tag("wrecks.txt", access_from=["DE"])
    assert len(door.call("sten", "GET", f"/documents/submissions/{submission}").json()["outcomes"]) == 2


def test_a_held_document_is_not_released_under_tags_that_shut_its_steward_out(door: Door, ground: Ground) -> None:
    reached_from(door.nation, "EU")
    body = {"reason": "A test.", "tags": {"access_from": ["FR"]}}
    said = door.call("sten", "POST", f"/documents/{ground.held[0]}/release", json=body)
    assert kind(said) == (403, "outside-access")
    query = "SELECT state FROM hub.document_versions WHERE document_id = %s"
    with door.nation.database.connect() as connection:
        assert connection.execute(query, [ground.held[0]]).fetchall() == [("held",)]
