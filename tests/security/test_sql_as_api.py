"""Raw SQL under the API's own role: what somebody could do who has taken the API over."""

from collections.abc import Callable
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql

from catalog import grants
from tests.fixtures.nation import OPERATOR, Nation
from tests.fixtures.opened import ALL, NOTHING, Opened, only, speaking_for

#: Everything the API may read, whole tables; nothing in them is made from a document's text.
READABLE = {
    *("agents", "people", "organisations", "places", "datasets", "grants", "decisions", "index_models", "step_ups"),
    *("group_members", "served_models", "document_laws"),
}
#: What is made from text, at least: the test below refuses every other column too.
MADE_FROM_TEXT = {
    *(("chunks", name) for name in ("body", "heading", "lexemes", "lexeme_count", "embedding", "language")),
    *(("text_revisions", name) for name in ("body", "language", "characters", "pages", "parser")),
    *(("lexeme_counts", name) for name in ("lexeme", "language", "chunks", "dataset_id")),
    *(("index_sizes", name) for name in ("chunks", "lexemes")),
    ("documents", "name"),
    ("document_versions", "sha256"),
    ("document_versions", "detail"),
    ("read_spans", "spans"),
    ("audit_events", "detail"),
    ("turns", "answer"),
}
#: Of a person's own history: their words and what came of them, not the answer.
OWN_TURNS = {
    *(("turns", name) for name in ("id", "conversation_id", "person_id", "asked_at", "purpose", "question")),
    *(("turns", name) for name in ("refused", "dataset_ids", "useful", "note")),
}
#: Of a program's account, as it is told to itself: that it is in use, and by which client.
OWN_ACCOUNT = {("service_accounts", name) for name in ("person_id", "client", "removed_at")}


def columns(nation: Nation) -> list[tuple[str, str, str]]:
    query = """SELECT table_schema, table_name, column_name FROM information_schema.columns
                WHERE table_schema IN ('hub', 'queue') ORDER BY 1, 2, ordinal_position"""
    with nation.database.connect() as connection:
        return connection.execute(query).fetchall()


def test_the_api_reads_ten_tables_own_questions_and_not_one_column_made_from_text(opened: Opened) -> None:
    read = set()
    with speaking_for(opened.nation, opened.nation.people["ada"]) as connection:
        for schema, table, column in columns(opened.nation):
            query = sql.SQL("SELECT {} FROM {} LIMIT 1").format(sql.Identifier(column), sql.Identifier(schema, table))
            try:
                with connection.transaction():
                    connection.execute(query)
                read.add((table, column))
            except errors.InsufficientPrivilege:
                continue
    existing = {(table, column) for _, table, column in columns(opened.nation)}
    assert existing >= MADE_FROM_TEXT
    assert read == {(table, column) for table, column in existing if table in READABLE} | OWN_TURNS | OWN_ACCOUNT
    assert not read & MADE_FROM_TEXT


def test_without_context_no_table_shows_a_row(opened: Opened) -> None:
    tables = sorted({(schema, table) for schema, table, _ in columns(opened.nation)})
    shown = {}
    with speaking_for(opened.nation, None) as connection:
        for name in tables:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(*name))
            try:
                with connection.transaction():
                    shown[name] = only(connection, query.as_string())  # type: ignore[arg-type]
            except psycopg.DatabaseError:
                shown[name] = 0
    assert {name: count for name, count in shown.items() if count} == {}
    assert len(shown) > 20


def test_with_context_a_person_sees_themselves_and_no_other(opened: Opened) -> None:
    with speaking_for(opened.nation, opened.nation.people["eve"]) as connection:
        assert connection.execute("SELECT slug FROM hub.people").fetchall() == [("eve",)]
        assert connection.execute("SELECT id FROM hub.decisions").fetchall() == []
        assert connection.execute("SELECT id FROM hub.grants").fetchall() == []


def test_statistics_do_not_tell_what_the_tables_hide(opened: Opened) -> None:
    with opened.nation.database.connect(autocommit=True) as connection:
        connection.execute("ANALYZE")
        assert only(connection, "SELECT count(*) FROM pg_stats WHERE schemaname = 'hub'") > 0
    with speaking_for(opened.nation, opened.nation.people["ada"]) as connection:
        assert connection.execute("SELECT tablename FROM pg_stats WHERE schemaname = 'hub'").fetchall() == []
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT 1 FROM pg_statistic")


def test_the_doors_open_for_the_right_person_at_the_right_time(opened: Opened) -> None:
    assert opened.doors() == ALL


