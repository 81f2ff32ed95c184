"""`/questions`: ask and hear the answer as it is written; one's own history."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from catalog import turns
from catalog.errors import AccessDeniedError
from catalog.turns import Turn
from catalog.vocabulary import Action, Purpose, RefusalKind
from hub.api import cursors
from hub.api.asking import Asked, stream
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import TEXT, Cursor
from hub.api.problems import RESPONSES
from hub.api.shapes import AnswerShape, Shape
from hub.ask import permitted

router = APIRouter(tags=["questions"], responses=RESPONSES)


class QuestionBody(BaseModel):
    """What is asked, what for, and which conversation it goes on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "How fast may boats go in the harbour?", "purpose": "research"}]},
    )
    question: Annotated[str, Field(min_length=1, max_length=10_000, pattern=TEXT)]
    purpose: Purpose
    conversation_id: UUID | None = None


class TurnShape(Shape):
    """One line of one's own history."""

    id: UUID
    conversation_id: UUID
    asked_at: datetime
    purpose: Purpose
    question: str
    outcome: str
    kind: RefusalKind | None

    @classmethod
    def of(cls, turn: Turn) -> "TurnShape":
        """Return a turn as the API says it."""
        plain = {name: getattr(turn, name) for name in ("id", "conversation_id", "asked_at", "purpose", "question")}
        return cls(**plain, outcome="refused" if turn.refused else "answered", kind=turn.refused)


class History(Shape):
    """A page of the history, newest first."""

    items: list[TurnShape]
    next: str | None


class TurnAgain(Shape):
    """A turn with its answer, while everything it was made from may still be read; else without."""

    turn: TurnShape
    answer: AnswerShape | None
    gone: bool


class Feedback(BaseModel):
    """What a person thought of an answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"useful": True}]})
    useful: bool
    note: Annotated[str | None, Field(max_length=500, pattern=TEXT)] = None


class Position(cursors.Position):
    """Where a page of the history ends."""

    asked_at: AwareDatetime
    id: UUID


EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `stage`, `piece` (an unchecked draft), then one `answer` or `refusal`.",
        "content": {"text/event-stream": {"example": 'event: stage\ndata: {"name": "looking", "count": 3}\n\n'}},
    }
}


@router.post("/questions", dependencies=[through(Action.ASK)], responses=EVENTS, response_class=StreamingResponse)
async def ask_question(body: QuestionBody, hub: HubDep, caller: Caller) -> StreamingResponse:
    """Ask; every end is an event, also a refusal."""
    asked = Asked(
        question=body.question,
        subject=caller.subject,
        purpose=body.purpose,
        turn_id=uuid4(),
        conversation_id=body.conversation_id or uuid4(),
        goes_on=body.conversation_id is not None,
    )
    return StreamingResponse(stream(asked, hub), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.get("/questions", dependencies=[through(Action.RECALL)])
def own_history(
    hub: HubDep,
    caller: Caller,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> History:
    """Return one's own questions, newest first."""
    position = cursors.decode(cursor, Position)
    before = (position.asked_at, position.id) if position else None
    with hub.services.database.begin(caller.subject.asker) as session:
        found = turns.history(session, limit=limit + 1, before=before)
    page = found[:limit]
    more = cursors.encode(Position(asked_at=page[-1].asked_at, id=page[-1].id)) if len(found) > limit else None
    return History(items=[TurnShape.of(turn) for turn in page], next=more)


@router.get("/questions/{turn_id}", dependencies=[through(Action.RECALL)])
def one_turn(turn_id: UUID, hub: HubDep, caller: Caller) -> TurnAgain:
    """Return a turn of one's own with its answer, decided anew."""
    context = caller.subject.asker
    with hub.services.database.begin(context) as session:
        turn = turns.find(session, turn_id)
    if turn.refused:
        return TurnAgain(turn=TurnShape.of(turn), answer=None, gone=False)
    scope = permitted(caller.subject, turn.purpose, hub.services)
    try:
        with hub.services.database.begin(context) as session:
            kept = turns.answer_again(session, scope.decision_id, turn_id)
    except AccessDeniedError:
        kept = None
    answer = AnswerShape.model_validate(kept) if kept else None
    return TurnAgain(turn=TurnShape.of(turn), answer=answer, gone=answer is None)


@router.post("/questions/{turn_id}/feedback", status_code=204, dependencies=[through(Action.RECALL)])
def judge(turn_id: UUID, body: Feedback, hub: HubDep, caller: Caller) -> None:
    """Keep what one thought of an answer."""
    with hub.services.database.begin(caller.subject.asker) as session:
        turns.judge(session, turn_id, useful=body.useful, note=body.note)
