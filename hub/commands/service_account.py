"""`hub service-account`: accounts for programs, kept by an admin who is signed in; a key is shown once."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.vocabulary import Classification
from hub.commands.output import errors, say, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(no_args_is_help=True, help="Accounts for programs; an admin signs in first: hub login.")
Slug = Annotated[str, typer.Argument(help="Short name, for example tide-watch.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    slug: Slug,
    name: Annotated[str, typer.Option(help="Full name.")],
    organisation: Annotated[str, typer.Option(help="Short name of the organisation it works for.")],
    jurisdiction: Annotated[str, typer.Option(help="Where the program runs: an ISO 3166 code.")],
    clearance: Annotated[Classification, typer.Option(help="Up to which classification.")] = Classification.INTERNAL,
    as_json: Json = False,
) -> None:
    """Open an account and show its key, once; then give it a grant of its own: hub grant add … --person NAME.

    Example: hub service-account add tide-watch --name "Tide watch" --organisation tidewise --jurisdiction DE
    """
    said = {"name": name, "organisation": organisation, "jurisdiction": jurisdiction, "clearance": str(clearance)}
    _show_key(_call("POST", "/service-accounts", {"slug": slug, **said}), as_json=as_json)
    say(f"{slug} may ask nothing yet. Next: hub grant add DATASET --person {slug} --purpose …", to=errors)


@app.command(name="list")
def list_accounts(as_json: Json = False) -> None:
    """List the accounts, removed ones too.

    Example: hub service-account list
    """
    found = [one for one in _call("GET", "/service-accounts").get("items", []) if isinstance(one, dict)]
    if as_json:
        show_json(found)
        return
    columns = ("slug", "name", "organisation", "jurisdiction", "clearance", "key_made_at", "removed_at")
    show_table(found, columns=columns, empty="No account yet. Open one: hub service-account add …")


@app.command()
def rotate(slug: Slug, as_json: Json = False) -> None:
    """Make a new key and show it, once; the one before it ends now, and so do its tokens.

    Example: hub service-account rotate tide-watch
    """
    _show_key(_call("POST", f"/service-accounts/{slug}/key"), as_json=as_json)


@app.command()
def remove(slug: Slug, as_json: Json = False) -> None:
    """Remove an account for good: the hub takes none of its tokens any more.

    Example: hub service-account remove tide-watch
    """
    _call("POST", f"/service-accounts/{slug}/removal")
    show_json({"removed": slug}) if as_json else say(f"The service account {slug} is removed.")


def _call(method: str, path: str, body: "Mapping[str, str] | None" = None) -> dict[str, Any]:
    from catalog.settings import load
    from hub.identity.device import IssuerClient
    from hub.identity.me import call
    from hub.identity.own_token import own_token
    from hub.identity.settings import PersonSettings

    settings = load(PersonSettings)
    return call(settings.api_url, own_token(settings.token_place, IssuerClient), method, path, body)


def _show_key(told: "Mapping[str, Any]", *, as_json: bool) -> None:
    if as_json:
        show_json(told)
        return
    typer.echo(told.get("key"))
    say("This key is shown once. The program proves itself by it at the issuer:", to=errors)
    token = f"{told.get('issuer')}/protocol/openid-connect/token"
    say(f"POST {token} with grant_type=client_credentials, client_id={told.get('client')}, client_secret=…", to=errors)
