"""Every door in the database stands in `grants.csv`; who serves people owns none and never gets past row security."""

from collections.abc import Iterator

import psycopg
import pytest

from hub.stack.postgres import PostgresFolder
from tests.fixtures.postgres import ClusterDatabase
from tests.security.write_grants import Line, committed, lines

REMEDY = (
    "If each difference is meant, run `python -m tests.security.write_grants`, read what `git diff` shows of"
    " tests/security/grants.csv line by line, and commit it with the change that caused it."
)
SERVING = ("hub_api", "hub_worker", "hub_steward", "hub_auditor", "hub_reader")
#: Alembic's one row: the revision. Nobody but the owner can reach it.
WITHOUT_ROW_SECURITY = {"hub.alembic_version"}


@pytest.fixture
def built(cluster: PostgresFolder, migrated: str) -> Iterator[psycopg.Connection]:
    """The migrated database itself: a copy would lose what is granted on a database."""
    with ClusterDatabase(cluster=cluster, name=migrated).connect() as connection:
        yield connection


@pytest.fixture
def found(built: psycopg.Connection) -> list[Line]:
    return lines(built)


def test_every_grant_is_the_committed_one(found: list[Line]) -> None:
    opened = [",".join(line) for line in found if line not in committed()]
    closed = [",".join(line) for line in committed() if line not in found]
    assert (opened, closed) == ([], []), REMEDY
    assert found == sorted(found)
    assert len(found) > 200


def test_the_comparison_sees_one_more_grant_one_more_role_and_one_open_search_path(
    cluster_database: ClusterDatabase,
) -> None:
    with cluster_database.connect() as connection:
        before = lines(connection)
        connection.execute("GRANT SELECT (body) ON hub.chunks TO hub_api")
        connection.execute("CREATE ROLE hub_extra BYPASSRLS")
        connection.execute("GRANT hub_search TO hub_api")
        connection.execute("ALTER FUNCTION hub.disclose RESET search_path")
        connection.execute("ALTER TABLE hub.people NO FORCE ROW LEVEL SECURITY")
        new = [line for line in lines(connection) if line not in before]
        connection.rollback()
    assert new == [
        ("column", "hub.chunks.body", "hub_api", "SELECT"),
        ("definer", "hub.disclose(uuid,uuid[],text)", "hub_disclosure", "SECURITY DEFINER search_path OPEN"),
        ("member", "hub_search", "hub_api", "MEMBER INHERIT SET"),
        ("role", "", "hub_extra", "NOLOGIN BYPASSRLS INHERIT"),
        ("row security", "hub.people", "hub_owner", "enabled NOT FORCED"),
    ]


def owned(connection: psycopg.Connection, role: str) -> list[str]:
    query = """SELECT pg_describe_object(classid, objid, objsubid) FROM pg_shdepend
                WHERE deptype = 'o' AND refobjid = %s::regrole
                  AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"""
    return [name for (name,) in connection.execute(query, [role]).fetchall()]


def test_the_role_past_row_security_owns_one_function_and_nothing_else(built: psycopg.Connection) -> None:
    (function,) = owned(built, "hub_search")
    assert "search_chunks" in function
    past = built.execute("SELECT rolname FROM pg_roles WHERE rolbypassrls AND rolname <> 'postgres'").fetchall()
    assert past == [("hub_search",)]


@pytest.mark.parametrize("role", SERVING)
def test_who_serves_people_owns_nothing_and_belongs_to_no_one(built: psycopg.Connection, role: str) -> None:
    assert owned(built, role) == []
    assert built.execute("SELECT 1 FROM pg_auth_members WHERE member = %s::regrole", [role]).fetchall() == []
    query = """SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
                 FROM pg_roles WHERE rolname = %s"""
    assert built.execute(query, [role]).fetchall() == [(False,)]


def test_row_security_is_on_and_forced_on_every_table(found: list[Line]) -> None:
    rows = {name: what for kind, name, _, what in found if kind == "row security"}
    assert {name for name, what in rows.items() if what != "enabled forced"} == WITHOUT_ROW_SECURITY
    assert len(rows) > 20
    assert {who for kind, name, who, _ in found if kind in {"table", "column"} and name in WITHOUT_ROW_SECURITY} == {
        "hub_owner"
    }


def test_every_function_with_its_owners_rights_pins_where_it_looks(found: list[Line]) -> None:
    definers = {name: what for kind, name, _, what in found if kind == "definer"}
    assert len(definers) >= 7
    for name, what in definers.items():
        path = what.removeprefix("SECURITY DEFINER search_path=").split(", ")
        assert path[-1] == "pg_temp", name
        assert set(path[:-1]) <= {"hub", "extensions", "queue"}, name


def test_the_public_may_connect_and_use_vectors_and_nothing_more(found: list[Line]) -> None:
    assert [line for line in found if line[2] == "PUBLIC"] == [
        ("database", "", "PUBLIC", "CONNECT"),
        ("schema", "extensions", "PUBLIC", "USAGE"),
        ("schema", "public", "PUBLIC", "USAGE"),
    ]
