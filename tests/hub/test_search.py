"""The whole flow of a search on a real database: what it shows, what it refuses, and its one row in the trail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog import audit
from catalog.audit import RecordedEvent
from catalog.datasets import Budget
from catalog.db import Database
from catalog.embedding import EmbeddingClient
from catalog.errors import LedgerBrokenError
from catalog.vocabulary import Classification, EventType, Purpose, RefusalKind
from hub.answers import REFUSALS, TOO_SLOW, Refusal
from hub.ask import ask
from hub.search import Found, search
from hub.services import Services
from tests.fixtures.ground import WHOLE
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.fakes.model_server import Scripted

WASTE = "throwing waste into the basin"


def put(
    nation: Nation, services: Services, question: str = WASTE, person: str = "ada", limit: int = 5
) -> Found | Refusal:
    return search(question, nation.subject(person), Purpose.RESEARCH, services, limit)


def found(outcome: Found | Refusal) -> Found:
    assert isinstance(outcome, Found), outcome
    return outcome


def refused(outcome: Found | Refusal) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    return outcome


def trail(nation: Nation, *types: EventType) -> list[RecordedEvent]:
    with nation.operator.begin(OPERATOR) as session:
        return audit.newest(session, limit=1000, types=types)


def ends(nation: Nation) -> list[RecordedEvent]:
    return trail(nation, EventType.PASSAGES_SEARCHED, EventType.QUESTION_REFUSED, EventType.QUESTION_ANSWERED)


class Stepping(EmbeddingClient):
    """The real client, with something that happens while it embeds."""

    def __init__(self, real: EmbeddingClient, happens: Callable[[], object]) -> None:
        self._real, self._happens = real, happens

    def embed_question(self, text: str) -> list[float]:
        vector = self._real.embed_question(text)
        self._happens()
        return vector


def test_passages_come_best_first_and_no_more_than_asked_for(harbour: Nation, services: Services) -> None:
    outcome = found(put(harbour, services))
    assert "350 euros" in outcome.passages[0].body
    assert found(put(harbour, services, limit=1)).passages == (replace(outcome.passages[0], charged=0),)


def test_a_search_that_finds_leaves_one_row_with_counts_under_its_decision(harbour: Nation, services: Services) -> None:
    outcome = found(put(harbour, services))
    (event,) = ends(harbour)
    assert event.type == EventType.PASSAGES_SEARCHED
    assert event.object == "search"
    assert event.actor == f"person:{harbour.people['ada']}"
    assert event.dataset_ids == (harbour.datasets["harbour"],)
    assert event.decision_id == outcome.decision_id
    assert event.detail == {"passages": len(outcome.passages), "left_out": 0}


def test_what_is_shown_is_charged_and_disclosed_under_the_same_decision(harbour: Nation, services: Services) -> None:
    outcome = found(put(harbour, services))
    (disclosed,) = trail(harbour, EventType.PASSAGES_DISCLOSED)
    assert disclosed.decision_id == outcome.decision_id
    assert disclosed.detail["chunks"] == [str(passage.chunk_id) for passage in outcome.passages]
    assert all(passage.charged == len(passage.body) for passage in outcome.passages)


def test_the_trail_holds_no_word_of_what_was_looked_for_or_found(harbour: Nation, services: Services) -> None:
    put(harbour, services)
    put(harbour, services, "Zanzibar Quixote")
    held = " ".join(str(event) for event in trail(harbour)).lower()
    for word in ("waste", "basin", "350 euros", "zanzibar"):
        assert word not in held


def test_what_the_budget_does_not_hold_is_left_out_counted_and_written_down(nation: Nation, services: Services) -> None:
    nation.person("ada")
    nation.dataset("harbour", budget=Budget(window_characters=90, lifetime_characters=900, ceiling_share=Decimal(1)))
    nation.grant("ada", "harbour", share=Decimal(1))
    nation.document("harbour", "a.md", ["The fine for waste in the basin is 350 euros. "])
    nation.document("harbour", "b.md", ["Waste in the basin was seen in May, and the fine was paid twice. "])
    outcome = found(put(nation, services))
    assert (len(outcome.passages), outcome.left_out) == (1, 1)
    assert outcome.refills_at is not None
    assert ends(nation)[0].detail == {"passages": 1, "left_out": 1}


def test_no_model_writes_anything_for_a_search(harbour: Nation, services: Services, chat: Scripted) -> None:
    put(harbour, services)
    assert chat.asked == []


def spend(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        session.execute(text("UPDATE hub.datasets SET window_characters = 5, lifetime_characters = 5000"))


REASONS: dict[str, tuple[dict[str, str], RefusalKind, str]] = {
    "no grant": ({"person": "mia"}, RefusalKind.NOT_PERMITTED, ""),
    "nothing fits": ({"question": "Zanzibar quixotic xylophone"}, RefusalKind.NOTHING_FOUND, ""),
    "no words": ({"question": "???"}, RefusalKind.GUARD, "The question is empty."),
    "too many words": ({"question": "Why? " * 1000}, RefusalKind.GUARD, "5,000 characters; 2,000 are allowed"),
}


@pytest.mark.parametrize(("asked", "kind", "because"), REASONS.values(), ids=REASONS)
def test_each_refusal_has_its_sentence_and_one_row(
    harbour: Nation, services: Services, asked: dict[str, str], kind: RefusalKind, because: str
) -> None:
    outcome = refused(put(harbour, services, **asked))  # type: ignore[arg-type]
    assert outcome.kind is kind
    assert because in outcome.message
    assert REFUSALS[kind] in outcome.message
    (event,) = ends(harbour)
    assert (event.type, event.object) == (EventType.QUESTION_REFUSED, "search")
    assert event.actor == f"person:{harbour.people[asked.get('person', 'ada')]}"
    assert event.decision_id is not None
    assert event.detail == {"kind": kind}


def test_a_spent_budget_is_a_refusal_that_says_when_it_refills(harbour: Nation, services: Services) -> None:
    spend(harbour)
    outcome = refused(put(harbour, services))
    assert outcome.kind is RefusalKind.BUDGET
    assert outcome.refills_at is not None
    assert outcome.refills_at > datetime.now(UTC)
    assert ends(harbour)[0].detail == {"kind": "budget"}


def test_an_embedder_that_is_gone_is_a_refusal_in_the_trail(harbour: Nation, services: Services) -> None:
    gone = replace(services, embedder=EmbeddingClient(Path("/nonexistent/model.sock")))
    outcome = refused(put(harbour, gone))
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert "The model server does not answer" in outcome.message
    assert ends(harbour)[0].detail == {"kind": "dependency-down"}


def test_a_search_slower_than_its_decision_shows_nothing(harbour: Nation, services: Services) -> None:
    late = Stepping(services.embedder, lambda: harbour.step_clock(timedelta(seconds=31)))
    outcome = refused(put(harbour, replace(services, embedder=late)))
    assert TOO_SLOW in outcome.message
    assert trail(harbour, EventType.PASSAGES_DISCLOSED) == []


def test_nothing_is_embedded_for_somebody_without_a_permitted_dataset(harbour: Nation, services: Services) -> None:
    called: list[bool] = []
    put(harbour, replace(services, embedder=Stepping(services.embedder, lambda: called.append(True))), person="mia")
    assert called == []


def test_search_and_ask_refuse_somebody_without_a_grant_alike(harbour: Nation, services: Services) -> None:
    asked = ask(WASTE, harbour.subject("mia"), Purpose.RESEARCH, services)
    assert put(harbour, services, person="mia") == asked


def test_a_dataset_without_a_grant_is_not_searched(harbour: Nation, services: Services) -> None:
    harbour.dataset("clinic", budget=WHOLE, classification=Classification.INTERNAL)
    harbour.document("clinic", "c.md", ["Throwing waste into the basin of the clinic."])
    outcome = found(put(harbour, services, limit=20))
    assert {passage.dataset_slug for passage in outcome.passages} == {"harbour"}


def break_ledger(nation: Nation, code: str) -> None:
    """Make the database refuse the row a search ends with."""
    with nation.database.connect() as connection:
        connection.execute(
            f"""CREATE FUNCTION hub.no() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"""
        )
        connection.execute(
            """CREATE TRIGGER no BEFORE INSERT ON hub.audit_events FOR EACH ROW
               WHEN (NEW.object = 'search') EXECUTE FUNCTION hub.no()"""
        )


def test_nothing_is_shown_that_could_not_be_written_down(harbour: Nation, services: Services) -> None:
    break_ledger(harbour, "53100")
    outcome = refused(put(harbour, services))
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert "350" not in outcome.message


def test_a_broken_ledger_ends_the_search_with_an_error(harbour: Nation, services: Services) -> None:
    break_ledger(harbour, "HD010")
    with pytest.raises(LedgerBrokenError):
        put(harbour, services)


def test_a_database_that_is_gone_is_a_refusal(harbour: Nation, services: Services) -> None:
    subject = harbour.subject("ada")
    nowhere = Database(harbour.database.url("hub_api").set(query={"host": "/nonexistent"}))
    outcome = refused(search(WASTE, subject, Purpose.RESEARCH, replace(services, database=nowhere), 5))
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert "The database can't be reached" in outcome.message
