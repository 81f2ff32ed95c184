"""`hub audit`: the newest acts."""

from typing import Annotated

import typer

from catalog.vocabulary import EventType
from hub.commands.output import show_json, show_table

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def audit(
    reason: Annotated[
        str | None, typer.Option(help="Why you read it; written down beside the reading.", envvar="HUB_AUDIT_REASON")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20,
    person: Annotated[str | None, typer.Option(help="Only acts of this person.")] = None,
    event: Annotated[list[EventType], typer.Option("--type", help="Only these types; may be repeated.")] = [],  # noqa: B006  # typer copies it
    as_json: Json = False,
) -> None:
    """Show the newest acts: who did what, when, under which decision.

    Example: hub audit --reason "The monthly look at refusals" --person ada --type question.refused
    """
    from catalog import audit as trail
    from catalog import people
    from hub.local import operator_session

    with operator_session() as session:
        trail.consult(session, reason)
        actor = f"person:{people.find_person(session, person).id}" if person else None
        found = trail.newest(session, limit=limit, actor=actor, types=event)
        names = {f"person:{one.id}": one.slug for one in people.everyone(session)}
    if as_json:
        show_json(found)
        return
    rows = [
        {
            "at": f"{e.at:%Y-%m-%d %H:%M:%S}",
            "type": e.type,
            "actor": names.get(e.actor, e.actor),
            "object": names.get(e.object, _short(e.object)),
        }
        for e in found
    ]
    empty = "No such act in the trail." if person or event else "Nothing has happened yet."
    show_table(rows, columns=("at", "type", "actor", "object"), empty=empty)


def _short(thing: str) -> str:
    """Return `kind:id` with the first digits of its id, enough to tell two apart; --json has the whole."""
    kind, _, name = thing.partition(":")
    return f"{kind}:{name[:8]}" if name else kind
