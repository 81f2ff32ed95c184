"""Every act is in the trail in its own transaction, under an actor nobody else can write; and it is never changed."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog import people
from catalog.audit import AuditEvent, newest, record
from catalog.db import Asker, Auditor, Context, Database, Operator, Worker
from catalog.errors import DataHubError, LedgerBrokenError
from catalog.vocabulary import DatasetId, DecisionId, EventType, PersonId
from tests.catalog.ledger import rows, run, value
from tests.fixtures.nation import OPERATOR, Nation

EVENT = AuditEvent(type=EventType.DOCUMENT_HELD, object="version:1", detail={"why": "tags"})
#: Acts that must leave nothing when their trail can't be written: each writes a row and its event.
COUNTED: dict[str, LiteralString] = {
    "person": "SELECT count(*) FROM hub.people",
    "organisation": "SELECT count(*) FROM hub.organisations",
    "dataset": "SELECT count(*) FROM hub.datasets",
    "grant": "SELECT count(*) FROM hub.grants",
    "version": "SELECT count(*) FROM hub.document_versions",
    "chunk": "SELECT count(*) FROM hub.chunks",
    "decision": "SELECT count(*) FROM hub.decisions",
}


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.person("ada")
    nation.dataset("rivers")
    return nation


def count(nation: Nation) -> int:
    return int(value(nation.database, "SELECT count(*) FROM hub.audit_events"))


def forged(session: Session, actor: str, **other: Any) -> None:
    """An event under any actor, as somebody would write it who has taken a role over."""
    values = {"type": "grant.given", "object": "grant:1", "dataset_ids": [], "detail": "{}", **other}
    session.execute(
        text(
            """INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
               VALUES (:type, :actor, :object, cast(:dataset_ids AS uuid[]), cast(:detail AS jsonb))"""
        ),
        {**values, "actor": actor},
    )


def test_an_event_is_kept_as_it_was_recorded(rivers: Nation) -> None:
    dataset, decision, before = rivers.datasets["rivers"], DecisionId(uuid4()), datetime.now(UTC)
    event = AuditEvent(
        type=EventType.DECISION_MADE,
        object="decision:7",
        dataset_ids=[dataset],
        decision_id=decision,
        detail={"permitted": 1, "rules": ["a", "b"], "none": None, "ä": "ö"},
    )
    with rivers.operator.begin(OPERATOR) as session:
        record(session, event)
    with rivers.operator.begin(OPERATOR) as session:
        (found,) = newest(session, limit=1)
    assert (found.type, found.actor, found.object) == ("decision.made", "operator:test", "decision:7")
    assert (found.dataset_ids, found.decision_id, found.detail) == ((dataset,), decision, event.detail)
    assert before <= found.at <= datetime.now(UTC)


def test_an_event_is_gone_with_the_act_that_was_rolled_back(nation: Nation) -> None:
    before = count(nation)

    def act() -> None:
        with nation.operator.begin(OPERATOR) as session:
            people.register_organisation(session, slug="startup", name="Startup", jurisdiction="FR")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert count(nation) == before
    assert value(nation.database, "SELECT count(*) FROM hub.organisations WHERE slug = 'startup'") == 0


def test_an_event_is_seen_by_others_only_once_its_act_is_committed(nation: Nation) -> None:
    before = count(nation)
    with nation.operator.begin(OPERATOR) as session:
        record(session, EVENT)
        assert count(nation) == before
    assert count(nation) == before + 1


def test_an_act_whose_trail_can_not_be_written_does_not_happen(rivers: Nation) -> None:
    rivers.grant("ada", "rivers")
    run(
        rivers.database,
        """CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$;
           CREATE TRIGGER broken BEFORE INSERT ON hub.audit_events FOR EACH ROW EXECUTE FUNCTION public.no_room()""",
    )
    before = {name: value(rivers.database, query) for name, query in COUNTED.items()}
    acts = {
        "person": lambda: rivers.person("bob"),
        "organisation": lambda: rivers.person("eve", organisation="startup"),
        "dataset": lambda: rivers.dataset("harbours"),
        "grant": lambda: rivers.grant("ada", "rivers"),
        "version": lambda: rivers.document("rivers", "one.txt", ["text"]),
        "decision": lambda: rivers.scope("ada"),
    }
    for act in acts.values():
        with pytest.raises(DataHubError):
            act()  # type: ignore[no-untyped-call]
    assert {name: value(rivers.database, query) for name, query in COUNTED.items()} == before


CASES: list[tuple[str, str, str, bool]] = [
    # role, whom the transaction speaks for, the actor written, whether it is taken
    ("hub_api", "ada", "person:ada", True),
    ("hub_api", "ada", "person:eve", False),
    ("hub_api", "ada", "operator:root", False),
    ("hub_api", "ada", "worker:w1", False),
    ("hub_api", "ada", "auditor:x", False),
    ("hub_api", "ada", "", False),
    ("hub_api", "ada", "ada", False),
    ("hub_api", "ada", "PERSON:ada", False),
    ("hub_api", "nobody", "person:ada", False),
    ("hub_api", "worker", "worker:w1", False),
    ("hub_worker", "worker", "worker:w1", True),
    ("hub_worker", "worker", "person:ada", False),
    ("hub_worker", "worker", "operator:root", False),
    ("hub_worker", "worker", "Worker:w1", False),
    ("hub_worker", "worker", "worker", False),
    ("hub_worker", "nobody", "worker:w1", False),
    ("hub_worker", "ada", "worker:w1", False),
    ("hub_auditor", "nobody", "auditor:x", False),
    ("hub_auditor", "nobody", "operator:root", False),
]


@pytest.mark.parametrize(("role", "speaks_for", "actor", "taken"), CASES)
def test_nobody_writes_under_an_actor_that_is_not_theirs(
    rivers: Nation,
    role: str,
    speaks_for: str,
    actor: str,
    taken: bool,  # noqa: FBT001  # a row of the table
) -> None:
    rivers.person("eve")
    contexts: dict[str, Context] = {
        "ada": Asker(person_id=rivers.people["ada"], zone="zone"),
        "worker": Worker(name="w1", dataset_id=rivers.datasets["rivers"]),
        "nobody": Auditor(name="x"),
    }
    kind, _, name = actor.partition(":")
    written = f"{kind}:{rivers.people[name]}" if name in rivers.people else actor
    before = count(rivers)

    def act() -> None:
        with (
            closing(Database(rivers.database.url(role), pool_size=1)) as database,
            database.begin(contexts[speaks_for]) as session,
        ):
            forged(session, written, dataset_ids=[rivers.datasets["rivers"]])

    if taken:
        act()
    else:
        with pytest.raises(DataHubError):
            act()
    assert count(rivers) == before + taken


@pytest.mark.parametrize("datasets", ["none", "another", "mine and another", "mine twice"])
def test_a_worker_writes_about_its_one_dataset_alone(rivers: Nation, datasets: str) -> None:
    rivers.dataset("harbours")
    mine, other = rivers.datasets["rivers"], rivers.datasets["harbours"]
    named = {"none": [], "another": [other], "mine and another": [mine, other], "mine twice": [mine, mine]}[datasets]
    with (
        pytest.raises(DataHubError, match="42501"),
        rivers.worker.begin(Worker(name="w1", dataset_id=mine)) as session,
    ):
        forged(session, "worker:w1", dataset_ids=named)


@pytest.mark.parametrize("role", ["hub_api", "hub_worker", "hub_auditor"])
@pytest.mark.parametrize("column", ["id", "at"])
def test_neither_place_nor_time_of_an_event_can_be_chosen(rivers: Nation, role: str, column: str) -> None:
    figure = {"id": "1", "at": "now() - interval '1 year'"}[column]
    with rivers.database.connect(role) as connection:
        connection.execute("SELECT set_config('hub.subject', %s, true)", [str(rivers.people["ada"])])
        connection.execute("SELECT set_config('hub.dataset', %s, true)", [str(rivers.datasets["rivers"])])
        with pytest.raises(Exception, match=r"permission denied|GENERATED ALWAYS"):
            connection.execute(
                f"INSERT INTO hub.audit_events ({column}, type, actor, object, dataset_ids, detail)"  # type: ignore[arg-type]  # noqa: S608
                f" VALUES ({figure}, 'grant.given', 'worker:w1', 'x', '{{}}', '{{}}')"
            )


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE hub.audit_events SET actor = 'operator:other'",
        "UPDATE hub.audit_events SET detail = '{}'",
        "DELETE FROM hub.audit_events WHERE id = (SELECT min(id) FROM hub.audit_events)",
        "TRUNCATE hub.audit_events",
        "INSERT INTO hub.audit_events SELECT * FROM hub.audit_events ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    ],
)
def test_not_even_the_operator_edits_the_trail(rivers: Nation, edit: str) -> None:
    before = rows(rivers.database, "SELECT id, at, actor, detail::text FROM hub.audit_events ORDER BY id")
    with pytest.raises((LedgerBrokenError, DataHubError)), rivers.operator.begin(OPERATOR) as session:
        session.execute(text(edit))
    assert rows(rivers.database, "SELECT id, at, actor, detail::text FROM hub.audit_events ORDER BY id") == before


def test_the_newest_come_first_and_are_cut_at_the_limit(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        for number in range(5):
            record(session, AuditEvent(type=EventType.DOCUMENT_HELD, object=f"version:{number}"))
    with nation.operator.begin(OPERATOR) as session:
        assert [event.object for event in newest(session, limit=3)] == ["version:4", "version:3", "version:2"]


def test_the_trail_is_read_by_actor_and_by_type(nation: Nation) -> None:
    kinds = [EventType.DOCUMENT_HELD, EventType.DOCUMENT_REFUSED, EventType.DOCUMENT_PUBLISHED]
    for name in ("ann", "anna"):
        with nation.operator.begin(Operator(name=name)) as session:
            for kind in kinds:
                record(session, AuditEvent(type=kind, object=f"by:{name}"))
    with nation.operator.begin(OPERATOR) as session:
        assert {event.actor for event in newest(session, limit=50, actor="operator:ann")} == {"operator:ann"}
        some = newest(session, limit=50, actor="operator:anna", types=kinds[:2])
        assert [event.type for event in some] == ["document.refused", "document.held"]
        assert newest(session, limit=50, actor="operator:a%") == []
        assert len(newest(session, limit=50, types=iter(kinds))) == 6


def test_the_auditor_reads_all_of_it_and_the_asker_none(rivers: Nation) -> None:
    with (
        closing(Database(rivers.database.url("hub_auditor"), pool_size=1)) as auditor,
        auditor.begin(Auditor(name="x")) as session,
    ):
        assert len(newest(session, limit=100)) == count(rivers)
    for database, context in (
        (rivers.api, Asker(person_id=PersonId(rivers.people["ada"]), zone="zone")),
        (rivers.worker, Worker(name="w", dataset_id=DatasetId(rivers.datasets["rivers"]))),
    ):
        with pytest.raises(DataHubError, match="42501"), database.begin(context) as session:  # type: ignore[arg-type]
            newest(session, limit=1)
