"""`hub service-account …` against the real API: what an admin keeps in a terminal, and what anybody else is told."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hub.app import create_app
from hub.identity.device import Tokens
from hub.identity.kept import FilePlace
from hub.identity.own_token import keep
from tests.fixtures.opened import opened
from tests.hub.api.conftest import Door, door
from tests.hub.commands.terminal import Said, done, hub
from tests.hub.conftest import chat, chat_and_socket, harbour, services
from tests.hub.stack.issuer.served import serving

__all__ = ["chat", "chat_and_socket", "door", "harbour", "opened", "services"]
NEW = ("--name", "Tide watch", "--organisation", "ministry", "--jurisdiction", "DE")
Run = Callable[..., Said]


@pytest.fixture
def run(door: Door, tmp_path: Path) -> Iterator[Run]:
    """Run `hub service-account …` as one of the people, at the API behind a real listener."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = door.hub.settings.model_copy(update={"api_hosts": ("127.0.0.1",)})

    def as_(who: str, *arguments: str) -> Said:
        file = tmp_path / f"{who}.json"
        keep(
            FilePlace(file),
            "http://127.0.0.1:1/",
            Tokens(access_token=door.token(who), expires_in_s=300, refresh_token=None),
        )
        variables = {"HUB_API_URL": address, "HUB_TOKEN_FILE": str(file)}
        return hub(tmp_path, "service-account", *arguments, **variables)

    # The API writes its log where the command speaks: here they are one process.
    with capture_logs(), serving(create_app(replace(door.hub, settings=settings), {"127.0.0.1": "zone"}), listener):
        yield as_


def test_an_admin_opens_lists_renews_and_removes_an_account(run: Run, door: Door) -> None:
    empty = done(run("anton", "list"))
    assert "No account yet" in empty.out
    added = done(run("anton", "add", "tide-watch", *NEW))
    first = {"client": "hub-service-tide-watch", "key": added.out.strip()}
    assert door.client.get("/health").status_code == 200
    assert door.service_token(first)
    assert "shown once" in added.err
    assert "client_id=hub-service-tide-watch" in added.err
    assert "hub grant add" in added.err
    shown = done(run("anton", "list"))
    assert "tide-watch" in shown.out
    assert first["key"] not in shown.out
    (listed,) = done(run("anton", "list", "--json")).json
    assert (listed["organisation"], listed["removed_at"]) == ("ministry", None)
    second = done(run("anton", "rotate", "tide-watch", "--json")).json
    assert second["key"] != first["key"]
    assert "is removed" in done(run("anton", "remove", "tide-watch")).out
    (listed,) = done(run("anton", "list", "--json")).json
    assert listed["removed_at"]


@pytest.mark.parametrize(("who", "arguments", "code", "sentence"), [
    ("ada", ("list",), 1, "Your role does not come to do this"),
    ("anton", ("rotate", "nobody"), 5, "nothing by that name"),
    ("anton", ("remove", "nobody"), 5, "nothing by that name"),
    ("anton", ("add", "ada", *NEW), 8, "already a person"),
    ("anton", ("add", "Tide Watch", *NEW), 1, "is not one it takes"),
    ("anton", ("add", "x", "--name", "X", "--organisation", "ministry", "--jurisdiction", "ZZ"), 1, "is not a place"),
], ids=str)  # fmt: skip
def test_what_can_not_be_done_is_a_sentence_and_a_code(
    run: Run, who: str, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    said = run(who, *arguments)
    assert (said.code, said.out) == (code, ""), said
    assert sentence in said.err
    as_json = run(who, *arguments, "--json")
    assert sentence in json.loads(as_json.err)["message"]


def test_a_name_is_kept_inside_its_place_in_the_address(run: Run) -> None:
    for name in ("../people/ada/sign-out?", "x/../../audit", "a b", "ä"):
        said = run("anton", "remove", name)
        assert said.code in {1, 5}, said
