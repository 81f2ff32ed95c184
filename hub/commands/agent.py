"""`hub agent`: leave for a program to ask for you, for one purpose and two minutes."""

from typing import Annotated

import typer

from catalog.vocabulary import Purpose
from hub.commands.output import errors, say, show_json


def agent(
    name: Annotated[str, typer.Argument(help="The program's name, as the audit trail will say it.")],
    purpose: Annotated[Purpose, typer.Option(help="The one purpose it may ask for.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a token for a program that asks for you: it sees no more than you, and what it reads is yours.

    Example: hub agent reading-list --purpose research
    """
    from catalog.settings import load
    from hub.identity.device import IssuerClient
    from hub.identity.me import admit
    from hub.identity.own_token import own_token
    from hub.identity.settings import PersonSettings

    settings = load(PersonSettings)
    admitted = admit(settings.api_url, own_token(settings.token_place, IssuerClient), name=name, purpose=purpose)
    if as_json:
        show_json(admitted)
        return
    typer.echo(admitted.get("token"))
    say(f"Good until {admitted.get('ends_at')}, or until you sign out.", to=errors)
