"""`hub person`: organisations and people, and tokens for the development stack."""

from typing import Annotated
from uuid import UUID

import typer

from catalog.vocabulary import Classification, PersonId
from hub.commands.output import say, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Organisations and people.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def organisation(
    slug: Annotated[str, typer.Argument(help="Short name, for example ministry-of-health.")],
    name: Annotated[str, typer.Option(help="Full name.")],
    jurisdiction: Annotated[str, typer.Option(help="ISO 3166 code.")],
    as_json: Json = False,
) -> None:
    """Add an organisation.

    Example: hub person organisation ministry-of-health --name "Ministry of Health" --jurisdiction DE
    """
    from catalog import people
    from hub.local import operator_session

    with operator_session() as session:
        added = people.register_organisation(session, slug=slug, name=name, jurisdiction=jurisdiction)
    show_json({"id": added, "slug": slug}) if as_json else say(f"Organisation {slug} is registered.")


@app.command()
def add(
    slug: Annotated[str, typer.Argument(help="Short name, for example ada.")],
    name: Annotated[str, typer.Option(help="Full name.")],
    organisation: Annotated[str, typer.Option(help="Short name of the organisation.")],
    jurisdiction: Annotated[str, typer.Option(help="Where the person is: an ISO 3166 code.")],
    clearance: Annotated[Classification, typer.Option(help="Up to which classification.")] = Classification.INTERNAL,
    person_id: Annotated[UUID | None, typer.Option("--id", help="The id your issuer knows them by.")] = None,
    as_json: Json = False,
) -> None:
    """Add a person.

    Example: hub person add ada --name "Ada Lind" --organisation ministry-of-health --jurisdiction DE
    """
    from catalog import people
    from hub.local import operator_session

    with operator_session() as session:
        added = people.register_person(
            session,
            slug=slug,
            name=name,
            organisation=organisation,
            jurisdiction=jurisdiction,
            clearance=clearance,
            person_id=PersonId(person_id) if person_id else None,
        )
    show_json({"id": added, "slug": slug}) if as_json else say(f"Person {slug} is registered.")


@app.command(name="list")
def list_people(as_json: Json = False) -> None:
    """List people.

    Example: hub person list
    """
    from catalog import people
    from hub.local import operator_session

    with operator_session() as session:
        found = people.everyone(session)
    if as_json:
        show_json(found)
        return
    rows = [{"person": p.slug, "name": p.name, "place": p.jurisdiction, "clearance": p.clearance} for p in found]
    show_table(rows, columns=("person", "name", "place", "clearance"), empty="Nobody yet. Add one: hub person add …")


@app.command(name="same-as")
def same_as(
    account: Annotated[str, typer.Argument(help="The other account.")],
    person: Annotated[str, typer.Argument(help="The person behind it, whose reading budget pays.")],
    as_json: Json = False,
) -> None:
    """Say that two accounts are one person: one reading budget, also for what was read already.

    Example: hub person same-as ada-lab ada
    """
    from catalog import people
    from hub.local import operator_session

    with operator_session() as session:
        people.put_behind(session, account, person)
    if as_json:
        show_json({"account": account, "behind": person})
        return
    say(f"What {account} reads is charged to {person}, and so is all it has read.")


@app.command()
def end_sessions(
    slug: Annotated[str, typer.Argument(help="Whose sessions end.")],
    as_json: Json = False,
) -> None:
    """End every session a person has begun until now: the hub takes none of their tokens any more.

    Example: hub person end-sessions ada
    """
    from catalog import sessions
    from hub.local import operator_session

    with operator_session() as session:
        found = sessions.end_all_of(session, slug)
    if as_json:
        show_json({"id": found, "slug": slug})
        return
    say(f"Every session of {slug} has ended. Whoever is {slug} signs out and in again.")


@app.command()
def token(
    slug: Annotated[str, typer.Argument(help="Who the token speaks for.")],
    life_s: Annotated[int, typer.Option(min=1, max=300, help="How long it lives, in seconds.")] = 300,
    as_json: Json = False,
) -> None:
    """Print an access token for a person, signed by this machine's development key.

    Example: hub ask "Who maintains the dykes?" --token "$(hub person token ada)"
    """
    from hub.local import issue_token

    issued = issue_token(slug, life_s=life_s)
    show_json({"token": issued}) if as_json else typer.echo(issued)
