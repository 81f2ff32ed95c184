"""Ask: a question, an answer written while you watch, and each numbered claim beside the sentence that bears it."""

from typing import Final

import streamlit as st

from ui.components.answer import answer
from ui.components.meter import meter
from ui.components.notice import attempt, problem, refusal
from ui.components.purpose import choose_purpose
from ui.conversation import KEY, Conversation, Turn, current, reopen
from ui.language import count, figure, say, when, word
from ui.login import api, me
from ui.plain import answer_html, label
from ui.problems import ApiError, SignedOutError
from ui.shapes.reading import Answer, Piece, Refusal, Stage

#: The API's own limit.
LONGEST: Final = 10_000
QUESTION: Final = "ask.question"
PENDING: Final = "ask.pending"
#: A question that was sent when the session had ended waits here for the renewed one.
TYPED: Final = "kept.typed"


def show() -> None:
    """Show the conversation, and ask what was typed."""
    person = me()
    st.title(say("nav.ask"), anchor=False)
    purpose = choose_purpose(person)
    _reopen()
    talk = current()
    _history(talk)
    if not talk.turns and PENDING not in st.session_state:
        st.markdown(say("ask.begin"))
    for number, turn in enumerate(talk.turns):
        _turn(talk, number, turn)
    last = talk.turns[-1] if talk.turns else None
    if not question_waits() and not (last and _refused_for_another_reason(last)):
        meter(purpose, cut=last is not None and _cut(last))
    _too_long()
    st.chat_input(say("ask.placeholder"), key=QUESTION, submit_mode="stop", on_submit=_typed)
    question = st.session_state.pop(PENDING, None) or st.session_state.get(TYPED)
    if question:
        _ask(talk, question, purpose)


def question_waits() -> bool:
    """Say whether this run is about to ask."""
    return any(st.session_state.get(key) for key in (PENDING, TYPED))


def _cut(turn: Turn) -> bool:
    """Say whether the reading budget left something out of it."""
    match turn.result:
        case Answer() as told:
            return told.left_out > 0
        case Refusal() as told:
            return told.kind == "budget"
        case None:
            return turn.fault == "budget"


def _refused_for_another_reason(turn: Turn) -> bool:
    """Say whether it was no budget that refused it: what is left to read would only mislead there."""
    return isinstance(turn.result, Refusal) and not _cut(turn)


def _typed() -> None:
    """Keep what was sent before anything else is looked at: the session may have ended meanwhile."""
    st.session_state[TYPED] = st.session_state[QUESTION]


def _too_long() -> None:
    """Hand a question back that is longer than the API takes: a limit of the box itself would swallow it in silence."""
    waiting = next((key for key in (TYPED, PENDING) if len(st.session_state.get(key) or "") > LONGEST), None)
    if waiting:
        question = st.session_state.pop(waiting)
        st.warning(say("ask.too-long", count=figure(len(question)), most=figure(LONGEST)), icon=":material/short_text:")
        st.session_state[QUESTION] = question


def _reopen() -> None:
    one = st.session_state.pop("ask.open-conversation", None)
    if one is None:
        return
    with attempt(), st.spinner(say("ask.reopening")):
        st.session_state[KEY] = reopen(api(), one)


def _history(talk: Conversation) -> None:
    with st.sidebar:
        if talk.turns and st.button(say("ask.new"), icon=":material/add:", width="stretch"):
            st.session_state[KEY] = None
            st.rerun()
        with st.expander(say("ask.history"), icon=":material/history:", key="ask.history", on_change="rerun") as box:
            if not box.open:
                return
            items, _ = api().questions()
            if not items:
                st.caption(say("ask.no-history"))
            for one in items:
                if st.button(
                    label(one.question, 60), key=f"history.{one.id}", type="tertiary", help=when(one.asked_at)
                ):
                    st.session_state["ask.open-conversation"] = one.conversation_id
                    st.rerun()


def _turn(talk: Conversation, number: int, turn: Turn) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.text(turn.question)
    with st.chat_message("assistant", avatar=":material/local_library:"):
        match turn.result:
            case Answer() as told:
                answer(told, talk, number, turn.purpose)
            case Refusal() as told:
                refusal(told, turn.purpose, f"turn.{number}")
            case None:
                _unfinished(turn, number)


def _unfinished(turn: Turn, number: int) -> None:
    """Show what was written before it was stopped or broke off, and that nobody checked it."""
    if turn.draft:
        st.html(answer_html(turn.draft))
    if turn.gone:
        st.info(say("ask.gone"), icon=":material/history:")
    elif turn.fault:
        problem(ApiError(slug=turn.fault, part=turn.part))
    else:
        st.warning(say("ask.stopped"), icon=":material/stop_circle:")
    if st.button(say("ask.again"), key=f"again.{number}", icon=":material/refresh:"):
        st.session_state[PENDING] = turn.question
        st.rerun()


def _ask(talk: Conversation, question: str, purpose: str) -> None:
    """Ask, showing each stage and the draft; what is written so far is kept when the person stops it."""
    with st.chat_message("user", avatar=":material/person:"):
        st.text(question)
    turn = Turn(question=question, purpose=purpose, stopped=True)
    with st.chat_message("assistant", avatar=":material/local_library:"):
        stage = st.empty()
        draft = st.empty()
        stage.caption(say("stage.checking"))
        try:
            with api().ask(question, purpose, talk.id) as events:
                talk.turns.append(turn)
                st.session_state.pop(TYPED, None)
                for waited, event in enumerate(events):
                    match event:
                        case Stage() as told:
                            stage.caption(_stage(told))
                        case Piece() as told:
                            if not turn.draft:
                                stage.caption(say("stage.writing"))
                            turn.draft += told.text
                            draft.html(answer_html(turn.draft))
                        case Answer() | Refusal() as told:
                            turn.result, turn.stopped = told, False
                            talk.id = told.conversation_id or talk.id
                        case None:
                            # Touching the page is what lets a stop reach this script.
                            st.session_state["ask.waited"] = waited
                            draft.html(answer_html(turn.draft or "…"))
        except SignedOutError:
            talk.turns.remove(turn)
            st.session_state[TYPED] = question
            raise
        except ApiError as error:
            turn.stopped, turn.fault, turn.part = False, error.slug, error.part
    st.rerun()


def _stage(told: Stage) -> str:
    if not told.count:
        return word("stage", told.name)
    return count(f"stage.{told.name}", told.count)
