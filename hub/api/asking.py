"""A question on its way: asked in a thread of its own, told as server-sent events, kept in the person's history."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from catalog import turns
from catalog.cards import cards
from catalog.errors import DataHubError, NotRegisteredError, StoppedError
from catalog.policy.model import Subject
from catalog.turns import NewTurn
from catalog.vocabulary import Purpose, RefusalKind
from hub.answers import Answer, Refusal, refusal
from hub.api.hub import Hub
from hub.api.shapes import AnswerShape, Named, RefusalShape, Shape, TurnRefusalShape
from hub.ask import ask
from hub.listening import Stage

#: To these a request for access may be the answer.
ASK_FOR_ACCESS: Final = frozenset({RefusalKind.NOT_PERMITTED, RefusalKind.NOTHING_FOUND})
MOST_SUGGESTED: Final = 5
#: A comment line now and then keeps what lies between from closing a silent stream.
HEARTBEAT_S: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, whose it is, and its place in the history."""

    question: str
    subject: Subject
    purpose: Purpose
    turn_id: UUID
    conversation_id: UUID
    goes_on: bool


class StageEvent(Shape):
    """What happens now."""

    name: str
    count: int


class PieceEvent(Shape):
    """What the model wrote next; not checked yet."""

    text: str


class Teller:
    """Carries what a question's thread says into the event loop; raises StoppedError once nobody listens."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._stopped = threading.Event()

    def stage(self, stage: Stage, count: int = 0) -> None:
        """Hear that a new stage has begun."""
        self.tell("stage", StageEvent(name=stage, count=count))

    def piece(self, text: str) -> None:
        """Hear what the model wrote next."""
        self.tell("piece", PieceEvent(text=text))

    def tell(self, name: str, content: BaseModel) -> None:
        """Pass an event on."""
        if self._stopped.is_set():
            raise StoppedError
        self._put(f"event: {name}\ndata: {content.model_dump_json()}\n\n".encode())

    def end(self) -> None:
        """Say that nothing comes any more."""
        self._put(None)

    def stop(self) -> None:
        """Nobody listens any more."""
        self._stopped.set()

    async def events(self) -> AsyncIterator[bytes]:
        """Yield events as they come; those that came together as one."""
        ended = False
        while not ended:
            try:
                came = [await asyncio.wait_for(self._events.get(), HEARTBEAT_S)]
            except TimeoutError:
                yield b": still here\n\n"
                continue
            while not self._events.empty():
                came.append(self._events.get_nowait())
            ended = None in came
            yield b"".join(event for event in came if event)

    def _put(self, event: bytes | None) -> None:
        with suppress(RuntimeError):  # the loop has ended: the process stops
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)


async def stream(asked: Asked, hub: Hub) -> AsyncIterator[bytes]:
    """Yield the events of a question until its end; who stops listening stops the answer."""
    teller = Teller()
    teller.stage(Stage.CHECKING)
    hub.writers.submit(_ask, asked, hub, teller)
    try:
        async for event in teller.events():
            yield event
    finally:
        teller.stop()


def _ask(asked: Asked, hub: Hub, teller: Teller) -> None:
    try:
        kept, earlier = Kept(asked), _earlier(asked, hub)
        outcome = ask(asked.question, asked.subject, asked.purpose, hub.services, teller, earlier=earlier, keep=kept)
        end = kept.said(outcome)
    except NotRegisteredError as error:
        end = _refusal(refusal(RefusalKind.NOT_PERMITTED, because=str(error)), asked, [])
    except DataHubError as error:
        # The ledger could not be written, or the history: then there is no answer.
        end = _refusal(refusal(RefusalKind.DEPENDENCY_DOWN, because=str(error)), asked, [])
    except Exception:  # noqa: BLE001  # the stream must end with a word; the fault's own words may hold values
        end = _refusal(refusal(RefusalKind.DEPENDENCY_DOWN), asked, [])
    with suppress(StoppedError):
        teller.tell("answer" if isinstance(end, AnswerShape) else "refusal", end)
    teller.end()


class Kept:
    """Keeps a turn in the person's history, in the transaction of its audit row, and says it as the API does."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._kept: tuple[Answer | Refusal, AnswerShape | TurnRefusalShape] | None = None

    def __call__(self, session: Session, outcome: Answer | Refusal) -> None:
        """Keep what came of the question."""
        asked = self._asked
        match outcome:
            case Answer():
                answer = AnswerShape.of(outcome, asked.turn_id, asked.conversation_id)
                turns.keep(session, _answered(asked, outcome, answer))
                self._kept = outcome, answer
            case Refusal():
                turns.keep(session, _turn(asked, refused=outcome.kind))
                self._kept = outcome, _refusal(outcome, asked, to_ask_for(session, outcome.kind, asked.purpose))

    def said(self, outcome: Answer | Refusal) -> AnswerShape | TurnRefusalShape:
        """Return what was kept of the outcome; where nothing could be kept there is no answer."""
        if self._kept and self._kept[0] is outcome:
            return self._kept[1]
        instead = outcome if isinstance(outcome, Refusal) else refusal(RefusalKind.DEPENDENCY_DOWN)
        return _refusal(instead, self._asked, [])


def to_ask_for(session: Session, kind: RefusalKind, purpose: Purpose) -> list[Named]:
    """Return listed datasets offered for the purpose that this person holds no grant on, a few."""
    if kind not in ASK_FOR_ACCESS:
        return []
    offered = [card for card in cards(session) if card.listed and purpose in card.purposes]
    without = [card for card in offered if purpose not in card.access.purposes]
    return [Named(slug=card.slug, title=card.title) for card in without[:MOST_SUGGESTED]]


def _answered(asked: Asked, outcome: Answer, answer: AnswerShape) -> NewTurn:
    return replace(
        _turn(asked, answer=answer.model_dump(mode="json")),
        chunk_ids=[passage.chunk_id for passage in outcome.passages],
        dataset_ids=sorted({passage.dataset_id for passage in outcome.passages}),
    )


def _turn(asked: Asked, *, answer: dict[str, Any] | None = None, refused: RefusalKind | None = None) -> NewTurn:
    return NewTurn(
        id=asked.turn_id,
        conversation_id=asked.conversation_id,
        person_id=asked.subject.person_id,
        purpose=asked.purpose,
        question=asked.question,
        answer=answer,
        refused=refused,
    )


def _refusal(refused: Refusal, asked: Asked, to_request: list[Named]) -> TurnRefusalShape:
    said = RefusalShape.of(refused, to_request)
    return TurnRefusalShape(**said.model_dump(), id=asked.turn_id, conversation_id=asked.conversation_id)


def _earlier(asked: Asked, hub: Hub) -> str | None:
    if not asked.goes_on:
        return None
    with hub.services.database.begin(asked.subject.asker) as session:
        return turns.asked_before(session, asked.conversation_id)
