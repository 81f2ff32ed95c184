"""What a grant opens to the person themselves: answers, passages, whole documents, or nothing but a sealed job."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from catalog import grants, turns
from catalog.ceilings import reach, set_ceiling
from catalog.datasets import Budget
from catalog.db import Asker, Steward
from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError, ConflictError, InvalidError, NotFoundError
from catalog.vocabulary import ChunkId, Form, GrantMode, Purpose
from tests.catalog.ledger import events, rows
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import OPERATOR, Nation

TEXT = "".join(f"word{number:05d} " for number in range(100))
SPANS = [(start, start + 100) for start in range(0, 1000, 100)]
BUDGET = Budget(window_characters=200, lifetime_characters=300, ceiling_share=Decimal("0.5"))


@pytest.fixture
def shelf(nation: Nation) -> tuple[Nation, list[ChunkId]]:
    nation.person("ada", organisation="lab")
    nation.dataset("rivers", budget=BUDGET)
    return nation, publish_spans(nation, "rivers", "a.txt", TEXT, SPANS)[1]


def read(nation: Nation, ids: list[ChunkId], form: Form) -> list[tuple[int, bool]]:
    got = disclose(nation.api, nation.scope("ada"), ids, form).passages
    return [(len(passage.body), passage.shown) for passage in got]


@pytest.mark.parametrize(
    ("mode", "context", "reading"),
    [("answers", [(100, False)], []), ("quotes", [(100, True)], [(100, True)]), ("full", [(100, True)], [(100, True)])],
)
def test_each_mode_opens_what_it_says(
    shelf: tuple[Nation, list[ChunkId]], mode: str, context: list[tuple[int, bool]], reading: list[tuple[int, bool]]
) -> None:
    nation, ids = shelf
    raise_full(nation)
    nation.grant("ada", "rivers", mode=GrantMode(mode), confirmed=True)
    assert read(nation, ids[:1], Form.READING) == reading
    assert read(nation, ids[:1], Form.CONTEXT) == context


def test_the_widest_of_several_grants_counts(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, ids = shelf
    for mode in (GrantMode.ANSWERS, GrantMode.QUOTES):
        nation.grant("ada", "rivers", mode=mode)
    assert read(nation, ids[:1], Form.CONTEXT) == [(100, True)]


def test_what_was_disclosed_for_an_answer_is_not_read_once_only_answers_are_granted(
    shelf: tuple[Nation, list[ChunkId]],
) -> None:
    nation, ids = shelf
    nation.grant("ada", "rivers", mode=GrantMode.ANSWERS)
    disclose(nation.api, nation.scope("ada"), ids[:1], Form.CONTEXT)
    assert disclose(nation.api, nation.scope("ada"), ids[:1], Form.READING).passages == ()


def test_a_history_of_answers_keeps_the_places_and_loses_the_words(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, ids = shelf
    given = nation.grant("ada", "rivers")
    answer: dict[str, Any] = {
        "text": "It is word7.",
        "citations": [{"number": 1, "quote": "word7 word8"}],
        "passages": [{"id": str(ids[0]), "body": TEXT[:100], "heading": "H", "shown": True}],
    }
    ada = nation.people["ada"]
    with nation.api.begin(Asker(person_id=ada, zone="zone")) as session:
        new = turns.NewTurn(
            id=uuid4(), conversation_id=uuid4(), person_id=ada, purpose=Purpose.RESEARCH, question="Which?",
            answer=answer, chunk_ids=ids[:1], dataset_ids=[nation.datasets["rivers"]],
        )  # fmt: skip
        turns.keep(session, new)

    def again() -> dict[str, Any] | None:
        scope = nation.scope("ada")
        with nation.api.begin(Asker(person_id=ada, zone="zone")) as session:
            return turns.answer_again(session, scope.decision_id, new.id)

    assert again() == answer
    nation.grant("ada", "rivers", mode=GrantMode.ANSWERS)
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, given, reason="answers are enough")
    assert again() == {
        "text": "It is word7.",
        "citations": [{"number": 1, "quote": ""}],
        "passages": [{"id": str(ids[0]), "body": "", "heading": "", "shown": False}],
    }


def test_a_grant_to_train_is_recorded_and_opens_no_text_to_anyone(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, ids = shelf
    before = nation.grant("ada", "rivers")
    scope = nation.scope("ada")  # a decision of the moment before, which permits the dataset
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, before, reason="test")
    nation.grant("ada", "rivers", mode=GrantMode.TRAIN, confirmed=True)
    assert nation.scope("ada").dataset_ids == ()
    for form in Form:
        assert disclose(nation.api, scope, ids[:1], form).passages == ()
    given = "SELECT mode, confirmed_by FROM hub.grants WHERE revoked_at IS NULL"
    assert rows(nation.database, given) == [("train", "operator:test")]
    assert rows(nation.database, "SELECT used FROM hub.organisation_budgets") == [(0,)]


@pytest.mark.parametrize("mode", [GrantMode.FULL, GrantMode.TRAIN])
def test_full_reading_and_training_need_the_owners_confirmation(
    shelf: tuple[Nation, list[ChunkId]], mode: GrantMode
) -> None:
    nation, _ = shelf
    raise_full(nation)
    with pytest.raises(ConflictError, match="confirmation"):
        nation.grant("ada", "rivers", mode=mode)


def test_full_reading_needs_a_ceiling_of_its_own(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, _ = shelf
    with pytest.raises(ConflictError, match="no ceiling for full reading"):
        nation.grant("ada", "rivers", mode=GrantMode.FULL, confirmed=True)


def raise_full(nation: Nation, share: str = "0.8") -> None:
    with nation.operator.begin(OPERATOR) as session:
        set_ceiling(session, "rivers", Decimal(share), full=True, confirmed=int(Decimal(share) * 1000))


def test_who_reads_in_full_reaches_that_ceiling_and_not_a_character_more(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, ids = shelf
    raise_full(nation)
    nation.grant("ada", "rivers", mode=GrantMode.FULL, confirmed=True, share=Decimal("0.8"))
    assert len(read(nation, ids, Form.READING)) == 8
    nation.person("bob", organisation="lab")
    nation.grant("bob", "rivers", share=Decimal("0.5"))
    with pytest.raises(BudgetExhaustedError):
        disclose(nation.api, nation.scope("bob"), ids[8:])


def test_a_ceiling_for_full_reading_opens_nothing_to_who_has_passages_only(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, ids = shelf
    raise_full(nation)
    nation.grant("ada", "rivers", share=Decimal("0.5"))
    assert len(read(nation, ids, Form.READING)) == 2


@pytest.mark.parametrize(("window", "lifetime"), [(400, 900), (900, 400)])
def test_a_grants_own_budget_stays_within_the_owners_limits(
    shelf: tuple[Nation, list[ChunkId]], window: int, lifetime: int
) -> None:
    nation, _ = shelf
    limits = replace(BUDGET, ceiling_share=Decimal(1), most_window_characters=window, most_lifetime_characters=lifetime)
    nation.dataset("lakes", budget=limits)
    _, ids = publish_spans(nation, "lakes", "a.txt", TEXT.replace("word", "lake"), SPANS)
    nation.grant("ada", "lakes", share=Decimal(1), window_characters=900, lifetime_characters=900)
    assert len(disclose(nation.api, nation.scope("ada"), ids).passages) == 4


@pytest.mark.parametrize("confirmed", [None, 0, 599, 601])
def test_raising_the_ceiling_says_the_new_figure_and_waits_for_it(
    shelf: tuple[Nation, list[ChunkId]], confirmed: int | None
) -> None:
    nation, _ = shelf
    with nation.operator.begin(OPERATOR) as session:
        with pytest.raises(ConflictError, match="600 of 1,000 characters"):
            set_ceiling(session, "rivers", Decimal("0.6"), confirmed=confirmed)
        assert reach(session, "rivers").together_ever == 500
    assert events(nation.database, "ceiling.changed") == []


def test_a_confirmed_ceiling_is_in_the_trail_and_lowering_needs_no_word(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, _ = shelf
    with nation.operator.begin(OPERATOR) as session:
        assert set_ceiling(session, "rivers", Decimal("0.6"), confirmed=600).together_ever == 600
        assert set_ceiling(session, "rivers", Decimal("0.1"), confirmed=None).together_ever == 100
    told = [(d["from"], d["to"], d["confirmed"]) for _, _, d in events(nation.database, "ceiling.changed")]
    assert told == [(0.5, 0.6, True), (0.6, 0.1, False)]


@pytest.mark.parametrize("share", ["0", "-0.5", "1.0001", "NaN", "1e9"])
def test_a_ceiling_that_is_no_share_is_refused(shelf: tuple[Nation, list[ChunkId]], share: str) -> None:
    nation, _ = shelf
    with nation.operator.begin(OPERATOR) as session, pytest.raises(InvalidError):
        set_ceiling(session, "rivers", Decimal(share), confirmed=0)


def test_a_steward_raises_the_ceiling_of_their_own_datasets_and_of_no_other(
    shelf: tuple[Nation, list[ChunkId]], stewards: Any
) -> None:
    nation, _ = shelf
    sten, eve = nation.person("sten"), nation.person("eve", organisation="startup")
    with stewards.begin(Steward(person_id=sten)) as session:
        assert set_ceiling(session, "rivers", Decimal("0.7"), confirmed=700).ceiling_share == Decimal("0.7")
    with pytest.raises(NotFoundError), stewards.begin(Steward(person_id=eve)) as session:
        set_ceiling(session, "rivers", Decimal("0.9"), confirmed=900)


@pytest.mark.parametrize("confirmed", [None, 899])
def test_the_database_itself_raises_no_ceiling_unconfirmed_nor_a_foreign_one(
    shelf: tuple[Nation, list[ChunkId]], confirmed: int | None
) -> None:
    nation, _ = shelf
    for person, figure, state in (("sten", confirmed, "HD004"), ("eve", 900, "HD001")):
        who = nation.person(person, organisation="ministry" if person == "sten" else "startup")
        raised = "SELECT hub.set_ceiling(%s, 0.9, false, %s)"
        with nation.database.connect("hub_steward") as connection:
            connection.execute(
                "SELECT set_config('hub.subject', %s, true), set_config('hub.actor', 'x', true)", [str(who)]
            )
            with pytest.raises(psycopg.DatabaseError) as caught:
                connection.execute(raised, [nation.datasets["rivers"], figure])
        assert caught.value.sqlstate == state


def test_of_a_small_dataset_the_real_bound_is_told_and_not_the_default(shelf: tuple[Nation, list[ChunkId]]) -> None:
    nation, _ = shelf
    nation.dataset("small")
    publish_spans(nation, "small", "a.txt", TEXT[:100], [(0, 100)])
    nation.grant("ada", "small", share=Decimal("0.2"))
    with nation.operator.begin(OPERATOR) as session:
        found = reach(session, "small")
    assert (found.account_in_a_window, found.account_ever, found.organisation_ever, found.together_ever) == (
        20,
        20,
        20,
        50,
    )


def test_of_a_dataset_without_documents_nothing_can_be_read_and_that_is_said(
    shelf: tuple[Nation, list[ChunkId]],
) -> None:
    nation, _ = shelf
    nation.dataset("empty")
    nation.grant("ada", "empty")
    with nation.operator.begin(OPERATOR) as session:
        assert (reach(session, "empty").together_ever, reach(session, "empty").account_ever) == (0, 0)


@pytest.mark.parametrize(("field", "figure"), [("window_characters", 10**15), ("lifetime_characters", 2**62)])
def test_a_huge_budget_is_only_as_large_as_the_owners_limit(
    shelf: tuple[Nation, list[ChunkId]], field: str, figure: int
) -> None:
    nation, ids = shelf
    nation.grant("ada", "rivers", **{field: figure})
    assert len(read(nation, ids, Form.READING)) == (3 if field == "window_characters" else 2)
