"""A conversation as the person sees it: questions in order, each with what it came to."""

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from ui.client import Api
from ui.shapes.reading import Answer, Asked, Refusal

#: Of an old conversation, as many turns are read again.
MOST_TURNS: Final = 10
KEY: Final = "kept.conversation"


@dataclass(kw_only=True)
class Turn:
    """One question; `draft` is what had been written when it was stopped, `gone` an answer no grant covers any more."""

    question: str
    purpose: str
    result: Answer | Refusal | None = None
    draft: str = ""
    stopped: bool = False
    gone: bool = False
    fault: str = ""
    part: str = ""  # which part of the hub the fault is of


@dataclass(kw_only=True)
class Conversation:
    """Turns, and the id the API knows them by; `open` is the citation shown beside its answer."""

    id: str | None = None
    turns: list[Turn] = field(default_factory=list)
    open: tuple[int, int] | None = None


def current() -> Conversation:
    """Return the conversation on the screen."""
    found = st.session_state.get(KEY)
    if not isinstance(found, Conversation):
        found = Conversation()
        st.session_state[KEY] = found
    return found


def reopen(api: Api, one: str) -> Conversation:
    """Read an earlier conversation again: what was read stays free while the grants live.

    Raises ApiError.
    """
    found, cursor = api.questions()
    while cursor and len([item for item in found if item.conversation_id == one]) < MOST_TURNS:
        more, cursor = api.questions(cursor)
        found += more
    items = [item for item in found if item.conversation_id == one][:MOST_TURNS]
    return Conversation(id=one, turns=[_again(api, item) for item in reversed(items)])


def _again(api: Api, item: Asked) -> Turn:
    turn = Turn(question=item.question, purpose=item.purpose)
    if item.outcome == "refused":
        turn.result = Refusal(id=item.id, kind=item.kind or "other")
        return turn
    turn.result = api.question(item.id).answer
    turn.gone = turn.result is None
    return turn
