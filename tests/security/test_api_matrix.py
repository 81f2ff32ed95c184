"""Who may call what: two drawn tables, and every operation of the OpenAPI called as everyone to compare."""

from typing import Any

import pytest

from catalog import audit
from catalog.vocabulary import EventType, Role
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import Ground, operations, walk

ROLES = """
               | open | ask | recall | browse | manage | oversee | administer
    researcher | yes  | yes | yes    | yes    |        |         |
    founder    | yes  | yes | yes    | yes    |        |         |
    steward    | yes  |     |        | yes    | yes    |         |
    reviewer   | yes  |     |        | yes    |        |         |
    admin      | yes  |     |        | yes    |        | yes     | yes
    auditor    | yes  |     |        | yes    |        | yes     |
    everything | yes  | yes | yes    | yes    | yes    | yes     | yes
    nothing    | yes  |     |        |        |        |         |
"""
#: What is answered to Ada, who holds a grant on the harbour, works for its owner and asked the question;
#: her documents are plain text and have no page to show.
ROUTES = """
                                               | comes to | answered
    GET   /health                              | open     | 200
    GET   /me                                  | browse   | 200
    GET   /system                              | oversee  | 200
    POST  /sessions/ended                      | open     | 204
    POST  /people/{person}/sign-out            | administer | 204
    GET   /service-accounts                    | administer | 200
    POST  /service-accounts                    | administer | 201
    POST  /service-accounts/{service}/key      | administer | 200
    POST  /service-accounts/{service}/removal  | administer | 204
    GET   /residency                           | oversee  | 200
    GET   /residency/violations                | oversee  | 200
    POST  /residency/preview                   | oversee  | 200
    GET   /residency/explanations              | oversee  | 200
    GET   /residency/report                    | oversee  | 200
    GET   /residency/findings                  | oversee  | 200
    GET   /audit                               | oversee  | 200
    POST  /questions                           | ask      | 200
    GET   /questions                           | recall   | 200
    GET   /questions/{turn_id}                 | recall   | 200
    POST  /questions/{turn_id}/feedback        | recall   | 204
    POST  /agents                              | recall   | 201
    GET   /budget                              | ask      | 200
    POST  /step-ups                            | recall   | 202
    GET   /step-ups                            | recall   | 200
    GET   /step-ups/waiting                    | manage   | 200
    POST  /step-ups/{step_up_id}/decision      | manage   | 204
    GET   /alerts                              | oversee  | 200
    POST  /alerts/{alert_id}/acknowledgement   | administer | 204
    POST  /search                              | ask      | 200
    GET   /passages/{passage_id}               | ask      | 200
    GET   /passages/{passage_id}/page          | ask      | 404
    GET   /passages/{passage_id}/page/cost     | ask      | 404
    GET   /datasets                            | browse   | 200
    POST  /datasets                            | manage   | 201
    GET   /datasets/{slug}                     | browse   | 200
    PATCH /datasets/{slug}                     | manage   | 200
    GET   /datasets/{slug}/ceiling             | manage   | 200
    PATCH /datasets/{slug}/ceiling             | manage   | 200
    GET   /datasets/{slug}/public-metadata     | manage   | 200
    POST  /datasets/{slug}/public-metadata/reviews | manage | 201
    GET   /datasets/{slug}/effect              | manage   | 200
    POST  /datasets/{slug}/preview             | manage   | 200
    GET   /datasets/{slug}/explanations        | manage   | 200
    GET   /documents                           | manage   | 200
    POST  /documents                           | manage   | 202
    GET   /documents/submissions/{submission_id} | manage | 200
    POST  /documents/{document_id}/withdrawal  | manage   | 204
    POST  /documents/{document_id}/tags        | manage   | 204
    POST  /documents/{document_id}/release     | manage   | 204
    POST  /documents/{document_id}/refusal     | manage   | 204
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


HEADER, *PEOPLE = rows(ROLES)
COMES = {name: {door for door, cell in zip(HEADER[1:], cells, strict=True) if cell} for name, *cells in PEOPLE}
DRAWN = {" ".join(name.split()): (action, int(status)) for name, action, status in rows(ROUTES)[1:]}
HELD = {**{str(role): [str(role)] for role in Role}, "everything": list(map(str, Role)), "nothing": []}


def expected(comes_to: set[str] | None) -> dict[str, tuple[int, str]]:
    """Status and kind of problem for someone who comes to do this; None: without a token."""
    refused = (401, "signed-out") if comes_to is None else (403, "not-allowed")
    allowed = {"open"} if comes_to is None else comes_to
    return {
        name: ((status, "no-page" if status == 404 else "") if action in allowed else refused)
        for name, (action, status) in DRAWN.items()
    }


def answered(door: Door, headers: dict[str, str]) -> dict[str, tuple[int, str]]:
    found = {}
    for operation, said in walk(door, Ground.lay(door), set(DRAWN), headers):
        problem = said.headers.get("content-type") == "application/problem+json"
        found[operation] = (said.status_code, said.json()["type"].rpartition("/")[2] if problem else "")
    return found


def bearer(door: Door, **claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {door.token('ada', **claims)}"}


def test_the_tables_name_every_operation_and_every_role() -> None:
    assert operations() == set(DRAWN)
    assert set(COMES) == {*map(str, Role), "everything", "nothing"}
    assert {action for action, _ in DRAWN.values()} == set(HEADER[1:])


@pytest.mark.parametrize("who", COMES)
def test_each_role_gets_through_the_doors_that_are_drawn_and_no_other(door: Door, who: str) -> None:
    access = {AUDIENCE: {"roles": HELD[who]}}
    assert answered(door, bearer(door, resource_access=access)) == expected(COMES[who])


def test_without_a_token_only_what_is_open_answers(door: Door) -> None:
    assert answered(door, {}) == expected(None)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"resource_access": {"account": {"roles": ["admin", "steward"]}, AUDIENCE: {"roles": []}}},
        {"resource_access": {}, "realm_access": {"roles": list(map(str, Role))}},
        {"resource_access": {AUDIENCE: {"roles": ["Admin", "STEWARD", "offline_access"]}}},
        {"resource_access": {AUDIENCE: {}}, "roles": list(map(str, Role)), "scope": "admin steward"},
    ],
)
def test_roles_that_stand_elsewhere_in_a_token_open_nothing(door: Door, elsewhere: dict[str, Any]) -> None:
    assert answered(door, bearer(door, **elsewhere)) == expected(COMES["nothing"])


def test_each_refusal_at_a_door_is_written_down_and_no_passage_is_a_refusal(door: Door) -> None:
    headers = bearer(door, resource_access={AUDIENCE: {"roles": ["reviewer"]}})
    refused = [one for one, (status, _) in answered(door, headers).items() if status == 403]
    with door.nation.operator.begin(OPERATOR) as session:
        events = audit.newest(session, limit=200, types=[EventType.DOOR_REFUSED])
    assert len(events) == len(refused) > 10
    assert {event.actor for event in events} == {f"person:{door.nation.people['ada']}"}
    assert {event.detail["rules"][0] for event in events} == {"default-deny"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "LINK"])
def test_a_method_that_no_route_names_opens_nothing(door: Door, method: str) -> None:
    ground = Ground.lay(door)
    paths = {operation.partition(" ")[2] for operation in DRAWN}
    headers = bearer(door, resource_access={AUDIENCE: {"roles": HELD["everything"]}})
    found = {path: door.client.request(method, path.format(**vars(ground)), headers=headers) for path in paths}
    assert {said.status_code for said in found.values()} == {405}
    assert all(said.headers["allow"] for said in found.values())


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/me/", "//me", "/ME", "/me%2f", "/questions/..", "/metrics", "/"]
)
def test_what_is_no_route_is_absent(door: Door, path: str) -> None:
    said = door.client.get(path, headers=bearer(door, resource_access={AUDIENCE: {"roles": HELD["everything"]}}))
    assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (404, "absent")
