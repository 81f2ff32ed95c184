"""`hub db`: does the database hold the schema, functions and grants this hub was built with."""

from typing import Annotated

import typer

from hub.commands.output import REFUSED, say, show_json, show_table

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
