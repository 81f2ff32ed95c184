"""Every door by every role and every object: operations of the API, commands of the terminal, screens of the UI."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
import typer

from catalog import people
from catalog.vocabulary import Role
from hub.cli import app
from tests.architecture.code import ROOT
from tests.fixtures.ground import WHOLE
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import Ground, digest, walk
from tests.security.test_api_matrix import COMES, DRAWN, HELD
from ui import navigation

#: Parameters that name something of somebody's; who administers the hub keeps people, programs and alerts of all.
OBJECTS = {"slug", "passage_id", "document_id", "turn_id", "submission_id", "step_up_id"}
EVERYBODYS = {"person", "service", "alert_id"}
QUESTION = "How deep is the lagoon at the northern buoy?"


@pytest.fixture
def lagoon(door: Door) -> Ground:
    """What belongs to another organisation: an unlisted dataset, its document and passage, a turn, a submission."""
    nation = door.nation
    with nation.operator.begin(OPERATOR) as session:
        people.register_organisation(session, slug="lagoon-office", name="Lagoon Office", jurisdiction="DE")
    for slug, role in (("eve", "researcher"), ("otto", "steward")):
        nation.person(slug, organisation="lagoon-office")
        door.people[slug] = (role,)
    nation.dataset("lagoon", owner="lagoon-office", listed=False, budget=WHOLE)
    nation.grant("eve", "lagoon", share=Decimal(1))
    nation.document("lagoon", "depths.md", ["The lagoon at the northern buoy is nine metres deep."])
    _, answer = door.events("eve", QUESTION)[-1]
    assert answer.get("citations"), answer
    handed = door.call("otto", "POST", "/documents", params={"dataset": "lagoon", "name": "a.txt"}, content=b"words")
    asked = {"dataset": "lagoon", "purpose": "research", "characters": 100, "reason": "For a test of doors."}
    assert door.call("eve", "POST", "/step-ups", json=asked).status_code == 202
    waiting = door.call("otto", "GET", "/step-ups/waiting").json()["items"]
    return Ground(
        turn_id=answer["id"],
        passage_id=answer["citations"][0]["passage_id"],
        submission_id=handed.json()["submission_id"],
        document_id=str(nation.document_of("depths.md")),
        step_up_id=waiting[0]["id"],
        slug="lagoon",
        digest=digest(door, "otto", "lagoon"),
    )


def nowhere(ground: Ground) -> Ground:
    """The same request about what isn't there."""
    ids = {name: str(uuid4()) for name in OBJECTS - {"slug"}}
    return replace(ground, **ids, slug="no-such-dataset")


