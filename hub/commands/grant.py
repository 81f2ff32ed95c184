"""`hub grant`: who may ask which dataset, for what, until when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import typer

from catalog.errors import SettingsError
from catalog.vocabulary import GrantMode, Purpose
from hub.commands.output import say, show_json, show_table
from hub.commands.reason import Reason

app = typer.Typer(no_args_is_help=True, help="Grants: who may ask which dataset, for what, until when.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(  # one option per fact of a grant
    dataset: Annotated[str, typer.Argument(help="Which dataset.")],
    purpose: Annotated[Purpose, typer.Option(help="For what.")],
    person: Annotated[str | None, typer.Option(help="To whom: a person …")] = None,
    organisation: Annotated[str | None, typer.Option(help="… or an organisation.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="For how many days from now.")] = 90,
    share: Annotated[
        float | None, typer.Option(min=0.0001, max=1, help="Share of the dataset the organisation may ever read.")
    ] = None,
    mode: Annotated[GrantMode, typer.Option(help="How much the person sees.")] = GrantMode.QUOTES,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="The owner agreed: full reading, training.")] = False,
    as_json: Json = False,
) -> None:
    """Give a grant.

    Example: hub grant add rivers --person ada --purpose research --days 30
    """
    from catalog import datasets, grants, people
    from hub.local import operator_session

    if (person is None) == (organisation is None):
        raise SettingsError("Say to whom: either --person or --organisation.")
    now = datetime.now(UTC)
    with operator_session() as session:
        grantee = grants.Grantee(
            person_id=people.find_person(session, person).id if person else None,
            organisation_id=people.find_organisation(session, organisation) if organisation else None,
        )
        term = grants.Term(starts_at=now, ends_at=now + timedelta(days=days))
        given = grants.give(
            session,
            dataset_id=datasets.find(session, dataset).id,
            grantee=grantee,
            purpose=purpose,
            term=term,
            share=Decimal(str(share)) if share else None,
            mode=mode,
            confirmed=confirmed,
        )
    if as_json:
        show_json({"id": given, "ends_at": term.ends_at})
        return
    say(f"{person or organisation} may ask {dataset} for {purpose} until {term.ends_at:%Y-%m-%d}.")


@app.command()
def revoke(
    grant_id: Annotated[UUID, typer.Argument(help="Which grant (see `hub grant list`).")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """End a grant now.

    Example: hub grant revoke 7b4f… --reason "project ended"
    """
    from catalog import grants
    from hub.local import operator_session

    with operator_session() as session:
        grants.revoke(session, grant_id, reason=reason)
    show_json({"revoked": grant_id}) if as_json else say("The grant is revoked.")


@app.command(name="list")
def list_grants(as_json: Json = False) -> None:
    """List grants, newest first.

    Example: hub grant list
    """
    from catalog import grants
    from hub.local import operator_session

    with operator_session() as session:
        found = grants.every(session)
    if as_json:
        show_json(found)
        return
    rows = [
        {**one, "to": "everyone" if one["everyone"] else one["person"] or f"organisation {one['organisation_id']}"}
        for one in found
    ]
    columns = ("dataset", "to", "purpose", "ends_at", "revoked_at", "id")
    show_table(rows, columns=columns, empty="No grant yet. Add one: hub grant add …")
