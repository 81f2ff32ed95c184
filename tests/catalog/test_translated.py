"""Each error of the database becomes one of ours: its kind says what to do, its message holds no value."""

import threading
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from catalog.db import SQLSTATES, translated
from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    ConflictError,
    DataHubError,
    DependencyError,
    InvalidTransitionError,
    LedgerBrokenError,
    NotFoundError,
)
from tests.catalog.ledger import run
from tests.fixtures.nation import OPERATOR, Nation

UNREACHABLE = "The database can't be reached. `hub status` shows what runs, `hub up` starts it."
BUSY = "The database is too busy. Try again in a moment."
FULL = "The database has run out of room or connections. Free disk space, then try again."
DENIED = "You may not do this."
CODES: list[tuple[str, type[DataHubError], str]] = [
    ("HD001", AccessDeniedError, DENIED),
    ("HD002", AccessDeniedError, DENIED),
    ("HD003", DataHubError, "Something in the hub went wrong."),
    ("HD004", ConflictError, "Something by that name is already there."),
    ("HD005", InvalidTransitionError, "That step does not follow from the present state."),
    ("HD010", LedgerBrokenError, "The audit trail can't be written or does not verify."),
    ("08000", DependencyError, UNREACHABLE),
    ("08001", DependencyError, UNREACHABLE),
    ("08003", DependencyError, UNREACHABLE),
    ("08006", DependencyError, UNREACHABLE),
    ("57P01", DependencyError, UNREACHABLE),
    ("57P02", DependencyError, UNREACHABLE),
    ("57P03", DependencyError, UNREACHABLE),
    ("57P05", DependencyError, UNREACHABLE),
    ("57014", DependencyError, BUSY),
    ("55P03", DependencyError, BUSY),
    ("40001", DependencyError, BUSY),
    ("40P01", DependencyError, BUSY),
    ("53000", DependencyError, FULL),
    ("53100", DependencyError, FULL),
    ("53200", DependencyError, FULL),
    ("53300", DependencyError, FULL),
    ("22012", DataHubError, "The database refused a statement (SQLSTATE 22012)."),
    ("22P02", DataHubError, "The database refused a statement (SQLSTATE 22P02)."),
    ("23503", NotFoundError, "There is nothing by that name here, or it is not yours to know."),
    ("23505", ConflictError, "Something by that name is already there."),
    ("23514", DataHubError, "The database refused a statement (SQLSTATE 23514)."),
    ("42501", DataHubError, "The database refused a statement (SQLSTATE 42501)."),
    ("42P01", DataHubError, "The database refused a statement (SQLSTATE 42P01)."),
    ("XX000", DataHubError, "The database refused a statement (SQLSTATE XX000)."),
]
SECRET = "the heron's nest"  # noqa: S105  # a value that must not come out


class Coded(psycopg.Error):
    """An error of the driver with a code of our choice."""

    def __init__(self, code: str | None) -> None:
        super().__init__(SECRET)
        self.sqlstate = code


def wrapped(code: str | None, kind: type[DBAPIError] = DBAPIError) -> DBAPIError:
    return kind(f"SELECT '{SECRET}'", {"p": SECRET}, Coded(code))


@pytest.mark.parametrize(("code", "kind", "words"), CODES)
def test_each_code_becomes_its_error_with_its_words(code: str, kind: type[DataHubError], words: str) -> None:
    for wrapper in (DBAPIError, OperationalError, ProgrammingError):
        made = translated(wrapped(code, wrapper))
        assert type(made) is kind
        assert str(made) == words


def test_the_table_covers_every_code_our_functions_raise(nation: Nation) -> None:
    with nation.database.connect() as connection:
        query = """SELECT DISTINCT m[1] FROM pg_proc, regexp_matches(prosrc, 'ERRCODE = ''(\\w+)''', 'g') m
                    WHERE pronamespace = 'hub'::regnamespace"""
        raised = {code for (code,) in connection.execute(query)}
    assert raised == set(SQLSTATES)
    assert raised <= {code for code, _, _ in CODES}


