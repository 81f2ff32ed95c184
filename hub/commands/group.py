"""`hub group`: named groups of places, who belongs to one from when until when."""

from datetime import date, datetime
from typing import Annotated

import typer

from hub.commands.output import say, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Groups of places, such as EU: dated members with their source.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="The group, for example EU.")]
Member = Annotated[list[str], typer.Argument(help="ISO 3166 codes.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day, for example 2027-01-01.")]
Source = Annotated[str, typer.Option(help="By what: the treaty or act.")]


@app.command(name="list")
def list_groups(as_json: Json = False) -> None:
    """List every group's members, with past and coming ones.

    Example: hub group list
    """
    from catalog import groups
    from hub.local import operator_session

    with operator_session() as session:
        found = groups.every(session)
    if as_json:
        show_json(found)
        return
    rows = [{"group": one.name, **vars(one), "left_on": one.left_on or ""} for one in found]
    show_table(
        rows,
        columns=("group", "member", "joined_on", "left_on", "source"),
        empty="No group yet. Make one: hub group join …",
    )


@app.command()
def join(name: Name, members: Member, since: Day, source: Source, as_json: Json = False) -> None:
    """Let places belong to a group from a day on; a new name makes a new group.

    Example: hub group join NORDIC DK FI IS NO SE --since 2027-01-01 --source "Treaty of Helsinki"
    """
    from catalog import groups
    from hub.local import operator_session

    new = [groups.Membership(name=name, member=one, joined_on=since.date(), source=source) for one in members]
    with operator_session() as session:
        groups.join(session, new)
    _said(as_json, f"From {since:%Y-%m-%d} {name} also stands for {', '.join(members)}.", name, since.date())


@app.command()
def leave(
    name: Name,
    member: Annotated[str, typer.Argument(help="ISO 3166 code.")],
    on: Day,
    source: Source,
    as_json: Json = False,
) -> None:
    """End a place's membership; from that day on, what was allowed through the group is refused there.

    Example: hub group leave NORDIC IS --on 2028-01-01 --source "Act 7 of 2027"
    """
    from catalog import groups
    from hub.local import operator_session

    with operator_session() as session:
        groups.leave(session, name, member, on=on.date(), source=source)
    _said(as_json, f"From {on:%Y-%m-%d} {name} no longer stands for {member}.", name, on.date())


def _said(as_json: bool, sentence: str, name: str, day: date) -> None:  # a switch of the command
    show_json({"group": name, "from": day}) if as_json else say(sentence)