def test_another_persons_decision_opens_nothing_even_with_a_grant_of_ones_own(opened: Opened) -> None:
    assert opened.doors("eve") == NOTHING
    opened.nation.grant("eve", "rivers")
    assert opened.doors("eve") == NOTHING


def test_another_persons_disclosure_is_read_by_neither(opened: Opened) -> None:
    """Should a disclosure ever stand under another's decision."""
    eve = opened.nation.people["eve"]
    opened.owner_runs("UPDATE hub.disclosures SET subject_id = %s", eve)
    assert (opened.doors()["text"], opened.doors("eve")["text"]) == (0, 0)


def test_an_unlisted_dataset_is_a_row_only_for_who_holds_a_grant_on_it(opened: Opened) -> None:
    opened.nation.dataset("hidden", listed=False)
    opened.nation.dataset("mine", listed=False)
    opened.nation.grant("eve", "mine")
    query: LiteralString = "SELECT coalesce(array_agg(slug ORDER BY slug), '{}') FROM hub.datasets"
    seen = {}
    for who in ("ada", "eve"):
        with speaking_for(opened.nation, opened.nation.people[who]) as connection:
            seen[who] = only(connection, query)
    assert seen == {"ada": ["rivers"], "eve": ["mine", "rivers"]}


def test_a_decision_that_never_was_opens_nothing(opened: Opened) -> None:
    invented = UUID(int=1)
    assert opened.doors(decision=invented, disclosure=invented) == NOTHING


def test_a_decision_opens_only_the_datasets_it_names(opened: Opened) -> None:
    opened.owner_runs("UPDATE hub.decisions SET dataset_ids = '{}' WHERE id = %s", opened.decision)
    assert opened.doors() == NOTHING


@pytest.mark.parametrize(("age_s", "expected"), [(27, ALL), (30, NOTHING), (86400, NOTHING)])
def test_a_decision_opens_for_thirty_seconds(opened: Opened, age_s: int, expected: dict[str, int]) -> None:
    opened.owner_runs(
        "UPDATE hub.decisions SET made_at = clock_timestamp() - %s WHERE id = %s",
        timedelta(seconds=age_s),
        opened.decision,
    )
    assert opened.doors() == expected


def test_a_decision_from_the_future_opens_nothing(opened: Opened) -> None:
    opened.owner_runs("UPDATE hub.decisions SET made_at = now() + interval '1 hour' WHERE id = %s", opened.decision)
    assert opened.doors() == NOTHING


def revoke(opened: Opened) -> None:
    with opened.nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, opened.grant, reason="test")


SPOILED: dict[str, Callable[[Opened], None]] = {
    "ended": lambda o: o.owner_runs("UPDATE hub.grants SET ends_at = now() WHERE id = %s", o.grant),
    "not begun": lambda o: o.owner_runs(
        "UPDATE hub.grants SET starts_at = now() + interval '1 hour' WHERE id = %s", o.grant
    ),
    "suspended": lambda o: o.owner_runs("UPDATE hub.grants SET suspended_at = now() WHERE id = %s", o.grant),
    "revoked": revoke,
    "for another purpose": lambda o: o.owner_runs("UPDATE hub.grants SET purpose = 'review' WHERE id = %s", o.grant),
    "of another person": lambda o: o.owner_runs(
        "UPDATE hub.grants SET person_id = %s WHERE id = %s", o.nation.people["eve"], o.grant
    ),
    "of another organisation": lambda o: o.owner_runs(
        "UPDATE hub.grants SET person_id = NULL, organisation_id ="
        " (SELECT id FROM hub.organisations WHERE slug = 'startup') WHERE id = %s",
        o.grant,
    ),
    "on a withdrawn dataset": lambda o: o.owner_runs(
        "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'"
    ),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_grant_opens_nothing_under_a_fresh_decision_when_it_is(opened: Opened, how: str) -> None:
    SPOILED[how](opened)
    assert opened.doors() == NOTHING


def test_a_grant_of_ones_organisation_or_of_everyone_opens_as_much(opened: Opened) -> None:
    changes: tuple[LiteralString, ...] = (
        "organisation_id = (SELECT id FROM hub.organisations WHERE slug = 'ministry')",
        "organisation_id = NULL, everyone = true",
    )
    for change in changes:
        with opened.nation.database.connect() as connection:
            connection.execute("UPDATE hub.grants SET person_id = NULL, " + change)  # noqa: S608  # constants only
        assert opened.doors() == ALL
