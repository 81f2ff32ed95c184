"""What was done stays done: no charge is rolled back after reading, no time invented, no trail edited."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors

from tests.fixtures.nation import Nation
from tests.fixtures.opened import Opened, only, speaking_for

ROLES = (
    "hub_api",
    "hub_worker",
    "hub_auditor",
    "hub_operator",
    "hub_owner",
    "hub_search",
    "hub_disclosure",
    "postgres",
)
EDITS: tuple[LiteralString, ...] = (
    "UPDATE hub.audit_events SET actor = 'person:someone-else'",
    "DELETE FROM hub.audit_events",
    "TRUNCATE hub.audit_events",
)


@pytest.fixture
def unread(opened: Opened) -> Iterator[Opened]:
    """Nothing has been charged: as before the first disclosure."""
    with opened.nation.database.connect() as connection:
        connection.execute("DELETE FROM hub.read_spans; DELETE FROM hub.person_budgets")
        connection.execute("UPDATE hub.organisation_budgets SET used = 0")
    return opened


def charged(nation: Nation) -> int:
    with nation.database.connect() as connection:
        return int(only(connection, "SELECT coalesce(sum(lifetime_used), 0) FROM hub.person_budgets"))


@pytest.mark.parametrize("within", ["the transaction", "a savepoint"])
def test_what_is_charged_but_not_committed_can_not_be_read(unread: Opened, within: str) -> None:
    person = unread.nation.people["ada"]
    with speaking_for(unread.nation, person) as connection:
        if within == "a savepoint":
            with connection.transaction():
                made = only(
                    connection, "SELECT disclosure_id FROM hub.disclose(%(decision)s, %(chunks)s)", unread.values
                )
        else:
            made = only(connection, "SELECT disclosure_id FROM hub.disclose(%(decision)s, %(chunks)s)", unread.values)
        with speaking_for(unread.nation, person) as other, pytest.raises(psycopg.DatabaseError) as elsewhere:
            other.execute("SELECT body FROM hub.disclosed_text(%s)", [made])
        with pytest.raises(psycopg.DatabaseError) as here:
            connection.execute("SELECT body FROM hub.disclosed_text(%s)", [made])
        connection.rollback()
    assert (here.value.sqlstate, elsewhere.value.sqlstate) == ("HD001", "HD001")
    assert charged(unread.nation) == 0, "rolled back: and nothing was read for it"
    assert unread.doors(disclosure=made)["text"] == 0


def test_what_was_read_stays_charged(unread: Opened) -> None:
    assert unread.doors()["disclose"] == 5
    with speaking_for(unread.nation, unread.nation.people["ada"]) as connection:
        assert (
            len(connection.execute("SELECT body FROM hub.disclosed_text(%(disclosure)s)", unread.values).fetchall())
            == 5
        )
        connection.rollback()
    assert charged(unread.nation) == 500


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO hub.decisions"
            " (id, subject_id, action, purpose, site, policy_version, dataset_ids, rulings, made_at)"
            " SELECT gen_random_uuid(), subject_id, action, purpose, site, policy_version, dataset_ids, rulings,"
            " now() + interval '1 year' FROM hub.decisions"
        ),
        "UPDATE hub.decisions SET made_at = now()",
        (
            "INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail, at)"
            " VALUES ('x', 'person:' || hub.subject_id(), 'x', '{}', '{}', '2020-01-01')"
        ),
        (
            "INSERT INTO hub.disclosures (decision_id, subject_id, chunk_ids, charged, left_out, charged_in)"
            " SELECT id, subject_id, '{}', '{}', 0, 3 FROM hub.decisions"
        ),
        "UPDATE hub.clock SET ahead = interval '0'",
        "UPDATE hub.person_budgets SET window_used = 0, lifetime_used = 0",
        "DELETE FROM hub.read_spans",
        "UPDATE hub.grants SET ends_at = 'infinity'",
    ],
)
def test_the_api_invents_no_time_no_disclosure_and_no_budget(opened: Opened, statement: LiteralString) -> None:
    with (
        speaking_for(opened.nation, opened.nation.people["ada"]) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO hub.decisions (id, subject_id, action, purpose, site, policy_version, dataset_ids, rulings)"
            " VALUES (gen_random_uuid(), %s, 'query', 'research', 's', 'v', '{}', '[]')"
        ),
        (
            "INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)"
            " VALUES ('x', 'person:' || %s::text, 'x', '{}', '{}')"
        ),
    ],
)
def test_the_api_writes_in_nobody_elses_name(opened: Opened, statement: LiteralString) -> None:
    with speaking_for(opened.nation, opened.nation.people["ada"]) as connection:
        with connection.transaction():
            connection.execute(statement, [opened.nation.people["ada"]])
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(statement, [opened.nation.people["eve"]])


@pytest.mark.parametrize("role", ROLES)
def test_nobody_edits_the_audit_trail_not_even_its_owner(opened: Opened, role: str) -> None:
    login = role in {"hub_api", "hub_worker", "hub_auditor", "hub_operator"}
    with opened.nation.database.connect(role if login else "postgres") as connection:
        connection.execute("SELECT set_config('hub.subject', %s, true)", [str(opened.nation.people["ada"])])
        if not login:
            connection.execute(psycopg.sql.SQL("SET LOCAL ROLE {}").format(psycopg.sql.Identifier(role)))
        for edit in EDITS:
            with pytest.raises(psycopg.DatabaseError) as caught, connection.transaction():
                connection.execute(edit)
            assert caught.value.sqlstate in {"HD010", errors.InsufficientPrivilege.sqlstate}, edit
            if role in {"hub_operator", "hub_owner", "postgres"}:
                assert caught.value.sqlstate == "HD010", edit
