"""The whole flow of a question on a real database: every end it can come to, and what the trail says of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalog import audit, grants
from catalog.audit import RecordedEvent
from catalog.datasets import Budget
from catalog.db import Database
from catalog.disclosure import Passage
from catalog.embedding import EmbeddingClient
from catalog.errors import DataHubError, LedgerBrokenError, NotFoundError, StoppedError
from catalog.policy.model import Scope
from catalog.vocabulary import Classification, EventType, Purpose, RefusalKind
from hub.answers import REFUSALS, TOO_SLOW, Answer, Refusal
from hub.ask import ask
from hub.commands.ask import Terminal
from hub.generate import QUOTE_FIRST, Draft, Writer
from hub.listening import SILENCE, Listener, Stage
from hub.services import Services
from hub.serving.chat import ChatError
from tests.fixtures.ground import WHOLE
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.fakes.model_server import Scripted

FINE = "How many euros is throwing waste punished with?"


def put(
    nation: Nation, services: Services, question: str = FINE, person: str = "ada", **more: Any
) -> Answer | Refusal:  # any argument of ask
    purpose = more.pop("purpose", Purpose.RESEARCH)
    return ask(question, nation.subject(person), purpose, services, **more)


def trail(nation: Nation, *types: EventType) -> list[RecordedEvent]:
    with nation.operator.begin(OPERATOR) as session:
        return audit.newest(session, limit=1000, types=types)


def ends(nation: Nation) -> list[RecordedEvent]:
    return trail(nation, EventType.QUESTION_ANSWERED, EventType.QUESTION_REFUSED)


def answered(outcome: Answer | Refusal) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


class Recorder:
    def __init__(self) -> None:
        self.stages: list[str] = []
        self.pieces: list[str] = []

    def stage(self, stage: Stage, count: int = 0) -> None:
        self.stages.append(stage.words(count))

    def piece(self, text: str) -> None:
        self.pieces.append(text)


class Hooked(EmbeddingClient):
    """The real client, with something that happens while it embeds."""

    def __init__(self, real: EmbeddingClient, happens: Callable[[], object]) -> None:
        self._real, self._happens = real, happens

    def embed_question(self, text: str) -> list[float]:
        vector = self._real.embed_question(text)
        self._happens()
        return vector


def during(services: Services, happens: Callable[[], object]) -> Services:
    return replace(services, embedder=Hooked(services.embedder, happens))


# answers


def test_an_answer_cites_the_sentence_and_carries_what_it_rests_on(harbour: Nation, services: Services) -> None:
    answer = answered(put(harbour, services))
    (citation,) = answer.citations
    assert "350 euros" in answer.text
    assert answer.text.endswith(f"[{citation.number}]")
    assert citation.quote == "It is punished with a fine of 350 euros."
    assert citation.passage.document_name == "rules.md"
    assert citation.passage in answer.passages
    assert answer.label is Classification.INTERNAL
    assert answer.left_out == 0


def test_an_answer_is_audited_with_model_prompt_and_decision(harbour: Nation, services: Services) -> None:
    answer = answered(put(harbour, services))
    (event,) = ends(harbour)
    assert event.type == EventType.QUESTION_ANSWERED
    assert event.actor == f"person:{harbour.people['ada']}"
    assert event.dataset_ids == (harbour.datasets["harbour"],)
    assert event.decision_id == answer.decision_id
    assert event.detail == {
        "prompt": "quote-first-1",
        "prompt_digest": QUOTE_FIRST.digest,
        "model": services.writer.model.revision,
        "endpoint": "endpoint",
        "label": "internal",
        "cited": [str(citation.passage.chunk_id) for citation in answer.citations],
    }


def test_the_acts_of_a_question_stand_in_the_trail_in_their_order(harbour: Nation, services: Services) -> None:
    before = len(trail(harbour))
    put(harbour, services)
    made = [event.type for event in reversed(trail(harbour))][before:]
    order = [EventType.DECISION_MADE, EventType.PASSAGES_DISCLOSED, EventType.QUESTION_ANSWERED]
    assert [event for event in made if event in order] == order


def test_every_act_of_a_question_names_the_one_decision(harbour: Nation, services: Services) -> None:
    answer = answered(put(harbour, services))
    kinds = (EventType.PASSAGES_DISCLOSED, EventType.QUESTION_ANSWERED)
    assert {event.decision_id for event in trail(harbour, *kinds)} == {answer.decision_id}


def test_the_trail_holds_no_word_of_question_passage_or_answer(harbour: Nation, services: Services) -> None:
    put(harbour, services)
    put(harbour, services, "Who was Zanzibar Quixote?")
    put(harbour, services, "x" * 5000)
    held = " ".join(str(event) for event in trail(harbour)).lower()
    for word in ("waste", "basin", "350 euros", "punished", "zanzibar", "xxxx"):
        assert word not in held


def test_the_label_is_the_highest_classification_among_the_passages(harbour: Nation, services: Services) -> None:
    harbour.dataset("navy", classification=Classification.SECRET, budget=WHOLE, process_in=["DE"])
    harbour.grant("ada", "navy", share=Decimal(1))
    harbour.document("navy", "orders.md", ["Waste of the navy goes into another basin without any fine at all."])
    answer = answered(put(harbour, services))
    assert answer.citations[0].passage.classification is Classification.INTERNAL
    assert answer.label is Classification.SECRET
    assert ends(harbour)[0].detail["label"] == "secret"


def test_of_what_is_secret_no_more_is_repeated_than_its_classification_allows(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    order = f"Waste of the navy goes into {' and '.join(f'pier{number}' for number in range(60))}."
    harbour.dataset("navy", classification=Classification.SECRET, budget=WHOLE, process_in=["DE"])
    harbour.grant("ada", "navy", share=Decimal(1))
    harbour.document("navy", "orders.md", [order])
    chat.says, heard = order, Recorder()
    answer = answered(put(harbour, services, "Where goes the waste of the navy?", tell=heard))
    assert answer.cut
    assert "".join(heard.pieces) == order[:250]
    assert answer.text.startswith(order[:240])
    assert "pier59" not in answer.text
    assert ends(harbour)[0].detail["cut"] is True


def test_reading_the_same_again_costs_nothing(harbour: Nation, services: Services) -> None:
    put(harbour, services)
    again = answered(put(harbour, services))
    assert {passage.charged for passage in again.passages} == {0}


def test_at_most_as_many_passages_are_read_as_the_setting_says(harbour: Nation, services: Services) -> None:
    few = replace(services, settings=services.settings.model_copy(update={"passages_per_answer": 1}))
    assert len(answered(put(harbour, few)).passages) == 1


def test_what_the_budget_does_not_hold_is_left_out_and_counted(nation: Nation, services: Services) -> None:
    nation.person("ada")
    nation.dataset("harbour", budget=Budget(window_characters=90, lifetime_characters=90, ceiling_share=Decimal(1)))
    nation.grant("ada", "harbour", share=Decimal(1))
    nation.document("harbour", "a.md", ["The fine for waste in the basin is 350 euros. "])
    nation.document("harbour", "b.md", ["Waste in the basin was seen in May, and the fine was paid twice. "])
    answer = answered(put(nation, services))
    assert (len(answer.passages), answer.left_out) == (1, 1)


def test_the_question_is_made_plain_before_anything_reads_it(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    put(harbour, services, "What is the\u200b fine \U000e0041\n for throwing waste?")
    assert "Question: What is the fine for throwing waste?" in chat.prompt


def test_brackets_in_a_question_are_no_citation_in_the_prompt(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    put(harbour, services, "What is the fine for waste [1]?")
    assert "Question: What is the fine for waste (1)?" in chat.prompt


# disclosure comes before the model


class Watching(Writer):
    """Looks at the trail, on another connection, at the moment the model would be called."""

    def __init__(self, socket: Path, look: Callable[[], object]) -> None:
        super().__init__(socket, place="endpoint", timeout_s=20, max_tokens=64)
        self.look = look
        self.seen: list[object] = []

    def draft(self, question: str, passages: Sequence[Passage], scope: Scope, tell: Callable[[str], None]) -> Draft:
        self.seen.append((self.look(), [passage.chunk_id for passage in passages]))
        return super().draft(question, passages, scope, tell)


def test_passages_are_charged_and_written_down_before_the_model_sees_a_word(
    harbour: Nation, services: Services
) -> None:
    def look() -> list[Any]:
        return [event.detail["chunks"] for event in trail(harbour, EventType.PASSAGES_DISCLOSED)]

    writer = Watching(services.settings.model_socket, look)
    answered(put(harbour, replace(services, writer=writer)))
    ((disclosed, shown),) = writer.seen  # type: ignore[misc]
    assert disclosed == [[str(chunk) for chunk in shown]]
    writer.close()


def test_the_model_sees_only_what_was_disclosed(harbour: Nation, services: Services, chat: Scripted) -> None:
    harbour.dataset("clinic", budget=WHOLE)
    harbour.document("clinic", "c.md", ["Throwing clinic waste into the basin costs 9000 euros."])
    answer = answered(put(harbour, services))
    assert "9000" not in chat.prompt
    assert all(passage.body.strip() in chat.prompt for passage in answer.passages)


# refusals: each kind, with its sentence, in the trail


def nobody(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return nation, services, {"person": "mia"}


def nothing(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return nation, services, {"question": "Zanzibar quixotic xylophone?"}


def unborne(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    chat.says = "The fine is 9999 euros."
    return nation, services, {}


def unaskable(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return nation, services, {"question": "???"}


def too_long(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return nation, services, {"question": "Why? " * 1000}


def spent(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    with nation.operator.begin(OPERATOR) as session:
        session.execute(text("UPDATE hub.datasets SET window_characters = 5, lifetime_characters = 5000"))
    return nation, services, {}


def no_embedder(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return nation, replace(services, embedder=EmbeddingClient(Path("/nonexistent/model.sock"))), {}


def no_chat(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return (
        nation,
        replace(services, writer=Writer(Path("/nonexistent/m.sock"), place="endpoint", timeout_s=1, max_tokens=9)),
        {},
    )


def failing_chat(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    chat.fails = ChatError("The model failed.", status=500, code="model_failed")
    return nation, services, {}


def slow(nation: Nation, services: Services, chat: Scripted) -> tuple[Nation, Services, dict[str, Any]]:
    assert chat
    return nation, during(services, lambda: nation.step_clock(timedelta(seconds=31))), {}


REASONS = {
    "no grant": (nobody, RefusalKind.NOT_PERMITTED, ""),
    "nothing fits": (nothing, RefusalKind.NOTHING_FOUND, ""),
    "a draft no passage bears": (unborne, RefusalKind.NO_CITATION, ""),
    "no question": (unaskable, RefusalKind.GUARD, "The question is empty."),
    "too long a question": (too_long, RefusalKind.GUARD, "5,000 characters; 2,000 are allowed"),
    "budget spent": (spent, RefusalKind.BUDGET, ""),
    "no embedder": (no_embedder, RefusalKind.DEPENDENCY_DOWN, "The model server does not answer"),
    "no chat model": (no_chat, RefusalKind.DEPENDENCY_DOWN, "can't be reached"),
    "a chat model that fails": (failing_chat, RefusalKind.DEPENDENCY_DOWN, "The chat model"),
    "too slow for its decision": (slow, RefusalKind.DEPENDENCY_DOWN, TOO_SLOW),
}


@pytest.mark.parametrize(("situation", "kind", "because"), REASONS.values(), ids=REASONS)
def test_each_refusal_has_its_kind_and_sentence_and_stands_in_the_trail(  # noqa: PLR0913, PLR0917  # a row and its fixtures
    harbour: Nation,
    services: Services,
    chat: Scripted,
    situation: Callable[..., tuple[Nation, Services, dict[str, Any]]],
    kind: RefusalKind,
    because: str,
) -> None:
    nation, changed, more = situation(harbour, services, chat)
    outcome = put(nation, changed, **more)
    assert isinstance(outcome, Refusal), outcome
    assert outcome.kind is kind
    assert because in outcome.message
    assert REFUSALS[kind] in outcome.message
    (event,) = ends(harbour)
    assert event.type == EventType.QUESTION_REFUSED
    person = "mia" if situation is nobody else "ada"
    assert event.actor == f"person:{harbour.people[person]}"
    assert event.decision_id is not None
    assert event.detail == {"kind": kind, "prompt": QUOTE_FIRST.id, "prompt_digest": QUOTE_FIRST.digest}


def test_every_kind_of_refusal_is_reached_above() -> None:
    elsewhere = {RefusalKind.STOPPED, RefusalKind.NO_ENDPOINT}  # by the person, see below; tests/hub/test_endpoints.py
    elsewhere |= {RefusalKind.OUTSIDE_ACCESS, RefusalKind.UNKNOWN_ZONE}  # tests/security/test_zones.py
    assert {kind for _, kind, _ in REASONS.values()} | elsewhere == set(RefusalKind)


def test_a_database_that_is_gone_is_a_refusal_that_could_not_be_written(harbour: Nation, services: Services) -> None:
    subject = harbour.subject("ada")
    nowhere = Database(harbour.database.url("hub_api").set(query={"host": "/nonexistent"}))
    outcome = ask(FINE, subject, Purpose.RESEARCH, replace(services, database=nowhere))
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert "The database can't be reached" in outcome.message
    assert "hub status" in outcome.message


def test_a_spent_budget_says_when_it_refills(harbour: Nation, services: Services) -> None:
    outcome = put(*spent(harbour, services, Scripted())[:2])
    assert isinstance(outcome, Refusal)
    assert outcome.refills_at is not None
    assert timedelta(hours=23) < outcome.refills_at - datetime.now(UTC) < timedelta(hours=25)
    assert f"It refills at {outcome.refills_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC." in outcome.message


def test_a_budget_that_never_refills_promises_nothing(nation: Nation, services: Services) -> None:
    nation.person("ada")
    nation.dataset("harbour", budget=Budget(window_characters=5, lifetime_characters=5, ceiling_share=Decimal(1)))
    nation.grant("ada", "harbour", share=Decimal(1))
    nation.document("harbour", "a.md", ["The fine for waste in the basin is 350 euros."])
    with nation.operator.begin(OPERATOR) as session:
        session.execute(text("UPDATE hub.datasets SET lifetime_characters = 1, window_characters = 1"))
    outcome = put(nation, services)
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.BUDGET


def test_without_a_permitted_dataset_nothing_is_embedded_or_asked_of_a_model(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    called: list[bool] = []
    put(harbour, during(services, lambda: called.append(True)), person="mia")
    assert called == []
    assert chat.asked == []


def test_a_refusal_is_the_same_whether_or_not_there_is_something_to_know(nation: Nation, services: Services) -> None:
    nation.person("mia")
    empty = put(nation, services, person="mia")
    nation.dataset("harbour", listed=False)
    nation.document("harbour", "rules.md", ["It is punished with a fine of 350 euros."])
    assert put(nation, services, person="mia") == empty


def test_another_purpose_than_the_grants_opens_nothing(harbour: Nation, services: Services) -> None:
    outcome = put(harbour, services, purpose=Purpose.PRODUCT_DEVELOPMENT)
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NOT_PERMITTED


def test_on_a_host_without_walls_restricted_data_is_not_permitted(nation: Nation, services: Services) -> None:
    nation.person("ada")
    nation.dataset("navy", classification=Classification.RESTRICTED, budget=WHOLE, access_from=["DE"])
    nation.grant("ada", "navy", share=Decimal(1))
    nation.document("navy", "a.md", ["The fine for throwing waste into the basin is 350 euros."])
    assert isinstance(put(nation, services), Answer)
    open_host = services.settings.model_copy(update={"sealed": False})
    outcome = put(nation, replace(services, settings=open_host))
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NOT_PERMITTED


def test_a_grant_that_ends_while_the_question_is_embedded_opens_nothing(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    def revoke() -> None:
        with harbour.operator.begin(OPERATOR) as session:
            grants.revoke(session, grants.every(session)[0]["id"], reason="over")  # type: ignore[arg-type]

    outcome = put(harbour, during(services, revoke))
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NOTHING_FOUND
    assert chat.asked == []
    assert trail(harbour, EventType.PASSAGES_DISCLOSED) == []


def test_a_dataset_withdrawn_while_the_question_is_embedded_opens_nothing(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    def withdraw() -> None:
        with harbour.operator.begin(OPERATOR) as session:
            session.execute(text("UPDATE hub.datasets SET withdrawn_at = hub.hub_now()"))

    outcome = put(harbour, during(services, withdraw))
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NOTHING_FOUND
    assert chat.asked == []


def test_a_draft_that_was_refused_is_not_in_the_refusal(harbour: Nation, services: Services, chat: Scripted) -> None:
    chat.says = "The fine is 9999 euros."
    outcome = put(harbour, services)
    assert isinstance(outcome, Refusal)
    assert "9999" not in outcome.message


# a ledger that can't be written


def break_ledger(nation: Nation, code: str, *types: EventType) -> None:
    """Make the database refuse audit rows of these types with this code."""
    refuse = f"RAISE EXCEPTION 'no' USING ERRCODE = '{code}'"
    wanted = ", ".join(f"'{one}'" for one in types)
    with nation.database.connect() as connection:
        connection.execute(f"""
            CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.type IN ({wanted}) THEN {refuse}; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON hub.audit_events FOR EACH ROW EXECUTE FUNCTION public.refuse();
        """)  # type: ignore[call-overload]  # made of constants


def test_an_answer_that_can_not_be_written_down_is_not_given(harbour: Nation, services: Services) -> None:
    break_ledger(harbour, "HD010", EventType.QUESTION_ANSWERED)
    with pytest.raises(LedgerBrokenError):
        put(harbour, services)
    assert ends(harbour) == []


def test_a_refusal_that_can_not_be_written_down_is_not_given_either(harbour: Nation, services: Services) -> None:
    break_ledger(harbour, "HD010", EventType.QUESTION_REFUSED)
    with pytest.raises(LedgerBrokenError):
        put(harbour, services, person="mia")


def test_a_full_disk_under_the_ledger_takes_the_answer_back(harbour: Nation, services: Services) -> None:
    break_ledger(harbour, "53100", EventType.QUESTION_ANSWERED)
    outcome = put(harbour, services)
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert "disk" in outcome.message
    assert "350" not in outcome.message


@pytest.mark.parametrize("event", [EventType.DECISION_MADE, EventType.PASSAGES_DISCLOSED])
def test_without_the_row_of_a_step_the_step_is_not_made(
    harbour: Nation, services: Services, chat: Scripted, event: EventType
) -> None:
    break_ledger(harbour, "HD010", event)
    with pytest.raises(DataHubError):
        put(harbour, services)
    assert chat.asked == []
    assert trail(harbour, event) == []


def test_a_site_that_is_not_registered_answers_nothing(harbour: Nation, services: Services, chat: Scripted) -> None:
    lost = services.settings.model_copy(update={"site": "nowhere"})
    with pytest.raises(NotFoundError):
        put(harbour, replace(services, settings=lost))
    assert chat.asked == []


# those who wait


@pytest.mark.parametrize(
    "listener",
    [Recorder(), SILENCE, Terminal(quiet=False), Terminal(quiet=True)],
    ids="recorder silence terminal quiet".split(),
)
def test_whoever_listens_the_answer_is_the_same(harbour: Nation, services: Services, listener: Listener) -> None:
    assert answered(put(harbour, services, tell=listener)).text == answered(put(harbour, services)).text


def test_stages_are_told_as_they_begin_and_pieces_add_up_to_the_draft(
    harbour: Nation, services: Services, chat: Scripted
) -> None:
    chat.says = "It is punished with a fine of 350 euros."
    heard = Recorder()
    answered(put(harbour, services, tell=heard))
    assert heard.stages == ["Looking in 1 dataset", "Reading 1 passage"]
    assert "".join(heard.pieces) == chat.says
    assert len(heard.pieces) == 9


def test_who_may_ask_nothing_hears_of_no_dataset(harbour: Nation, services: Services) -> None:
    heard = Recorder()
    put(harbour, services, person="mia", tell=heard)
    assert (heard.stages, heard.pieces) == ([], [])


class Stopping(Recorder):
    """A person who stops at the first word."""

    def piece(self, text: str) -> None:  # noqa: ARG002  # whatever it is
        raise StoppedError


def test_who_stops_gets_no_answer_and_the_trail_says_so(harbour: Nation, services: Services) -> None:
    outcome = put(harbour, services, tell=Stopping())
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.STOPPED
    assert [event.detail["kind"] for event in ends(harbour)] == ["stopped"]
