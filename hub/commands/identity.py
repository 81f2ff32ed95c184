"""`hub identity`: what the identity server has otherwise than the realm file says, and making it so."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.output import say, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.identity.provisioning import Change, Server
    from hub.identity.provisioning.realm_file import Realm

app = typer.Typer(
    no_args_is_help=True, help="The identity server and the realm file: the difference, shown or applied."
)
Url = Annotated[str, typer.Argument(help="The identity server's address, without a realm.")]
Admin = Annotated[str, typer.Option(help="An administrator of the realm 'master'.", envvar="HUB_KEYCLOAK_ADMIN")]
Password = Annotated[str, typer.Option(help="Their password: set the variable instead of typing it here.",
                                       envvar="HUB_KEYCLOAK_ADMIN_PASSWORD", show_envvar=True)]  # fmt: skip
File = Annotated[Path | None, typer.Option("--realm", help="Another realm file than this hub's.")]
UiUrl = Annotated[str | None, typer.Option(help="The address people know this hub by.", envvar="HUB_UI_URL")]
ApiUrl = Annotated[str | None, typer.Option(help="The API's address, as the issuer reaches it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def plan(
    url: Url,
    admin: Admin = "admin",
    password: Password = "",
    realm: File = None,
    ui_url: UiUrl = None,
    api_url: ApiUrl = None,
    as_json: Json = False,
) -> None:
    """Show the difference between realm file and server; changes nothing.

    Example: hub identity plan https://id.example.org --ui-url https://hub.example.org
    """
    from hub.identity.provisioning import differences

    wanted = _wanted(realm, ui_url, api_url)
    with _server(url, admin, password) as server:
        _show(differences(wanted, server.found(wanted)), as_json=as_json, none="The server is as the realm file says.")


@app.command()
def apply(
    url: Url,
    admin: Admin = "admin",
    password: Password = "",
    realm: File = None,
    ui_url: UiUrl = None,
    api_url: ApiUrl = None,
    as_json: Json = False,
) -> None:
    """Make the server as the realm file says; again, and nothing is left to do.

    Example: hub identity apply https://id.example.org --ui-url https://hub.example.org
    """
    wanted = _wanted(realm, ui_url, api_url)
    with _server(url, admin, password) as server:
        _show(server.apply(wanted), as_json=as_json, none="Nothing to do: the server is as the realm file says.")


def _wanted(file: Path | None, ui_url: str | None, api_url: str | None) -> "Realm":
    from hub.identity.provisioning import read
    from hub.stack.keycloak.clients import API_ADDRESS, UI_ADDRESS
    from hub.stack.keycloak.realm import REALM_FILE

    told = {UI_ADDRESS: ui_url, API_ADDRESS: api_url}
    return read(file or REALM_FILE, addresses={old: new.rstrip("/") for old, new in told.items() if new})


@contextmanager
def _server(url: str, admin: str, password: str) -> "Iterator[Server]":
    from pydantic import SecretStr

    from catalog.errors import SettingsError
    from hub.identity.provisioning import Server

    if not password:
        raise SettingsError("Set HUB_KEYCLOAK_ADMIN_PASSWORD to the administrator's password.")
    server = Server(url, username=admin, password=SecretStr(password))
    try:
        yield server
    finally:
        server.close()


def _show(changes: "Sequence[Change]", *, as_json: bool, none: str) -> None:
    if as_json:
        show_json([vars(one) for one in changes])
        return
    if not changes:
        say(none)
        return
    show_table([vars(one) for one in changes], columns=("kind", "name", "what"), empty=none)
