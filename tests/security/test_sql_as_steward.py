"""Raw SQL under the stewards' own role: what somebody could do who has taken that connection over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from catalog import models
from catalog.ancestry import ServedModel
from catalog.vocabulary import Classification, ModelKind, PersonId, Purpose
from tests.fixtures.nation import OPERATOR, TERM, Nation
from tests.fixtures.opened import only

SERVED = ServedModel(name="m", kind=ModelKind.CHAT, sha256="a" * 64, origin=None, ancestry=None)
#: Everything a steward may read, whole tables but the queue's; nothing in them is made from a document's text.
READABLE = {
    *("people", "organisations", "places", "datasets", "lineages", "submissions", "documents", "document_versions"),
    *("grants", "organisation_budgets", "step_ups", "group_members", "served_models", "document_laws"),
}
OWNED = ("datasets", "lineages", "submissions", "documents", "document_versions", "grants")
WALL = "row-level security"


@pytest.fixture
def two(nation: Nation) -> Nation:
    """Sten keeps the ministry's rivers, Olga the office's lakes; each has a document and a reader."""
    nation.person("sten")
    nation.person("olga", organisation="office")
    for slug, owner, person in (("rivers", "ministry", "sten"), ("lakes", "office", "olga")):
        nation.dataset(slug, owner=owner)
        nation.document(slug, f"{slug}.txt", [f"The pump of the {slug}. "])
        nation.grant(person, slug)
    with nation.operator.begin(OPERATOR) as session:
        models.serve(session, "endpoint", [SERVED])
    return nation


@contextmanager
def steward(nation: Nation, person: str | None) -> Iterator[psycopg.Connection]:
    with nation.database.connect("hub_steward") as connection:
        if person is not None:
            connection.execute("SELECT set_config('hub.subject', %s, true)", [str(nation.people[person])])
        yield connection


def value(nation: Nation, query: LiteralString, *values: object) -> Any:
    with nation.database.connect() as connection:
        return only(connection, query, list(values))


def refused(connection: psycopg.Connection, statement: LiteralString, *values: object, match: str = WALL) -> None:
    with pytest.raises(errors.InsufficientPrivilege, match=match), connection.transaction():
        connection.execute(statement, values)


def test_a_steward_reads_thirteen_tables_a_jobs_number_and_not_one_column_made_from_text(two: Nation) -> None:
    query = """SELECT table_schema, table_name, column_name FROM information_schema.columns
                WHERE table_schema IN ('hub', 'queue')"""
    with two.database.connect() as connection:
        columns = connection.execute(query).fetchall()
    read = set()
    with steward(two, "sten") as connection:
        for schema, table, column in columns:
            looked = sql.SQL("SELECT {} FROM {} LIMIT 1").format(sql.Identifier(column), sql.Identifier(schema, table))
            try:
                with connection.transaction():
                    connection.execute(looked)
                read.add((table, column))
            except errors.InsufficientPrivilege:
                continue
    expected = {(table, column) for _, table, column in columns if table in READABLE}
    assert read == expected | {("procrastinate_jobs", "id")}


@pytest.mark.parametrize("table", OWNED)
def test_each_sees_what_is_their_organisations_and_no_row_more(two: Nation, table: str) -> None:
    counted = sql.SQL("SELECT count(*) FROM hub.{}").format(sql.Identifier(table)).as_string()
    seen = {}
    for person in ("sten", "olga"):
        with steward(two, person) as connection:
            seen[person] = only(connection, counted)
    assert seen == {"sten": 1, "olga": 1}
    assert value(two, counted) == 2


def test_listing_a_dataset_shows_it_to_no_other_steward_s_desk(two: Nation) -> None:
    """Cards are read as a person; here stands only what one may change."""
    with steward(two, "sten") as connection:
        assert connection.execute("SELECT slug FROM hub.datasets").fetchall() == [("rivers",)]
        assert connection.execute("SELECT slug FROM hub.people").fetchall() == [("sten",)]
    assert value(two, "SELECT bool_and(listed) FROM hub.datasets") is True


@pytest.mark.parametrize("table", sorted(READABLE))
def test_without_a_person_no_table_shows_a_row(two: Nation, table: str) -> None:
    counted = sql.SQL("SELECT count(*) FROM hub.{}").format(sql.Identifier(table)).as_string()
    with steward(two, None) as connection, pytest.raises(psycopg.DatabaseError):
        only(connection, counted)


COPIED: LiteralString = """
    INSERT INTO hub.datasets (slug, title, description, lineage_id, owner_id, listed, classification, store_in,
        process_in, access_from, forbidden_legal_control, purposes, sample_questions, window_characters, window_s,
        lifetime_characters, most_window_characters, most_lifetime_characters)
    SELECT 'copy', title, description, %s, %s, listed, classification, store_in, process_in, access_from,
        forbidden_legal_control, purposes, sample_questions, window_characters, window_s, lifetime_characters,
        most_window_characters, most_lifetime_characters
      FROM hub.datasets WHERE slug = 'rivers'"""


def test_a_dataset_is_registered_for_ones_own_organisation_only(two: Nation) -> None:
    owners = {
        slug: value(two, "SELECT id FROM hub.organisations WHERE slug = %s", slug) for slug in ("ministry", "office")
    }
    with steward(two, "sten") as connection:
        lineage = only(connection, "SELECT gen_random_uuid()")
        connection.execute("INSERT INTO hub.lineages (id, ceiling_share) VALUES (%s, 1)", [lineage])
        refused(connection, COPIED, lineage, owners["office"])
        connection.execute(COPIED, [lineage, owners["ministry"]])
        assert only(connection, "SELECT count(*) FROM hub.datasets") == 2


def test_a_dataset_is_changed_by_its_owner_only_and_moves_to_nobody(two: Nation) -> None:
    with steward(two, "sten") as connection:
        assert connection.execute("UPDATE hub.datasets SET title = 'New'").rowcount == 1
        for column in ("owner_id", "lineage_id", "slug", "withdrawn_at", "lifetime_characters", "id"):
            changed = sql.SQL("UPDATE hub.datasets SET {0} = {0}").format(sql.Identifier(column)).as_string()
            refused(connection, changed, match="permission denied")
        refused(connection, "DELETE FROM hub.datasets", match="permission denied")
    with two.database.connect() as connection:
        assert connection.execute("SELECT title FROM hub.datasets WHERE slug = 'lakes'").fetchall() == [("Lakes",)]


HANDED_IN: dict[str, LiteralString] = {
    "submissions": "INSERT INTO hub.submissions (dataset_id, actor) VALUES (%(dataset)s, 'person:x')",
    "documents": "INSERT INTO hub.documents (dataset_id, name) VALUES (%(dataset)s, 'new.txt')",
    "document_versions": """
        INSERT INTO hub.document_versions (document_id, dataset_id, submission_id, ordinal, sha256, size_bytes, state)
        VALUES (%(document)s, %(dataset)s, %(submission)s, 7, repeat('0', 64), 1, 'quarantined')""",
}


def places(nation: Nation, slug: str) -> dict[str, Any]:
    dataset = nation.datasets[slug]
    return {
        "dataset": dataset,
        "document": value(nation, "SELECT id FROM hub.documents WHERE dataset_id = %s", dataset),
        "submission": value(nation, "SELECT id FROM hub.submissions WHERE dataset_id = %s", dataset),
    }


@pytest.mark.parametrize("table", HANDED_IN)
def test_documents_are_handed_in_for_ones_own_datasets_only(two: Nation, table: str) -> None:
    own, others = places(two, "rivers"), places(two, "lakes")
    with steward(two, "sten") as connection:
        connection.execute(HANDED_IN[table], own)
        with pytest.raises(errors.InsufficientPrivilege, match=WALL), connection.transaction():
            connection.execute(HANDED_IN[table], others)


def test_anothers_document_is_not_withdrawn_and_ones_own_is_in_no_way_but_its_state_changed(two: Nation) -> None:
    with steward(two, "sten") as connection:
        assert connection.execute("UPDATE hub.document_versions SET state = 'withdrawn'").rowcount == 1
        kept = ("sha256", "size_bytes", "reason", "detail", "media_type", "dataset_id", "document_id", "ordinal")
        for column in (*kept, "settled_at", "released"):
            changed = sql.SQL("UPDATE hub.document_versions SET {0} = {0}").format(sql.Identifier(column)).as_string()
            refused(connection, changed, match="permission denied")
        refused(connection, "DELETE FROM hub.documents", match="permission denied")
    state: LiteralString = "SELECT state FROM hub.document_versions WHERE dataset_id = %s"
    assert value(two, state, two.datasets["lakes"]) == "published"


GRANTED: LiteralString = """
    INSERT INTO hub.grants (dataset_id, person_id, everyone, purpose, starts_at, ends_at, given_by)
    VALUES (%s, %s, %s, 'research', %s, %s, 'person:x')"""


def granting(dataset: object, person: PersonId | None) -> tuple[object, ...]:
    return (dataset, person, person is None, TERM.starts_at, TERM.ends_at)


def test_a_steward_gives_no_grant_but_everyones_on_a_public_dataset_of_their_own(two: Nation) -> None:
    public = {"classification": Classification.PUBLIC, "purposes": [Purpose.STATISTICS]}
    own, others = (two.dataset(f"open-{owner}", owner=owner, **public) for owner in ("ministry", "office"))
    with steward(two, "sten") as connection:
        refused(connection, GRANTED, *granting(own, two.people["sten"]))
        refused(connection, GRANTED, *granting(two.datasets["rivers"], None))
        refused(connection, GRANTED, *granting(others, None))
        connection.execute(GRANTED, granting(own, None))
        refused(connection, "UPDATE hub.grants SET everyone = true", match="permission denied")
        refused(connection, "DELETE FROM hub.grants", match="permission denied")


def test_a_lineage_begins_empty(two: Nation) -> None:
    """A size of one's own choice would move what organisations may read of it."""
    with steward(two, "sten") as connection:
        refused(connection, "INSERT INTO hub.lineages (ceiling_share, characters) VALUES (1, 1000000)")
        refused(connection, "UPDATE hub.lineages SET characters = 0", match="permission denied")


