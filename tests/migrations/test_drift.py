"""Drift: every kind of thing that guards the data is read, and a change to any of them is named."""

from typing import LiteralString

import psycopg
import pytest

from migrations.drift import FACTS, drift
from tests.fixtures.postgres import ClusterDatabase, administer

#: One change of each kind behind the migrations' back, and the lines that must name it.
CHANGES: dict[str, tuple[LiteralString, list[str]]] = {
    "function": (
        "CREATE OR REPLACE FUNCTION hub.hub_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        ["function hub.hub_now(): differs"],
    ),
    "owner of a function": (
        "ALTER FUNCTION hub.search_chunks OWNER TO hub_owner",
        ["function hub.search_chunks(uuid,text,extensions.halfvec,integer,text): differs"],
    ),
    "a function more": (
        "CREATE FUNCTION hub.back_door() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$",
        ["execute PUBLIC hub.back_door(): extra", "function hub.back_door(): extra"],
    ),
    "execute": (
        "GRANT EXECUTE ON FUNCTION hub.live_scope TO hub_api",
        ["execute hub_api hub.live_scope(uuid,text): extra"],
    ),
    "policy": (
        "ALTER POLICY subject ON hub.people USING (true)",
        ["policy people.subject: differs"],
    ),
    "a policy more": (
        "CREATE POLICY other ON hub.chunks FOR SELECT TO hub_api USING (true)",
        ["policy chunks.other: extra"],
    ),
    "a policy less": (
        "DROP POLICY worker ON hub.chunks",
        ["policy chunks.worker: missing"],
    ),
    "row security": (
        "ALTER TABLE hub.grants DISABLE ROW LEVEL SECURITY",
        ["row security grants: differs"],
    ),
    "column": (
        "ALTER TABLE hub.people ALTER COLUMN clearance DROP NOT NULL",
        ["column people.clearance: differs"],
    ),
    "constraint": (
        "ALTER TABLE hub.person_budgets DROP CONSTRAINT ck_person_budgets_window",
        ["constraint hub.person_budgets.ck_person_budgets_window: missing"],
    ),
    "index": (
        "DROP INDEX hub.ix_chunks_embedding",
        ["index ix_chunks_embedding: missing"],
    ),
    "trigger": (
        "ALTER TABLE hub.audit_events DISABLE TRIGGER append_only",
        ["trigger audit_events.append_only: differs"],
    ),
    "a grant of one column": (
        "GRANT SELECT (name) ON hub.documents TO hub_api",
        ["grant hub_api SELECT documents name: extra"],
    ),
    "a grant less": (
        "REVOKE SELECT ON hub.places FROM hub_worker",
        [
            f"grant hub_worker SELECT places {column}: missing"
            for column in ("id", "jurisdiction", "kind", "legal_control", "name", "operator", "registered_at")
        ],
    ),
}


def lines_after(database: ClusterDatabase, change: LiteralString) -> list[str]:
    with database.connect() as connection:
        connection.execute(change)
    return drift(database.url())


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_named(cluster_database: ClusterDatabase, what: str) -> None:
    change, lines = CHANGES[what]
    found = lines_after(cluster_database, change)
    assert [line for line in lines if line not in found] == []
    assert all(line.partition(" ")[0] in {name.partition(" ")[0] for name in FACTS} for line in found)


def test_each_kind_of_fact_is_read_and_none_is_empty(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect() as connection:
        empty = [kind for kind, query in FACTS.items() if not connection.execute(query).fetchall()]  # type: ignore[arg-type]
    assert empty == []


def test_no_two_things_of_a_kind_share_a_name(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect() as connection:
        for kind, query in FACTS.items():
            names = [row[0] for row in connection.execute(query).fetchall()]  # type: ignore[arg-type]
            assert len(names) == len(set(names)), kind


def test_the_second_database_is_gone_afterwards(cluster_database: ClusterDatabase) -> None:
    drift(cluster_database.url())
    with cluster_database.connect() as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'drift_')").fetchall()
    assert left == []


def test_drift_changes_nothing_by_looking(cluster_database: ClusterDatabase) -> None:
    lines = lines_after(cluster_database, CHANGES["constraint"][0])
    assert drift(cluster_database.url()) == lines != []


def test_a_role_that_may_do_more_is_put_back_by_building_the_second_database(
    cluster_database: ClusterDatabase,
) -> None:
    from psycopg import sql

    administer(cluster_database.cluster, sql.SQL("ALTER ROLE hub_auditor BYPASSRLS"))
    drift(cluster_database.url())
    with cluster_database.connect() as connection:
        query = "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'hub_auditor'"
        assert connection.execute(query).fetchone() == (False,)


def test_a_database_without_the_schema_misses_everything(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect() as connection:
        connection.execute("DROP SCHEMA hub CASCADE; CREATE SCHEMA hub")
    found = drift(cluster_database.url())
    assert {line.rpartition(": ")[2] for line in found} == {"missing"}
    assert len(found) > 200
    with pytest.raises(psycopg.errors.UndefinedTable), cluster_database.connect() as connection:
        connection.execute("SELECT * FROM hub.chunks")