def test_an_error_without_a_code_is_a_lost_connection_or_a_refused_statement() -> None:
    assert str(translated(wrapped(None, OperationalError))) == UNREACHABLE
    assert str(translated(wrapped(None, InterfaceError))).endswith("(SQLSTATE unknown).")


def test_a_pool_that_ran_dry_is_busy() -> None:
    made = translated(PoolTimeoutError())
    assert (type(made), str(made)) == (DependencyError, BUSY)


@pytest.mark.parametrize("code", [code for code, _, _ in CODES])
def test_no_value_comes_out_in_a_message(code: str) -> None:
    assert "heron" not in str(translated(wrapped(code)))


@pytest.mark.parametrize(
    ("statement", "kind", "words"),
    [
        ("SELECT 1/0", DataHubError, "22012"),
        ("SELECT 'x'::uuid", DataHubError, "22P02"),
        ("SELECT * FROM hub.ghosts", DataHubError, "42P01"),
        ("SELECT FROM WHERE", DataHubError, "42601"),
        ("UPDATE hub.audit_events SET actor = 'x'", LedgerBrokenError, "audit trail"),
        ("UPDATE hub.places SET kind = 'cloud'", DataHubError, "23514"),
        ("INSERT INTO hub.places SELECT * FROM hub.places", ConflictError, "already there"),
        ("SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)", DependencyError, "busy"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", DependencyError, "can't be reached"),
        ("SELECT body FROM hub.chunks", None, ""),
    ],
)
def test_real_errors_of_the_database_come_out_as_the_table_says(
    nation: Nation, statement: LiteralString, kind: type[DataHubError] | None, words: str
) -> None:
    def act() -> list[object]:
        with nation.operator.begin(OPERATOR) as session:
            found = session.execute(text(statement))
            return list(found.scalars()) if found.returns_rows else []  # type: ignore[attr-defined]

    if kind is None:
        assert act() == []
        return
    with pytest.raises(kind, match=words):
        act()


@pytest.mark.parametrize("table", ["person_budgets", "organisation_budgets"])
def test_the_check_of_a_budget_is_a_spent_budget(nation: Nation, table: str) -> None:
    nation.person("ada")
    nation.dataset("rivers")
    nation.grant("ada", "rivers")
    run(
        nation.database,
        """INSERT INTO hub.person_budgets
           SELECT p.id, d.lineage_id, now(), 0, 10, 0, 10 FROM hub.people p, hub.datasets d""",
    )
    column = {"person_budgets": "window_used", "organisation_budgets": "used"}[table]
    with pytest.raises(BudgetExhaustedError), nation.operator.begin(OPERATOR) as session:
        session.execute(text(f"UPDATE hub.{table} SET {column} = 1000000"))  # noqa: S608  # own names


def test_a_lock_held_too_long_says_busy_and_who_waits_is_let_go(nation: Nation) -> None:
    nation.person("ada")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with nation.database.connect() as connection:
            connection.execute("LOCK TABLE hub.people IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        with pytest.raises(DependencyError, match="too busy"), nation.operator.begin(OPERATOR) as session:
            session.execute(text("SET LOCAL lock_timeout = 50; SELECT * FROM hub.people"))
    finally:
        done.set()
        holder.join()


def test_of_two_who_wait_for_each_other_one_is_told_to_try_again(nation: Nation) -> None:
    first, second = uuid4(), uuid4()
    met = threading.Barrier(2, timeout=20)
    told: list[str] = []

    def lock(one: object, other: object) -> None:
        try:
            with nation.operator.begin(OPERATOR) as session:
                session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:one))"), {"one": str(one)})
                met.wait()
                session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:other))"), {"other": str(other)})
        except DependencyError as error:
            told.append(str(error))

    threads = [threading.Thread(target=lock, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told == [BUSY]


def test_the_cause_is_kept_for_the_log(nation: Nation) -> None:
    with pytest.raises(DataHubError) as caught, nation.operator.begin(OPERATOR) as session:
        session.execute(text("SELECT 1/0"))
    assert isinstance(caught.value.__cause__, DBAPIError)