def test_a_steward_is_written_down_as_themselves(two: Nation) -> None:
    told: LiteralString = """INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
                             VALUES ('x', %s, 'x', '{}', '{}')"""
    with steward(two, "sten") as connection:
        for actor in (f"person:{two.people['olga']}", "operator:test", "worker:test", ""):
            refused(connection, told, actor)
        connection.execute(told, [f"person:{two.people['sten']}"])
        refused(connection, "SELECT detail FROM hub.audit_events", match="permission denied")


def test_pages_are_counted_for_ones_own_documents_only(two: Nation) -> None:
    versions = value(two, "SELECT array_agg(id) FROM hub.document_versions")
    for person, slug in (("sten", "rivers"), ("olga", "lakes")):
        with steward(two, person) as connection:
            rows = connection.execute("SELECT version_id, pages FROM hub.version_pages(%s)", [versions]).fetchall()
        own = value(two, "SELECT id FROM hub.document_versions WHERE dataset_id = %s", two.datasets[slug])
        assert rows == [(own, 1)]


def test_no_door_to_text_opens_for_a_steward(two: Nation) -> None:
    doors: tuple[LiteralString, ...] = (
        "SELECT hub.search_chunks(NULL, '', NULL, 1, 'dense')",
        "SELECT hub.document_chunks(NULL, NULL)",
        "SELECT hub.disclose(NULL, NULL)",
        "SELECT hub.disclosed_text(NULL)",
        "SELECT hub.disclosed_page(NULL, NULL, 1)",
        "SELECT hub.passage_facts(NULL, NULL)",
        "SELECT hub.turn_answer(NULL, NULL)",
        "SELECT hub.page_chunks(NULL, NULL, 1)",
        "SELECT hub.live_scope(NULL)",
    )
    with steward(two, "sten") as connection:
        for door in doors:
            refused(connection, door, match="permission denied")


