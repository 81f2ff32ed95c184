"""Roles: who may log in and what each may do, beside the committed table of grants in tests/security."""

import psycopg
import pytest
from psycopg import sql

from tests.fixtures.postgres import ClusterDatabase

#: Role: may log in, is superuser, gets past row security, may make roles, may make databases.
ROLES: dict[str, tuple[bool, bool, bool, bool, bool]] = {
    "hub_owner": (False, False, False, False, False),
    "hub_operator": (True, False, False, False, False),
    "hub_api": (True, False, False, False, False),
    "hub_worker": (True, False, False, False, False),
    "hub_steward": (True, False, False, False, False),
    "hub_auditor": (True, False, False, False, False),
    "hub_reader": (True, False, False, False, False),
    "hub_search": (False, False, True, False, False),
    "hub_disclosure": (False, False, False, False, False),
    "hub_scanner": (False, False, False, False, False),
}


def rows(database: ClusterDatabase, query: str) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


def test_each_role_may_do_what_the_table_says(cluster_database: ClusterDatabase) -> None:
    query = """SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles
                WHERE starts_with(rolname, 'hub_')"""
    assert {str(name): tuple(rest) for name, *rest in rows(cluster_database, query)} == ROLES


def test_the_operator_acts_with_the_owners_rights_but_never_as_the_owner(cluster_database: ClusterDatabase) -> None:
    query = """SELECT roleid::regrole::text, member::regrole::text, inherit_option, set_option, admin_option
                 FROM pg_auth_members WHERE starts_with(roleid::regrole::text, 'hub_')"""
    assert rows(cluster_database, query) == [("hub_owner", "hub_operator", True, False, False)]
    for other in ROLES:
        if other == "hub_operator":
            continue
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            cluster_database.connect("hub_operator") as connection,
        ):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(other)))


@pytest.mark.parametrize("schema", ["hub", "extensions", "public"])
@pytest.mark.parametrize("role", [name for name in ROLES if name not in {"hub_owner", "hub_operator"}])
def test_nobody_who_serves_people_adds_to_a_schema_that_is_searched(
    cluster_database: ClusterDatabase, role: str, schema: str
) -> None:
    query = f"SELECT has_schema_privilege('{role}', '{schema}', 'CREATE')"
    assert rows(cluster_database, query) == [(False,)]


def test_six_tables_have_a_policy_that_lets_the_api_write(
    cluster_database: ClusterDatabase,
) -> None:
    query = """SELECT tablename, cmd FROM pg_policies
                WHERE schemaname = 'hub' AND 'hub_api' = ANY (roles) AND cmd <> 'SELECT' ORDER BY 1"""
    assert rows(cluster_database, query) == [
        ("agents", "INSERT"),  # whom a person gave leave
        ("audit_events", "INSERT"),
        ("decisions", "INSERT"),
        ("step_ups", "INSERT"),  # asking the owner for more
        ("turns", "ALL"),  # a person's own history
        ("violations", "INSERT"),  # what residency refused them
    ]


@pytest.mark.parametrize("table", ["chunks", "text_revisions", "lexeme_counts"])
def test_no_policy_shows_text_to_operator_auditor_or_api(cluster_database: ClusterDatabase, table: str) -> None:
    # The scanner's columns are ids alone (tests/catalog/test_scan.py).
    query = f"""SELECT DISTINCT r FROM pg_policies, unnest(roles) r
                 WHERE schemaname = 'hub' AND tablename = '{table}'"""  # noqa: S608  # own names
    assert {role for (role,) in rows(cluster_database, query)} <= {"hub_worker", "hub_disclosure", "hub_scanner"}