def parameters(operation: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", operation))


def named_object(operation: str) -> bool:
    return bool(parameters(operation) & OBJECTS) or operation in {"GET /documents", "POST /documents", "POST /step-ups"}


def told(said: httpx.Response) -> tuple[int, str, str, str]:
    body = said.json() if said.content else {}
    return said.status_code, body.get("type", ""), body.get("title", ""), body.get("detail", "")


def bearer(door: Door, person: str, roles: list[str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {door.token(person, resource_access={AUDIENCE: {'roles': roles}})}"}


def test_every_parameter_is_a_kind_of_object() -> None:
    """A new one must say whose it is before the walk below says anything of it."""
    assert {name for operation in DRAWN for name in parameters(operation)} == OBJECTS | EVERYBODYS


@pytest.mark.parametrize(
    ("person", "role"), [*(("ada", role) for role in sorted(COMES)), ("mia", "everything"), ("luc", "everything")]
)
def test_what_is_anothers_looks_like_what_is_not_there_in_every_role(
    door: Door, lagoon: Ground, person: str, role: str
) -> None:
    headers = bearer(door, person, HELD[role])
    named = {operation for operation in DRAWN if named_object(operation)}
    anothers = {operation: told(said) for operation, said in walk(door, lagoon, named, headers)}
    absent = {operation: told(said) for operation, said in walk(door, nowhere(lagoon), named, headers)}
    assert anothers == absent
    assert {operation: one[0] for operation, one in anothers.items() if one[0] not in {403, 404}} == {}


@pytest.mark.parametrize("person", ["eve", "otto"])
def test_to_whom_it_belongs_it_is_there(door: Door, lagoon: Ground, person: str) -> None:
    """Or the walk above would find nothing for everyone."""
    headers = bearer(door, person, list(map(str, Role)))
    named = {operation for operation in DRAWN if named_object(operation)}
    found = {operation for operation, said in walk(door, lagoon, named, headers) if said.is_success}
    theirs = {"eve": {"turn_id", "passage_id"}, "otto": {"document_id", "submission_id", "slug", "step_up_id"}}[person]
    other = ("/page", "/release", "/refusal", "/explanations")  # need a PDF, a held document, somebody who is named
    expected = {one for one in named if parameters(one) & theirs and not any(word in one for word in other)}
    assert expected <= found


#: As whom a command speaks: the operator, whom the operating system vouches for; a person, by their token; a hub that
#: is made for the command and thrown away; the machine, whose parts it starts; or nobody, where it opens nothing.
#: The demonstration is both: it lays its people down, then asks as one of them.
COMMANDS = """
    operator  | ingest, audit, dataset add, dataset list, dataset ceiling, dataset change,
              | dataset public-metadata,
              | dataset withdraw, document list, document tag, document release, document refuse, person organisation,
              | person add, person list, person same-as, person token, grant add, grant revoke, grant list, group list,
              | group join, group leave, place add, place list, place retire, place serves, residency violations,
              | residency out-of-place, residency preview, residency report, residency scan, policy explain, db size,
              | db backup, db backups, db remove-backup, demo load, person end-sessions
    person    | search, ask, demo questions, whoami, agent, service-account add, service-account list,
              | service-account rotate, service-account remove
    apart     | eval retrieval, eval documents, eval crawl, eval leak, bench disclose, bench doors, bench embed,
              | bench scope, bench search
    both      | demo run
    machine   | up, down, status, doctor, migrate, db check, models list, models import, models fetch,
              | identity plan, identity apply
    nobody    | openapi, login, logout, policy check
"""


def commands(group: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    group = group or typer.main.get_command(app)
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, f"{before}{name} ")
        else:
            yield f"{before}{name}", one.callback


def drawn_commands() -> dict[str, str]:
    found, speaks = {}, ""
    for line in COMMANDS.strip().splitlines():
        who, _, names = line.partition("|")
        speaks = who.strip() or speaks
        found |= {name.strip(): speaks for name in names.split(",") if name.strip()}
    return found


def names_in(function: Any) -> set[str]:
    """What a command's module and itself call by name: ways in are few and have names."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(function)))  # type: ignore[arg-type]
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    seen: set[str] = set()
    waiting = [inspect.unwrap(function).__name__]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        waiting += [one.id for one in ast.walk(functions[name]) if isinstance(one, ast.Name)]
    return {one.id for name in seen for one in ast.walk(functions[name]) if isinstance(one, ast.Name)}


WAYS_IN = {
    "operator": {"operator_session", "residency_session", "issue_token"},
    "person": {"subject_of", "own_token"},
    "apart": {"hub_to_measure"},
}


def test_every_command_says_as_whom_it_speaks() -> None:
    assert dict.fromkeys(drawn_commands()) == dict.fromkeys(dict(commands()), None)


@pytest.mark.parametrize("name", sorted(drawn_commands()))
def test_a_command_comes_in_by_the_way_it_says_and_no_other(name: str) -> None:
    function = dict(commands())[name]
    ways = {who for who, calls in WAYS_IN.items() if calls & names_in(function)}
    drawn = drawn_commands()[name]
    assert ways <= ({"operator", "person"} if drawn == "both" else {drawn}), ways
    assert ways or drawn not in WAYS_IN


#: What someone comes to do on a screen (the API's door it opens with).
SCREENS = {
    "home": "open", "ask": "ask", "search": "ask", "datasets": "browse", "ingestion": "manage", "alerts": "oversee",
    "residency": "oversee", "audit": "oversee", "system": "oversee",
}  # fmt: skip


def test_every_screen_says_what_one_comes_to_do_and_no_menu_offers_what_the_api_would_refuse() -> None:
    assert set(SCREENS) == set(navigation.SCREENS)
    assert set(navigation.BY_ROLE) == set(map(str, Role))
    offered = {(role, SCREENS[screen]) for role, screens in navigation.BY_ROLE.items() for screen in screens}
    assert [(role, action) for role, action in sorted(offered) if action not in COMES[role]] == []


def client_calls() -> dict[str, str]:
    """`METHOD /path` of each method of the UI's client, parameters without their names."""
    tree = ast.parse((ROOT / "ui" / "client.py").read_text(encoding="utf-8"))
    (api,) = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == "Api"]
    found = {}
    for method in (one for one in api.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")):
        words = [_text(one) for one in ast.walk(method) if isinstance(one, ast.Constant | ast.JoinedStr)]
        paths = [one for one in words if one.startswith("/")]
        verbs = [one for one in words if one in {"GET", "POST", "PATCH"}]
        streamed = any(isinstance(one, ast.Attribute) and one.attr == "_stream" for one in ast.walk(method))
        if paths:
            longest = max(paths, key=len)
            found[method.name] = f"{verbs[0] if verbs else 'POST' if streamed else 'GET'} {longest}"
    return found


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr():
            return "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return ""


def test_the_ui_calls_no_operation_that_is_not_drawn() -> None:
    drawn = {re.sub(r"{\w+}", "{}", operation) for operation in DRAWN}
    calls = client_calls()
    assert len(calls) > 30
    assert sorted(set(calls.values()) - drawn) == []
