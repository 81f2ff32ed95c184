"""A session that was ended is ended for everybody who asks, by its name or by when it began."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog import audit, sessions
from catalog.db import Asker
from catalog.errors import ConflictError, NotFoundError
from catalog.vocabulary import EventType, PersonId
from tests.catalog.ledger import value
from tests.fixtures.nation import OPERATOR, Nation

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def ada(nation: Nation) -> PersonId:
    return nation.person("ada")


def end(nation: Nation, person: PersonId, session_id: str | None, word: str = "a-token") -> None:
    with nation.api.begin(Asker(person_id=person, zone="zone")) as session:
        sessions.end(session, person, session_id=session_id, token_id=word)


def ended(nation: Nation, person: PersonId, session_id: str | None, began_at: datetime = LONG_AGO) -> bool:
    with nation.api.begin(Asker(person_id=person, zone="zone")) as session:
        return sessions.has_ended(session, session_id=session_id, began_at=began_at)


def test_a_session_ends_by_its_name_and_no_other_does(nation: Nation, ada: PersonId) -> None:
    assert not ended(nation, ada, "one")
    end(nation, ada, "one")
    assert ended(nation, ada, "one")
    assert not ended(nation, ada, "two")
    assert not ended(nation, ada, None)


def test_a_name_ends_the_session_of_its_own_person_alone(nation: Nation, ada: PersonId) -> None:
    end(nation, ada, "one")
    assert not ended(nation, nation.person("mia"), "one")


def test_without_a_name_every_session_ends_that_began_before(nation: Nation, ada: PersonId) -> None:
    end(nation, ada, None)
    assert ended(nation, ada, "one")
    assert ended(nation, ada, None)
    assert not ended(nation, ada, "one", began_at=datetime.now(UTC) + timedelta(seconds=2))


def test_an_admin_ends_every_session_of_a_person_and_the_ledger_names_both(nation: Nation, ada: PersonId) -> None:
    anton = nation.person("anton")
    with nation.api.begin(Asker(person_id=anton, zone="zone")) as session:
        assert sessions.end_all_of(session, "ada") == ada
    assert ended(nation, ada, "any")
    assert not ended(nation, anton, "any")
    with nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=5, types=[EventType.SESSION_ENDED])
    assert (event.actor, event.object) == (f"person:{anton}", f"person:{ada}")
    assert value(nation.database, "SELECT ended_by FROM hub.ended_sessions") == f"person:{anton}"


def test_the_operator_ends_them_too(nation: Nation, ada: PersonId) -> None:
    with nation.operator.begin(OPERATOR) as session:
        sessions.end_all_of(session, "ada")
    assert ended(nation, ada, "any")


def test_nobody_of_that_name_has_no_session(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session, pytest.raises(NotFoundError, match="no person 'eve'"):
        sessions.end_all_of(session, "eve")


def test_the_issuers_word_comes_once(nation: Nation, ada: PersonId) -> None:
    end(nation, ada, "one", word="its-id")
    with pytest.raises(ConflictError, match="told before"):
        end(nation, ada, "two", word="its-id")
    assert not ended(nation, ada, "two")


def test_what_no_token_can_outlive_is_forgotten(nation: Nation, ada: PersonId) -> None:
    end(nation, ada, "one")
    with nation.database.connect() as connection:
        connection.execute("UPDATE hub.ended_sessions SET forgotten_at = hub.hub_now() - interval '1 second'")
    end(nation, ada, "two", word="another")
    assert value(nation.database, "SELECT array_agg(session_id) FROM hub.ended_sessions") == ["two"]


def test_the_api_can_neither_read_nor_undo_what_was_ended(nation: Nation, ada: PersonId) -> None:
    for statement in ("SELECT * FROM hub.ended_sessions", "DELETE FROM hub.ended_sessions"):
        with nation.database.connect("hub_api") as connection, pytest.raises(Exception, match="permission denied"):
            connection.execute(statement)  # type: ignore[call-overload]
    assert not ended(nation, ada, "one")
