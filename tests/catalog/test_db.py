"""Transactions speak for somebody, commit at their end, roll back on any error, and leave nothing on the connection."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.db import Asker, Auditor, Context, Database, Operator, Worker, refuse_inside_a_transaction
from catalog.errors import DataHubError, DependencyError
from catalog.vocabulary import DatasetId, DecisionId, PersonId
from tests.catalog.ledger import value
from tests.fixtures.nation import OPERATOR, Nation
from tests.fixtures.postgres import PASSWORDS

ID = UUID(int=7)
CONTEXTS: list[tuple[Context, str, dict[str, str]]] = [
    (Operator(name="ops"), "operator:ops", {"hub.actor": "operator:ops"}),
    (Auditor(name="aud"), "auditor:aud", {"hub.actor": "auditor:aud"}),
    (
        Worker(name="w1", dataset_id=DatasetId(ID)),
        "worker:w1",
        {"hub.actor": "worker:w1", "hub.dataset": str(ID)},
    ),
    (
        Asker(person_id=PersonId(ID), zone="zone"),
        f"person:{ID}",
        {"hub.actor": f"person:{ID}", "hub.subject": str(ID), "hub.zone": "zone"},
    ),
    (
        Asker(person_id=PersonId(ID), decision_id=DecisionId(uuid4())),
        f"person:{ID}",
        {"hub.actor": f"person:{ID}", "hub.subject": str(ID)},
    ),
]
SETTINGS = ("hub.actor", "hub.dataset", "hub.subject", "hub.zone")


def seen(session: Session) -> dict[str, str]:
    found = {name: session.scalar(text("SELECT current_setting(:name, true)"), {"name": name}) for name in SETTINGS}
    return {name: value for name, value in found.items() if value}


@contextmanager
def one_connection(nation: Nation, role: str = "hub_api", pool_size: int = 1) -> Iterator[Database]:
    """A pool of one: whatever comes next runs on the connection that was used before."""
    with closing(Database(nation.database.url(role), pool_size=pool_size)) as database:
        yield database


@pytest.mark.parametrize(("context", "actor", "settings"), CONTEXTS)
def test_a_transaction_speaks_for_its_context_and_for_nothing_else(
    nation: Nation, context: Context, actor: str, settings: dict[str, str]
) -> None:
    assert context.actor == actor
    with nation.api.begin(context) as session:
        assert seen(session) == settings
        assert session.info["actor"] == actor


@pytest.mark.parametrize("ending", ["commit", "error of ours", "error of the database", "killed statement"])
def test_nothing_of_the_context_is_left_on_the_connection(nation: Nation, ending: str) -> None:
    with one_connection(nation) as database:
        statements: dict[str, str] = {
            "commit": "SELECT 1",
            "error of ours": "SELECT 1",
            "error of the database": "SELECT 1/0",
            "killed statement": "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5)",
        }
        process: int | None = None
        try:
            with database.begin(Asker(person_id=PersonId(ID), zone="zone")) as session:
                process = session.scalar(text("SELECT pg_backend_pid()"))
                session.execute(text(statements[ending]))
                if ending == "error of ours":
                    refuse_inside_a_transaction()
        except DataHubError:
            assert ending != "commit"
        with database.engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) == process
            assert [connection.scalar(text(f"SELECT current_setting('{name}', true)")) for name in SETTINGS] in (
                [None, None, None, None],
                ["", None, "", ""],
                ["", "", "", ""],
            )


def test_after_somebody_a_connection_without_context_sees_nothing(nation: Nation) -> None:
    ada = nation.person("ada")
    with one_connection(nation) as database:
        with database.begin(Asker(person_id=ada, zone="zone")) as session:
            assert session.scalar(text("SELECT count(*) FROM hub.people")) == 1
        with pytest.raises(DataHubError), database.begin(Auditor(name="nobody")) as session:
            session.execute(text("SELECT * FROM hub.people"))


def test_many_people_on_few_connections_never_see_one_another(nation: Nation) -> None:
    everybody = [nation.person(f"p{number}") for number in range(12)]
    with closing(Database(nation.database.url("hub_api"), pool_size=3)) as database:
        chance = random.Random(7)  # noqa: S311  # a repeatable shuffle
        asks = [(chance.choice(everybody), chance.random() < 0.3) for _ in range(400)]

        def ask(who: tuple[PersonId, bool]) -> bool:
            person, breaks_off = who
            try:
                with database.begin(Asker(person_id=person, zone="zone")) as session:
                    right = session.scalars(text("SELECT id FROM hub.people")).all() == [person]
                    if breaks_off:
                        session.execute(text("SELECT 1/0"))
            except DataHubError:
                return right
            return right

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, asks))


@pytest.mark.parametrize("setting", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])
def test_the_api_never_waits_for_ever(nation: Nation, setting: str) -> None:
    with nation.api.begin(Asker(person_id=PersonId(ID), zone="zone")) as session:
        assert session.scalar(text(f"SHOW {setting}")) not in {"0", None}


@pytest.mark.parametrize("role", ["hub_operator", "hub_api", "hub_worker", "hub_auditor"])
def test_each_role_looks_in_two_schemas_nobody_else_can_add_to(nation: Nation, role: str) -> None:
    with one_connection(nation, role) as database:
        with database.begin(OPERATOR) as session:
            assert session.scalar(text("SHOW search_path")) == "hub,extensions"
            assert session.scalar(text("SELECT current_user")) == role
        with pytest.raises(DataHubError, match="42501"), database.begin(OPERATOR) as session:
            session.execute(text("CREATE TABLE public.mine (a int)"))
        if role != "hub_operator":
            with pytest.raises(DataHubError, match="42501"), database.begin(OPERATOR) as session:
                session.execute(text("CREATE TABLE hub.mine (a int)"))


def write(session: Session) -> None:
    session.execute(text("UPDATE hub.clock SET ahead = interval '1 hour'"))


def test_a_transaction_commits_at_its_end(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        write(session)
        assert value(nation.database, "SELECT ahead FROM hub.clock").total_seconds() == 0
    assert value(nation.database, "SELECT ahead FROM hub.clock").total_seconds() == 3600


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit, DataHubError])
def test_any_error_rolls_back_and_comes_out_as_it_was(nation: Nation, error: type[BaseException]) -> None:
    def act() -> None:
        with nation.operator.begin(OPERATOR) as session:
            write(session)
            raise error

    with pytest.raises(error):
        act()
    assert value(nation.database, "SELECT ahead FROM hub.clock").total_seconds() == 0


def test_a_transaction_is_known_to_be_open_while_it_is_and_not_after(nation: Nation) -> None:
    refuse_inside_a_transaction()
    with nation.operator.begin(OPERATOR):
        with pytest.raises(DataHubError, match="own transaction"):
            refuse_inside_a_transaction()
        with nation.operator.begin(OPERATOR):
            pass
        with pytest.raises(DataHubError, match="own transaction"):
            refuse_inside_a_transaction()
    refuse_inside_a_transaction()


def test_a_transaction_that_failed_is_not_taken_for_open(nation: Nation) -> None:
    with pytest.raises(DataHubError), nation.operator.begin(OPERATOR) as session:
        session.execute(text("SELECT 1/0"))
    refuse_inside_a_transaction()


def test_another_thread_is_not_inside_my_transaction(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR), ThreadPoolExecutor(1) as pool:
        assert pool.submit(refuse_inside_a_transaction).result() is None


@pytest.mark.parametrize("spoil", ["wrong password", "no such role", "no such database", "no socket"])
def test_a_database_that_can_not_be_had_is_a_missing_dependency(nation: Nation, spoil: str, tmp_path: object) -> None:
    url = nation.database.url("hub_api")
    spoiled = {
        "wrong password": url.set(password="wrong"),  # noqa: S106  # made up
        "no such role": url.set(username="hub_ghost"),
        "no such database": url.set(database="ghost"),
        "no socket": url.update_query_dict({"host": str(tmp_path)}),
    }
    with closing(Database(spoiled[spoil], pool_size=1)) as database:
        with pytest.raises(DependencyError) as caught, database.begin(OPERATOR):
            pass
        assert "hub status" in str(caught.value)
        assert PASSWORDS["hub_api"] not in str(caught.value)


def test_an_exhausted_pool_says_busy_instead_of_waiting_for_ever(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one_connection(nation) as database:
        monkeypatch.setattr(database.engine.pool, "_timeout", 0.1)
        with database.begin(OPERATOR):
            with pytest.raises(DependencyError, match="too busy"), database.begin(OPERATOR):
                pass
            with pytest.raises(DataHubError, match="own transaction"):
                refuse_inside_a_transaction()
        with database.begin(OPERATOR) as session:
            assert session.scalar(text("SELECT 1")) == 1


def test_connections_that_were_cut_are_replaced_before_they_are_used(nation: Nation) -> None:
    with nation.api.begin(OPERATOR) as session:
        before = session.scalar(text("SELECT pg_backend_pid()"))
    with nation.database.connect(autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    with nation.api.begin(OPERATOR) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != before


def test_a_database_gone_in_the_middle_is_a_missing_dependency_and_leaves_nothing(nation: Nation) -> None:
    def act() -> None:
        with nation.operator.begin(OPERATOR) as session:
            write(session)
            mine = session.scalar(text("SELECT pg_backend_pid()"))
            with nation.database.connect(autocommit=True) as connection:
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
            session.execute(text("SELECT 1"))

    with pytest.raises(DependencyError, match="can't be reached"):
        act()
    assert value(nation.database, "SELECT ahead FROM hub.clock").total_seconds() == 0


def test_ids_reach_the_database_as_they_are(nation: Nation) -> None:
    with nation.api.begin(Asker(person_id=PersonId(ID), zone="zone")) as session:
        found = session.scalar(text("SELECT hub.subject_id()"))
    assert isinstance(found, UUID)
    assert found == ID
