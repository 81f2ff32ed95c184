"""SQL stands in `catalog/` and `migrations/`, one place commits, every function with its owner's rights is pinned."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.code import ROOT, Source, source, sources

STATEMENT = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+(\.\w+)?\s+SET|DELETE\s+FROM|TRUNCATE\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|ROLE|FUNCTION|POLICY|DATABASE|SCHEMA)|GRANT\s.+\sTO|SET\s+(LOCAL\s+)?ROLE)\b",
    re.DOTALL,
)
#: Statements outside, each with its reason.
OUTSIDE = {
    "hub/stack/postgres.py": "CREATE DATABASE, in single-user mode, before there is anything to connect to",
    "hub/commands/db.py": "how many rows each table has: belongs into catalog/",
}


def statements(files: Iterable[Source]) -> list[tuple[str, str]]:
    """Every string that reads like a statement, outside the two places for it: its file, and where exactly."""
    return [
        (file.path, file.at(node))
        for file in files
        if not file.below("catalog/", "migrations/")
        for node, words in file.texts()
        if STATEMENT.search(words)
    ]


def test_sql_stands_in_the_catalog_and_the_migrations() -> None:
    assert [where for path, where in statements(sources()) if path not in OUTSIDE] == []


def test_each_exception_is_still_one() -> None:
    assert {path for path, _ in statements(sources())} == {path for path in OUTSIDE if (ROOT / path).exists()}


@pytest.mark.parametrize(
    "words",
    [
        "SELECT body FROM hub.chunks",
        "\n  INSERT INTO hub.grants (id)\n VALUES (1)",
        "UPDATE hub.clock SET ahead = 1",
        "DELETE FROM x",
        "ALTER ROLE x PASSWORD y",
        "SET LOCAL ROLE hub_owner",
        "GRANT SELECT ON x TO y",
    ],
)
def test_a_statement_elsewhere_is_seen(words: str) -> None:
    assert len(statements([source(f"query = f{words!r}")])) == 1


def test_prose_is_no_statement() -> None:
    assert (
        statements([source('"""Select what you need from the list."""\nx = "Update the hub, then set a password."')])
        == []
    )


def commits(files: Iterable[Source]) -> list[str]:
    """Every call that ends a transaction, or begins one a second way."""
    return [
        file.at(call)
        for file in files
        for call, name in file.calls()
        if name.rpartition(".")[2] in {"commit", "rollback", "begin_nested", "sessionmaker", "create_engine", "Session"}
        and not file.below("catalog/db.py", "migrations/")
    ]


def test_only_one_place_opens_a_session_and_commits() -> None:
    assert commits(sources()) == []


def test_a_commit_elsewhere_is_seen() -> None:
    assert commits([source("def f(session):\n    session.commit()", "catalog/grants.py")]) == ["catalog/grants.py:2"]


FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION\s+(?P<name>[\w.]+)(?P<head>.*?)\bAS\s+\$", re.DOTALL)
PINNED = re.compile(r"SET search_path = (?:hub|hub, extensions), pg_temp\b")


def functions() -> list[tuple[str, str]]:
    return [(m["name"], m["head"]) for file in sql_files() for m in FUNCTION.finditer(file.read_text(encoding="utf-8"))]


def test_every_sql_function_pins_where_it_looks() -> None:
    assert [name for name, head in functions() if not PINNED.search(head)] == []
    assert sum("SECURITY DEFINER" in head for _, head in functions()) >= 7
    written = sum(
        file.read_text(encoding="utf-8").count("FUNCTION hub.") for file in sql_files() if file.stem != "grants"
    )
    assert len(functions()) >= 11
    assert written >= len(functions())


def sql_files() -> list[Path]:
    return sorted((ROOT / "migrations" / "sql").glob("*.sql"))


def test_no_sql_function_runs_words_it_was_given() -> None:
    """Dynamic SQL inside a function with its owner's rights would be a way past everything."""
    bodies = {file.name: file.read_text(encoding="utf-8") for file in sql_files()}
    assert {name for name, body in bodies.items() if re.search(r"\bEXECUTE\s+(format|'|\w+\s*;)", body)} <= {
        "roles.sql",  # run once by the superuser, over constants
        "policies.sql",
        "grants.sql",
        "doors.sql",
    }
