"""`hub place`: where this hub's parts, the endpoints it knows and the zones people come in through stand."""

from pathlib import Path
from typing import Annotated

import typer

from catalog.errors import SettingsError
from catalog.vocabulary import PlaceKind
from hub.commands.output import say, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Places: where parts and endpoints stand, and who operates them.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="list")
def list_places(as_json: Json = False) -> None:
    """List every registered place.

    Example: hub place list
    """
    from catalog import places
    from hub.local import operator_session

    with operator_session() as session:
        found = places.every(session)
    rows = [{**vars(one), "legal_control": sorted(one.legal_control)} for one in found]
    if as_json:
        show_json(rows)
        return
    show_table(rows, columns=("name", "kind", "jurisdiction", "operator", "legal_control"), empty="No place yet.")


@app.command()
def add(  # the options of a command
    name: Annotated[str, typer.Argument(help="The name HUB_MORE_ENDPOINTS or HUB_ZONES uses.")],
    jurisdiction: Annotated[str, typer.Option(help="Where it stands, by ISO 3166 code.")],
    operator: Annotated[str, typer.Option(help="Who operates it.")],
    legal_control: Annotated[
        list[str] | None, typer.Option(help="Whose law can compel that operator; may be repeated; not asked of a zone.")
    ] = None,
    kind: Annotated[PlaceKind, typer.Option(help="What stands there.")] = PlaceKind.ENDPOINT,
    as_json: Json = False,
) -> None:
    """Register an endpoint of another site or a network zone, or say anew where one stands; decisions follow at once.

    From a zone that isn't registered nobody reads anything.
    Example: hub place add north-endpoint --jurisdiction FR --operator "Northern site" --legal-control FR
    Example: hub place add north-zone --kind zone --jurisdiction FR --operator "Northern site"
    """
    from catalog import places
    from hub.local import operator_session

    if not legal_control and kind is not PlaceKind.ZONE:
        raise SettingsError("Say whose law can compel that operator: --legal-control FR.")
    with operator_session() as session:
        places.register(
            session,
            name=name,
            kind=kind,
            jurisdiction=jurisdiction,
            operator=operator,
            legal_control=legal_control or (),
            anew=True,
        )
    if as_json:
        show_json({"name": name, "kind": kind, "jurisdiction": jurisdiction})
    else:
        say(f"{name} ({kind}) stands in {jurisdiction}, operated by {operator}.")


@app.command()
def retire(name: Annotated[str, typer.Argument(help="A zone or an endpoint.")], as_json: Json = False) -> None:
    """Let a zone or an endpoint count as not registered from now on: nobody reads anything through it any more.

    `hub place add` puts it there anew.
    Example: hub place retire north-zone
    """
    from catalog import places
    from hub.local import operator_session

    with operator_session() as session:
        places.retire(session, name)
    if as_json:
        show_json({"name": name, "retired": True})
    else:
        say(f"{name} is not registered any more.")


@app.command()
def serves(
    name: Annotated[str, typer.Argument(help="The endpoint's place.")],
    socket: Annotated[Path, typer.Argument(help="Its socket.")],
    as_json: Json = False,
) -> None:
    """Ask another site's endpoint which models it serves, and from where, and write that down: you vouch for it.

    Until then it reads nothing of datasets that forbid models of any origin. The own one is known from its registry.
    Example: hub place serves north-endpoint /run/north/model.sock
    """
    from catalog import models
    from hub.local import operator_session
    from hub.models.served import of_endpoint

    found = of_endpoint(socket)
    with operator_session() as session:
        models.serve(session, name, found)
    rows = [{"model": one.name, "kind": one.kind, "origins": sorted(one.origins), "known": one.known} for one in found]
    if as_json:
        show_json(rows)
    else:
        show_table(rows, columns=("model", "kind", "origins", "known"), empty=f"{name} serves no model.")
