"""A person's history is their own, and an answer is there again while everything it was made from is theirs to read."""

from collections.abc import Callable
from typing import Any, LiteralString
from uuid import UUID, uuid4

import pytest

from catalog import grants, turns, withdrawals
from catalog.db import Asker
from catalog.errors import AccessDeniedError, DataHubError, NotFoundError
from catalog.turns import NewTurn
from catalog.vocabulary import ChunkId, GrantId, Purpose, RefusalKind
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, Nation

ANSWER = {"text": "At noon. [1]"}
RIVERS = ["The gate opens at noon. ", "It closes at dusk. "]


class Told:
    """Ada and Bob of the ministry may read two datasets; what Ada was told was made from one or both."""

    def __init__(self, nation: Nation) -> None:
        self.nation = nation
        for person in ("ada", "bob"):
            nation.person(person)
        self.grants: dict[str, GrantId] = {}
        for slug in ("rivers", "lakes"):
            nation.dataset(slug)
            self.grants[slug] = nation.grant("ada", slug)
            nation.grant("bob", slug)
            nation.document(slug, f"{slug}.txt", RIVERS)

    def chunks(self, slug: str) -> list[ChunkId]:
        query = "SELECT id FROM hub.chunks WHERE dataset_id = %s AND live ORDER BY ordinal"
        return [ChunkId(one) for (one,) in rows(self.nation.database, query, self.nation.datasets[slug])]

    def ask(self, *slugs: str, person: str = "ada", **more: Any) -> UUID:
        turn = NewTurn(
            **{
                "id": uuid4(),
                "conversation_id": uuid4(),
                "person_id": self.nation.people[person],
                "purpose": Purpose.RESEARCH,
                "question": "When does the gate open?",
                "answer": ANSWER,
                "chunk_ids": [chunk for slug in slugs for chunk in self.chunks(slug)],
                "dataset_ids": [self.nation.datasets[slug] for slug in slugs],
                **more,
            }
        )
        with self.nation.api.begin(Asker(person_id=self.nation.people[person], zone="zone")) as session:
            turns.keep(session, turn)
        return turn.id

    def again(self, turn: UUID, person: str = "ada", decided_by: str | None = None) -> dict[str, Any] | None:
        decision = self.nation.scope(decided_by or person).decision_id
        with self.nation.api.begin(Asker(person_id=self.nation.people[person], zone="zone")) as session:
            return turns.answer_again(session, decision, turn)


@pytest.fixture
def told(nation: Nation) -> Told:
    return Told(nation)


def refused(told: Told, kind: RefusalKind = RefusalKind.NOTHING_FOUND, **more: Any) -> UUID:
    return told.ask(refused=kind, answer=None, **more)


def test_an_answer_is_there_again_and_reading_it_again_costs_nothing(told: Told) -> None:
    turn = told.ask("rivers", "lakes")
    assert told.again(turn) == ANSWER
    assert value(told.nation.database, "SELECT count(*) FROM hub.disclosures") == 0
    assert value(told.nation.database, "SELECT count(*) FROM hub.person_budgets") == 0


def test_an_answer_is_nobody_elses_even_with_the_same_grants(told: Told) -> None:
    turn = told.ask("rivers")
    assert told.again(turn, "bob") is None
    with pytest.raises(AccessDeniedError):
        told.again(turn, "bob", decided_by="ada")


def test_each_of_two_walls_keeps_an_answer_from_others_alone(told: Told) -> None:
    """The function's own condition, and the policy of the role it runs as."""
    turn, bob = told.ask("rivers"), told.nation.people["bob"]
    with told.nation.database.connect() as connection:
        connection.execute("SELECT set_config('hub.subject', %s, true)", [str(bob)])
        connection.execute("SET LOCAL ROLE hub_disclosure")
        assert connection.execute("SELECT id FROM hub.turns").fetchall() == []
    with told.nation.database.connect() as connection:
        connection.execute("ALTER POLICY disclosure ON hub.turns USING (true)")
    assert told.again(turn, "bob") is None
    assert told.again(turn) == ANSWER


def test_a_turn_that_never_was_and_a_refusal_have_no_answer(told: Told) -> None:
    assert told.again(uuid4()) is None
    assert told.again(refused(told)) is None


GONE: dict[str, Callable[[Told], object]] = {
    "a grant is revoked": lambda told: revoke(told, "lakes"),
    "a grant ends": lambda told: change(
        told, "UPDATE hub.grants SET ends_at = now() WHERE id = %s", told.grants["lakes"]
    ),
    "a dataset is withdrawn": lambda told: change(
        told, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = %s", "lakes"
    ),
    "a dataset is no longer for that": lambda told: change(
        told, "UPDATE hub.datasets SET purposes = '{statistics}' WHERE slug = %s", "lakes"
    ),
    "a document is replaced": lambda told: told.nation.document("lakes", "lakes.txt", ["The gate is gone. "]),
    "a passage leaves the index": lambda told: change(
        told, "UPDATE hub.chunks SET live = false WHERE dataset_id = %s AND ordinal = 1", told.nation.datasets["lakes"]
    ),
    "a document is withdrawn": lambda told: withdraw(told, "lakes.txt"),
}


def revoke(told: Told, slug: str) -> None:
    with told.nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, told.grants[slug], reason="test")


def change(told: Told, statement: LiteralString, of: object) -> None:
    run(told.nation.database, statement, of)


def withdraw(told: Told, name: str) -> None:
    document = told.nation.document_of(name)
    with told.nation.operator.begin(OPERATOR) as session:
        withdrawals.withdraw(session, document, reason="test")


