"""Runs the SQL files of `migrations/sql/`."""

from pathlib import Path

import sqlalchemy as sa

SQL = Path(__file__).parent / "sql"


def run_file(connection: sa.Connection, name: str) -> None:
    """Run one file as it stands, in the connection's transaction."""
    with connection.connection.cursor() as cursor:
        # Without parameters, so that a percent sign in SQL reaches the server as it is.
        cursor.execute((SQL / name).read_text(encoding="utf-8"))
