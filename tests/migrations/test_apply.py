"""Applying the schema: all of it or nothing, again without harm, several at once, and as the tables declare."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql

import migrations
from catalog.tables import metadata
from hub.stack.postgres import PostgresFolder
from migrations.drift import facts
from migrations.files import SQL, run_sql
from tests.fixtures.postgres import ClusterDatabase, administer

ROLES = ("hub_operator", "hub_api", "hub_worker", "hub_auditor")


@pytest.fixture
def empty(cluster: PostgresFolder) -> Iterator[ClusterDatabase]:
    """A database without a schema."""
    name = sql.Identifier(f"e_{secrets.token_hex(6)}")
    administer(cluster, sql.SQL("CREATE DATABASE {}").format(name))
    yield ClusterDatabase(cluster=cluster, name=name.as_string().strip('"'))
    administer(cluster, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def schemas(database: ClusterDatabase) -> set[str]:
    with database.connect() as connection:
        query = "SELECT nspname FROM pg_namespace WHERE nspname IN ('hub', 'queue', 'extensions')"
        return {name for (name,) in connection.execute(query).fetchall()}


def read(database: ClusterDatabase) -> dict[str, str]:
    engine = sa.create_engine(database.url())
    with engine.connect() as connection:
        found = facts(connection)
    engine.dispose()
    return found


def test_an_empty_database_gets_the_whole_schema(empty: ClusterDatabase, cluster_database: ClusterDatabase) -> None:
    migrations.apply(empty.url())
    assert schemas(empty) == {"hub", "queue", "extensions"}
    assert read(empty) == read(cluster_database)


def test_four_that_apply_at_once_wait_for_one_another(empty: ClusterDatabase) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrations.apply(empty.url()), range(4)))
    with empty.connect() as connection:
        assert connection.execute("SELECT count(*) FROM hub.clock").fetchone() == (1,)


@pytest.mark.parametrize("failing", ["roles.sql", "hub_now.sql", "search_chunks.sql", "policies.sql", "grants.sql"])
def test_a_step_that_fails_leaves_the_database_as_it_was(
    empty: ClusterDatabase, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    right = migrations.run_file

    def run_file(connection: sa.Connection, name: str) -> None:
        right(connection, name)
        if name == failing:
            run_sql(connection, "SELECT 1/0")

    monkeypatch.setattr(migrations, "run_file", run_file)
    with pytest.raises(Exception, match="division by zero"):
        migrations.apply(empty.url())
    assert schemas(empty) == set()


def test_a_failing_step_on_a_living_database_changes_nothing(
    cluster_database: ClusterDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(cluster_database)
    monkeypatch.setattr(migrations, "REPEATABLE", [*migrations.REPEATABLE[:-1], "absent.sql"])
    with pytest.raises(FileNotFoundError):
        migrations.apply(cluster_database.url())
    assert read(cluster_database) == before


def test_every_file_of_sql_is_applied_and_once() -> None:
    files = {path.name for path in SQL.glob("*.sql")}
    assert files == {"roles.sql", *migrations.REPEATABLE}
    assert len(migrations.REPEATABLE) == len(set(migrations.REPEATABLE))
    last = (
        *("grants.sql", "doors.sql", "sessions.sql", "service_accounts.sql", "law.sql", "served_models.sql"),
        *("residency_desk.sql", "residency_scan.sql", "metadata_review.sql"),
    )
    assert migrations.REPEATABLE[-len(last) :] == last, (
        "grants come last: they take everything away first; the rest adds theirs"
    )


def test_the_tables_in_the_database_are_those_the_code_declares(cluster_database: ClusterDatabase) -> None:
    engine = sa.create_engine(cluster_database.url())
    with engine.connect() as connection:
        connection.exec_driver_sql("SET search_path = hub, extensions")
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == "hub",
                "version_table_schema": "hub",
                "compare_type": True,
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_every_check_in_the_database_is_one_the_code_declares(cluster_database: ClusterDatabase) -> None:
    declared = {
        f"{table.name}.{constraint.name}"
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    query = """SELECT relname || '.' || conname FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
                WHERE connamespace = 'hub'::regnamespace AND contype = 'c'"""
    with cluster_database.connect() as connection:
        assert {name for (name,) in connection.execute(query).fetchall()} == declared


def test_the_revisions_form_one_line_from_the_first_to_the_head() -> None:
    script = ScriptDirectory.from_config(migrations.alembic_config())
    line = [revision.revision for revision in script.walk_revisions()][::-1]
    assert line == sorted(line)
    assert len(script.get_heads()) == 1
    files = [path for path in Path(script.versions).glob("*.py") if path.name != "__init__.py"]
    assert sorted(path.name.partition("_")[0] for path in files) == line


def test_the_head_is_recorded_in_the_schema_of_the_hub(cluster_database: ClusterDatabase) -> None:
    script = ScriptDirectory.from_config(migrations.alembic_config())
    with cluster_database.connect() as connection:
        found = connection.execute("SELECT version_num FROM hub.alembic_version").fetchall()
    assert found == [(script.get_current_head(),)]


@pytest.mark.parametrize("word", ["%", "%s", "%(x)s", "%%", ":name", "{}", "$1"])
def test_a_file_reaches_the_server_as_it_is(empty: ClusterDatabase, word: str) -> None:
    engine = sa.create_engine(empty.url())
    with engine.begin() as connection:
        run_sql(connection, f"CREATE TABLE kept (word text); INSERT INTO kept VALUES ('{word}')")  # noqa: S608  # own words
    engine.dispose()
    with empty.connect() as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [(word,)]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_the_hub_makes_temporary_tables(empty: ClusterDatabase, role: str) -> None:
    migrations.apply(empty.url())
    with (
        pytest.raises(Exception, match="permission denied to create temporary tables"),
        empty.connect(role) as connection,
    ):
        connection.execute("CREATE TEMPORARY TABLE mine (a int)")


def test_rows_outlive_a_second_application(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect() as connection:
        connection.execute("INSERT INTO hub.organisations (slug, name, jurisdiction) VALUES ('m', 'M', 'DE')")
        connection.execute("UPDATE hub.clock SET ahead = interval '1 day'")
    migrations.apply(cluster_database.url())
    with cluster_database.connect() as connection:
        assert connection.execute("SELECT slug FROM hub.organisations").fetchall() == [("m",)]
        assert connection.execute("SELECT ahead = interval '1 day' FROM hub.clock").fetchone() == (True,)
