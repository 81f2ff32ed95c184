"""`hub db`: does the database hold the schema, functions and grants this hub was built with."""

from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.output import REFUSED, say, show_json, show_table
from hub.commands.reason import Reason

if TYPE_CHECKING:
    from catalog.labels import Label

app = typer.Typer(no_args_is_help=True, help="The database.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def size(as_json: Json = False) -> None:
    """Show the largest tables.

    Example: hub db size
    """
    from sqlalchemy import text

    from hub.local import operator_session

    query = text(
        """
        SELECT c.oid::regclass::text AS "table", greatest(c.reltuples, 0)::bigint AS rows,
               pg_size_pretty(pg_total_relation_size(c.oid)) AS size
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('hub', 'queue') AND c.relkind = 'r'
         ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 20
        """
    )
    with operator_session() as session:
        rows = [dict(row) for row in session.execute(query).mappings()]
    show_json(rows) if as_json else show_table(rows, columns=("table", "rows", "size"), empty="No tables yet.")


@app.command()
def check(as_json: Json = False) -> None:
    """Compare roles, row security, functions and grants with what this hub was built with.

    Example: hub db check
    """
    from sqlalchemy.exc import SQLAlchemyError

    from catalog.errors import DependencyError
    from catalog.settings import load
    from hub.local import data_folder
    from hub.stack.parts import database_of
    from hub.stack.settings import StackSettings
    from migrations.drift import drift

    try:
        found = drift(database_of(data_folder(), load(StackSettings)).url("postgres"))
    except SQLAlchemyError as error:
        raise DependencyError("The database can't be reached. Start the hub with `hub up`.") from error
    if as_json:
        show_json({"differences": found})
    elif found:
        say("\n".join(found))
        say("Run `hub migrate` to state them again.")
    else:
        say("The database is as this hub was built.")
    if found:
        raise typer.Exit(REFUSED)


@app.command()
def backup(as_json: Json = False) -> None:
    """Copy the database into one file, with a label that names the strictest tags of all it holds.

    It lies in `backups` of the data folder; `hub residency scan` holds it to its label and to today's tags.
    Example: hub db backup
    """
    from datetime import UTC, datetime

    from catalog.errors import ConflictError
    from catalog.settings import load
    from hub.local import data_folder
    from hub.stack.backup import back_up, discard, named, relabel
    from hub.stack.parts import database_of
    from hub.stack.settings import StackSettings

    folder = data_folder()
    label = _label(named(datetime.now(UTC)))
    path = back_up(folder, database_of(folder, load(StackSettings)), label)
    try:
        relabel(folder, label := _label(label.file, again=True))  # what came in while it was written may be in it
    except ConflictError:
        discard(folder, label.file)
        raise
    if as_json:
        show_json({**vars(label), "path": str(path)})
    else:
        say(f"Written to {path}, labelled {label.tags['classification']}, of {len(label.datasets)} datasets.")


def _label(name: str, *, again: bool = False) -> "Label":
    """Return the label of a copy, written down before it is made; ConflictError where none may: violations keep it."""
    from catalog import backups
    from catalog.errors import ConflictError
    from hub.local import residency_session

    with residency_session() as (session, here):
        told = backups.label_for(session, here, name)
        if not again and not isinstance(told, backups.Refused):
            backups.write_down(session, told)
    if isinstance(told, backups.Refused):
        raise ConflictError(told.sentence)
    return told


@app.command()
def backups(as_json: Json = False) -> None:
    """List the copies of the database: since when, of what, and by which rule one may not lie there any more.

    Example: hub db backups
    """
    from catalog import scan
    from hub.local import data_folder, residency_session
    from hub.stack.backup import kept

    found = kept(data_folder())
    with residency_session() as (session, here):
        labelled = [one.label for one in found if one.label]
        astray = scan.files(session, here, labelled, [one.file for one in found if not one.label])
    rules = {one.object: one.rule for one in astray}
    rows = [
        {
            "file": one.file,
            "made_at": one.made_at,
            "bytes": one.size,
            "classification": one.label.tags["classification"] if one.label else None,
            "datasets": list(one.label.datasets) if one.label else [],
            "refused_by": rules.get(one.file),
        }
        for one in found
    ]
    columns = ("file", "made_at", "bytes", "classification", "datasets", "refused_by")
    show_json(rows) if as_json else show_table(rows, columns=columns, empty="No backup. Make one with `hub db backup`.")


@app.command()
def remove_backup(
    file: Annotated[str, typer.Argument(help="Which copy, by its name in `hub db backups`.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Remove one copy of the database for good, with its label.

    Example: hub db remove-backup hub-20261130T120000Z.dump --reason "may not lie in DE any more"
    """
    from catalog.backups import write_down_removal
    from catalog.errors import NotFoundError
    from hub.local import data_folder, operator_session
    from hub.stack.backup import discard, kept

    folder = data_folder()
    found = next((one for one in kept(folder) if one.file == file), None)
    if found is None:
        raise NotFoundError(f"There is no backup '{file}'. `hub db backups` shows them.")
    with operator_session() as session:  # written down first: without the trail nothing is removed
        write_down_removal(session, file, found.label, reason=reason)
    discard(folder, file)
    show_json({"removed": file}) if as_json else say(f"{file} is removed, and so is its label.")
