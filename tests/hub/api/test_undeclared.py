"""A route that declares no rule is no route: the app refuses to be built with it."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

import hub.app
from catalog.errors import SettingsError
from catalog.vocabulary import Action
from hub.api.doors import OPEN, through
from hub.app import create_app
from tests.hub.api.conftest import AT_HOME, Door


def plain(router: APIRouter) -> None:
    router.get("/bare")(lambda: None)


def hidden(router: APIRouter) -> None:
    router.get("/hidden", include_in_schema=False)(lambda: None)


def two_rules(router: APIRouter) -> None:
    router.get("/both", dependencies=[through(Action.ASK), through(Action.MANAGE)])(lambda: None)


def almost_open(router: APIRouter) -> None:
    router.get("/health/more")(lambda: None)


def websocket(router: APIRouter) -> None:
    router.websocket("/socket")(lambda: None)


def mounted(router: APIRouter) -> None:
    router.mount("/below", FastAPI())


def starlettes(router: APIRouter) -> None:
    router.add_route("/raw", lambda _: None)


def nested(router: APIRouter) -> None:
    inner = APIRouter()
    inner.get("/inner")(lambda: None)
    router.include_router(inner)


@pytest.mark.parametrize(
    "add", [plain, hidden, two_rules, almost_open, websocket, mounted, starlettes, nested], ids=lambda one: one.__name__
)
def test_the_app_is_not_built_with_a_route_that_declares_no_rule(
    door: Door, monkeypatch: pytest.MonkeyPatch, add: Callable[[Any], None]
) -> None:
    router = APIRouter()
    add(router)
    monkeypatch.setattr(hub.app, "ROUTERS", (*hub.app.ROUTERS, router))
    with pytest.raises(SettingsError, match="rule"):
        create_app(door.hub, AT_HOME)


def test_a_route_that_declares_one_is_built(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()
    router.get("/new", name="new", dependencies=[through(Action.ASK)])(lambda: None)
    monkeypatch.setattr(hub.app, "ROUTERS", (*hub.app.ROUTERS, router))
    assert create_app(door.hub, AT_HOME).url_path_for("new") == "/new"


def test_the_app_has_no_routes_but_those_of_its_routers(door: Door) -> None:
    app = create_app(door.hub, AT_HOME)
    declared = [route for router in hub.app.ROUTERS for route in router.routes]
    assert app.routes == declared
    assert set(app.openapi()["paths"]) == {route.path for route in declared}  # type: ignore[attr-defined]


def test_what_is_open_to_everyone_is_written_down() -> None:
    assert {"/health", "/sessions/ended"} == OPEN
