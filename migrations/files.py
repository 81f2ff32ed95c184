"""Runs the SQL files of `migrations/sql/`."""

from pathlib import Path

import psycopg
import sqlalchemy as sa

SQL = Path(__file__).parent / "sql"


def run_file(connection: sa.Connection, name: str) -> None:
    """Run one file as it stands, in the connection's transaction."""
    run_sql(connection, (SQL / name).read_text(encoding="utf-8"))


def run_sql(connection: sa.Connection, statements: str) -> None:
    """Run many statements without parameters, so that a percent sign reaches the server as it is."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101  # the one driver there is
    driver.execute(statements.encode())