@pytest.mark.parametrize("what", GONE)
def test_an_answer_is_gone_with_any_part_of_what_it_was_made_from_once(told: Told, what: str) -> None:
    both, rivers = told.ask("rivers", "lakes"), told.ask("rivers")
    GONE[what](told)
    assert told.again(both) is None
    assert told.again(rivers) == ANSWER


def test_a_passage_of_a_dataset_the_turn_does_not_name_opens_no_answer(told: Told) -> None:
    """Should a turn ever be written down with less than it was made from."""
    hidden = told.ask(chunk_ids=told.chunks("lakes"), dataset_ids=[told.nation.datasets["rivers"]])
    assert told.again(hidden) is None


def test_an_old_decision_opens_no_answer(told: Told) -> None:
    turn, decision = told.ask("rivers"), told.nation.scope("ada").decision_id
    run(told.nation.database, "UPDATE hub.decisions SET made_at = now() - interval '31 seconds'")
    with (
        pytest.raises(AccessDeniedError),
        told.nation.api.begin(Asker(person_id=told.nation.people["ada"], zone="zone")) as session,
    ):
        turns.answer_again(session, decision, turn)


def asked(told: Told, person: str, **more: Any) -> list[str]:
    with told.nation.api.begin(Asker(person_id=told.nation.people[person], zone="zone")) as session:
        return [turn.question for turn in turns.history(session, **{"limit": 10, **more})]


def test_each_sees_their_own_history_newest_first_and_pages_through_it(told: Told) -> None:
    for number in range(3):
        told.ask("rivers", question=f"Ada {number}?")
    told.ask("rivers", person="bob", question="Bob?")
    assert asked(told, "ada") == ["Ada 2?", "Ada 1?", "Ada 0?"]
    assert asked(told, "bob") == ["Bob?"]
    with told.nation.api.begin(Asker(person_id=told.nation.people["ada"], zone="zone")) as session:
        newest = turns.history(session, limit=1)[0]
    assert asked(told, "ada", before=(newest.asked_at, newest.id)) == ["Ada 1?", "Ada 0?"]


def test_turns_of_the_same_moment_are_each_listed_once(told: Told) -> None:
    for number in range(3):
        told.ask("rivers", question=f"{number}?")
    run(told.nation.database, "UPDATE hub.turns SET asked_at = '2026-01-01Z'")
    seen, before = [], None
    with told.nation.api.begin(Asker(person_id=told.nation.people["ada"], zone="zone")) as session:
        while page := turns.history(session, limit=1, before=before):
            before = (page[0].asked_at, page[0].id)
            seen.append(page[0].question)
    assert sorted(seen) == ["0?", "1?", "2?"]


def test_a_turn_is_found_by_its_person_only(told: Told) -> None:
    turn = refused(told, RefusalKind.BUDGET)
    with told.nation.api.begin(Asker(person_id=told.nation.people["ada"], zone="zone")) as session:
        found = turns.find(session, turn)
    assert (found.id, found.purpose, found.refused) == (turn, Purpose.RESEARCH, RefusalKind.BUDGET)
    with (
        told.nation.api.begin(Asker(person_id=told.nation.people["bob"], zone="zone")) as session,
        pytest.raises(NotFoundError),
    ):
        turns.find(session, turn)


def test_a_follow_up_is_understood_with_ones_own_newest_question_that_no_guard_refused(told: Told) -> None:
    conversation = uuid4()
    for question, kind in (("First?", None), ("Second?", RefusalKind.NOTHING_FOUND), ("\x07", RefusalKind.GUARD)):
        answer = None if kind else ANSWER
        told.ask(conversation_id=conversation, question=question, refused=kind, answer=answer)

    def before(person: str, talk: UUID) -> str | None:
        with told.nation.api.begin(Asker(person_id=told.nation.people[person], zone="zone")) as session:
            return turns.asked_before(session, talk)

    assert before("ada", conversation) == "Second?"
    assert before("bob", conversation) is None
    assert before("ada", uuid4()) is None


def test_nobody_writes_into_anothers_history(told: Told) -> None:
    ada = told.nation.people["ada"]
    with pytest.raises(DataHubError, match="42501"):
        told.ask("rivers", person="bob", person_id=ada)
    assert asked(told, "ada") == asked(told, "bob") == []


def test_an_answer_is_judged_by_its_person_and_that_is_written_down_without_the_note(told: Told) -> None:
    turn = told.ask("rivers")
    with told.nation.api.begin(Asker(person_id=told.nation.people["ada"], zone="zone")) as session:
        turns.judge(session, turn, useful=False, note="The gate was shut.")
    kept = "SELECT ARRAY[useful::text, note] FROM hub.turns WHERE id = %s"
    assert value(told.nation.database, kept, turn) == ["false", "The gate was shut."]
    assert events(told.nation.database, "feedback.given") == [
        (f"person:{told.nation.people['ada']}", f"turn:{turn}", {"useful": False})
    ]


def test_a_turn_that_is_not_ones_own_is_not_judged(told: Told) -> None:
    turn = told.ask("rivers")
    for person, judged in (("bob", turn), ("ada", uuid4())):
        with (
            pytest.raises(NotFoundError),
            told.nation.api.begin(Asker(person_id=told.nation.people[person], zone="zone")) as session,
        ):
            turns.judge(session, judged, useful=True, note=None)
    assert value(told.nation.database, "SELECT useful FROM hub.turns WHERE id = %s", turn) is None
    assert events(told.nation.database, "feedback.given") == []


def test_a_turn_is_an_answer_or_a_refusal_never_both_or_neither(told: Told) -> None:
    for outcome in ({"refused": RefusalKind.BUDGET, "answer": ANSWER}, {"refused": None, "answer": None}):
        with pytest.raises(DataHubError):
            told.ask("rivers", **outcome)
