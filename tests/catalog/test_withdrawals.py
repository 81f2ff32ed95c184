"""A withdrawn document is gone at the gate at once, whatever was decided or charged before, and only by its owner."""

from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest

from catalog import withdrawals
from catalog.datasets import Budget
from catalog.db import Database, Steward
from catalog.disclosure import disclose
from catalog.errors import InvalidTransitionError, NotFoundError
from catalog.vocabulary import ChunkId, DocumentId
from tests.catalog.ledger import events, rows, value
from tests.fixtures.nation import Nation
from tests.fixtures.opened import only, speaking_for

WHOLE = Budget(window_characters=1000, lifetime_characters=1000, ceiling_share=Decimal(1))


@pytest.fixture
def shelf(nation: Nation) -> Nation:
    """Sten keeps the rivers, whose document Ada may read; Olga is a steward elsewhere."""
    nation.person("sten")
    nation.person("ada")
    nation.person("olga", organisation="office")
    nation.dataset("rivers", budget=WHOLE)
    nation.grant("ada", "rivers", share=Decimal(1))
    nation.document("rivers", "one.txt", ["The gate opens at noon. ", "It closes at dusk. "])
    nation.document("rivers", "two.txt", ["The pump is new. "])
    return nation


def chunks(nation: Nation, name: str) -> list[ChunkId]:
    query = """SELECT c.id FROM hub.chunks c JOIN hub.documents d ON d.id = c.document_id
                WHERE d.name = %s ORDER BY c.ordinal"""
    return [ChunkId(one) for (one,) in rows(nation.database, query, name)]


def withdraw(nation: Nation, stewards: Database, document: DocumentId, person: str = "sten") -> None:
    with stewards.begin(Steward(person_id=nation.people[person])) as session:
        withdrawals.withdraw(session, document, reason="Replaced.")


def test_what_is_withdrawn_is_disclosed_no_more_under_the_same_decision_and_not_charged(
    shelf: Nation, stewards: Database
) -> None:
    scope, asked = shelf.scope("ada"), [*chunks(shelf, "one.txt"), *chunks(shelf, "two.txt")]
    withdraw(shelf, stewards, shelf.document_of("one.txt"))
    found = disclose(shelf.api, scope, asked)
    assert [passage.document_name for passage in found.passages] == ["two.txt"]
    assert found.left_out == 0
    charged = "SELECT lifetime_used FROM hub.person_budgets WHERE person_id = %s"
    assert value(shelf.database, charged, shelf.people["ada"]) == len("The pump is new. ")


def test_what_was_charged_before_a_withdrawal_is_read_no_more_after_it(shelf: Nation, stewards: Database) -> None:
    scope, asked = shelf.scope("ada"), [*chunks(shelf, "one.txt"), *chunks(shelf, "two.txt")]
    with speaking_for(shelf, shelf.people["ada"]) as connection:
        disclosure = only(connection, "SELECT disclosure_id FROM hub.disclose(%s, %s)", [scope.decision_id, asked])

    def read() -> list[tuple[str]]:
        with speaking_for(shelf, shelf.people["ada"]) as connection:
            return connection.execute("SELECT document_name FROM hub.disclosed_text(%s)", [disclosure]).fetchall()

    assert read() == [("one.txt",), ("one.txt",), ("two.txt",)]
    withdraw(shelf, stewards, shelf.document_of("one.txt"))
    assert read() == [("two.txt",)]


def test_it_is_written_down_with_its_reason_and_queued_for_the_worker(shelf: Nation, stewards: Database) -> None:
    document = shelf.document_of("one.txt")
    withdraw(shelf, stewards, document)
    version = value(shelf.database, "SELECT id FROM hub.document_versions WHERE document_id = %s", document)
    assert events(shelf.database, "document.withdrawn") == [
        (f"person:{shelf.people['sten']}", f"version:{version}", {"reason": "Replaced."})
    ]
    with shelf.database.connect() as connection:
        assert connection.execute("SELECT args ->> 'version_id' FROM queue.procrastinate_jobs").fetchall() == [
            (str(version),)
        ]


def test_it_is_withdrawn_once(shelf: Nation, stewards: Database) -> None:
    document = shelf.document_of("one.txt")
    withdraw(shelf, stewards, document)
    with pytest.raises(InvalidTransitionError):
        withdraw(shelf, stewards, document)
    assert len(events(shelf.database, "document.withdrawn")) == 1


def test_anothers_document_looks_like_one_that_never_was(shelf: Nation, stewards: Database) -> None:
    for person, document in (("olga", shelf.document_of("one.txt")), ("sten", DocumentId(uuid4()))):
        with pytest.raises(NotFoundError):
            withdraw(shelf, stewards, document, person)
    assert events(shelf.database, "document.withdrawn") == []
    with shelf.database.connect() as connection:
        assert connection.execute("SELECT DISTINCT state FROM hub.document_versions").fetchall() == [("published",)]


def test_a_reader_withdraws_nothing(shelf: Nation) -> None:
    with speaking_for(shelf, shelf.people["ada"]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE hub.document_versions SET state = 'withdrawn'")