DECIDE: LiteralString = "SELECT hub.decide_hold(%s, %s, 'A test.')"


def test_only_a_held_document_of_ones_own_organisation_is_decided_and_once(two: Nation) -> None:
    mine, others = two.document_of("rivers.txt"), two.document_of("lakes.txt")
    with two.database.connect() as connection:
        connection.execute("UPDATE hub.document_versions SET state = 'held', reason = 'marked'")
    with steward(two, "sten") as connection:
        connection.execute("SELECT set_config('hub.actor', 'person:sten', true)")
        for released in (True, False):
            with pytest.raises(psycopg.DatabaseError) as error, connection.transaction():
                connection.execute(DECIDE, [others, released])
            assert error.value.sqlstate == "HD001"
        connection.execute(DECIDE, [mine, False])
        for released in (True, False):
            with pytest.raises(psycopg.DatabaseError) as error, connection.transaction():
                connection.execute(DECIDE, [mine, released])
            assert error.value.sqlstate == "HD005"
    assert value(two, "SELECT state FROM hub.document_versions WHERE document_id = %s", others) == "held"


def test_no_version_is_handed_in_released(two: Nation) -> None:
    """What is printed in it is looked at, whoever hands it in."""
    insert: LiteralString = """
        INSERT INTO hub.document_versions
               (document_id, dataset_id, submission_id, ordinal, sha256, size_bytes, state, released)
        SELECT document_id, dataset_id, submission_id, 2, sha256, 1, 'quarantined', %s FROM hub.document_versions"""
    with steward(two, "sten") as connection:
        refused(connection, insert, True)  # a value of the row
        assert connection.execute(insert, [False]).rowcount == 1


def test_a_law_of_a_document_is_never_changed_and_never_anothers(two: Nation) -> None:
    made: LiteralString = (
        "INSERT INTO hub.document_laws (dataset_id, classification) VALUES (%s, 'secret') RETURNING id"
    )
    lakes = value(two, made, two.datasets["lakes"])
    with steward(two, "sten") as connection:
        refused(connection, made, two.datasets["lakes"])
        mine = only(connection, made, [two.datasets["rivers"]])
        assert connection.execute("UPDATE hub.documents SET law_id = %s", [mine]).rowcount == 1
        refused(connection, "UPDATE hub.document_laws SET classification = 'internal'", match="permission denied")
        with pytest.raises(errors.ForeignKeyViolation), connection.transaction():
            connection.execute("UPDATE hub.documents SET law_id = %s", [lakes])
