"""The worker sees one dataset at a time; the operator, who owns the tables, reads no text; the auditor no content."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from tests.fixtures.nation import Nation

BY_DATASET = (
    *("submissions", "documents", "document_versions", "text_revisions", "chunks"),
    *("lexeme_counts", "index_sizes", "datasets", "lineages"),
)
TEXT = ("chunks", "text_revisions", "lexeme_counts")


@pytest.fixture
def two(nation: Nation) -> Nation:
    for dataset in ("rivers", "lakes"):
        nation.dataset(dataset)
        nation.document(dataset, f"{dataset}.txt", [f"The pump of the {dataset}."])
    return nation


def count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM hub.{}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("table", BY_DATASET)
def test_the_worker_sees_the_dataset_its_job_named_and_without_one_nothing(two: Nation, table: str) -> None:
    with two.database.connect() as everything, two.database.connect("hub_worker") as connection:
        both = count(everything, table)
        with pytest.raises(psycopg.DatabaseError), connection.transaction():
            count(connection, table)
        seen = 0
        for dataset in two.datasets.values():
            connection.execute("SELECT set_config('hub.dataset', %s, true)", [str(dataset)])
            assert 0 < count(connection, table) < both
            seen += count(connection, table)
    assert seen == both


def test_the_worker_writes_into_no_other_dataset(two: Nation) -> None:
    copied = """INSERT INTO hub.lexeme_counts (dataset_id, language, lexeme, chunks) VALUES (%s, 'simple', 'x', 1)"""
    told = """INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
              VALUES ('x', 'worker:test', 'x', ARRAY[%s]::uuid[], '{}')"""
    with two.database.connect("hub_worker") as connection:
        connection.execute("SELECT set_config('hub.dataset', %s, true)", [str(two.datasets["rivers"])])
        for statement in (copied, told):
            with connection.transaction():
                connection.execute(statement, [two.datasets["rivers"]])
            with pytest.raises(errors.InsufficientPrivilege, match="row-level security"), connection.transaction():
                connection.execute(statement, [two.datasets["lakes"]])
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(told.replace("worker:test", "person:ada"), [two.datasets["rivers"]])


@pytest.fixture(params=["hub_operator", "hub_owner"])
def owner(two: Nation, request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    login = "postgres" if request.param == "hub_owner" else request.param
    with two.database.connect(login) as connection:
        if request.param == "hub_owner":
            connection.execute("SET LOCAL ROLE hub_owner")
        yield connection


def test_who_owns_the_tables_reads_no_text(owner: psycopg.Connection) -> None:
    assert {table: count(owner, table) for table in TEXT} == dict.fromkeys(TEXT, 0)
    assert count(owner, "documents") == 2


def test_the_operator_calls_no_door_and_becomes_no_other_role(two: Nation) -> None:
    doors = ("hub.search_chunks(NULL, '', NULL, 1, 'dense')", "hub.disclosed_text(NULL)", "hub.disclose(NULL, NULL)")
    with two.database.connect("hub_operator") as connection:
        for door in doors:
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(sql.SQL("SELECT {}").format(sql.SQL(door)))  # type: ignore[arg-type]
        for role in ("hub_owner", "hub_search", "hub_disclosure", "hub_api", "postgres"):
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))


def test_the_auditor_reads_acts_and_law_and_no_content(two: Nation) -> None:
    with two.database.connect("hub_auditor") as connection:
        assert count(connection, "audit_events") > 0
        for table in (*TEXT, "documents", "document_versions", "read_spans", "index_sizes"):
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                count(connection, table)
