"""An answer: its text, its label where one looks, its sources as numbers, and the opened one beside it."""

from datetime import datetime
from typing import Final

import streamlit as st

from ui.citing import FORMATS, cited
from ui.components.badges import badge_row
from ui.components.passage_card import passage_card
from ui.conversation import Conversation
from ui.language import count, say, zone
from ui.login import api
from ui.plain import answer_html, label, shortened
from ui.problems import ApiError
from ui.shapes.reading import Answer

#: So long a note the API takes.
NOTE_MAX_CHARACTERS: Final = 500


def answer(told: Answer, talk: Conversation, number: int, purpose: str) -> None:
    """Show an answer; the citation that is open stands beside it (on a narrow screen: right below)."""
    opened = talk.open[1] if talk.open and talk.open[0] == number else None
    evidence = told.passage(opened) if opened is not None else None
    if evidence is None:
        _claim(told, talk, number)
        return
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=f"claim-{number}"):  # stays in view while one reads the evidence
        _claim(told, talk, number)
    with right, st.container(border=True, key=f"evidence-{number}"):
        citation, passage = evidence
        if st.button(say("ask.close"), key=f"close.{number}", icon=":material/close:", type="tertiary"):
            talk.open = None
            st.rerun()
        passage_card(passage, purpose=purpose, key=f"turn.{number}", quote=citation.quote, beside=True)


def _claim(told: Answer, talk: Conversation, number: int) -> None:
    badge_row(told.label, store_in=told.store_in, process_in=told.process_in)
    st.html(answer_html(told.text))
    if told.cut:
        st.caption(say("ask.cut"))
    _sources(told, talk, number)
    if told.left_out:
        st.caption(count("ask.left-out", told.left_out))
    if told.apart:
        st.caption(count("ask.apart", told.apart))
    with st.container(horizontal=True, vertical_alignment="center"):
        _copy(told, number)
        _feedback(told)


def _sources(told: Answer, talk: Conversation, number: int) -> None:
    """One button a citation, in the order of the numbers."""
    with st.container(key=f"sources-{number}", gap="xsmall"):
        for citation, passage in cited(told):
            is_open = talk.open == (number, citation.number)
            page = say("passage.page", page=passage.first_page) if passage.first_page is not None else ""
            name = " · ".join(one for one in (shortened(passage.document.name, 60), page) if one)
            if st.button(
                f"{citation.number} · {label(name)}",
                key=f"cite.{number}.{citation.number}",
                type="primary" if is_open else "secondary",
                icon=":material/format_quote:",
            ):
                talk.open = None if is_open else (number, citation.number)
                st.rerun()


def _copy(told: Answer, number: int) -> None:
    with st.popover(say("ask.copy"), icon=":material/content_copy:", key=f"copy.{number}"):
        names = {"text": say("copy.text"), "bibtex": "BibTeX", "ris": "RIS"}
        chosen = st.segmented_control(
            say("copy.as"),
            list(FORMATS),
            default="text",
            format_func=names.__getitem__,
            key=f"as.{number}",
            required=True,
        )
        st.code(FORMATS[chosen or "text"](told, datetime.now(zone())), language=None, wrap_lines=True)


def _feedback(told: Answer) -> None:
    useful, note = f"useful.{told.id}", f"note.{told.id}"

    def send() -> None:
        value = st.session_state.get(useful)
        if value is None:
            return
        try:
            api().feedback(told.id, useful=value == 1, note=(st.session_state.get(note) or "").strip())
        except ApiError:
            st.toast(say("ask.feedback-failed"))
        else:
            st.toast(say("ask.feedback-thanks"))

    st.caption(say("ask.useful"), width="content")
    st.feedback("thumbs", key=useful, on_change=send)
    if st.session_state.get(useful) is not None:
        st.text_input(say("ask.feedback-note"), key=note, max_chars=NOTE_MAX_CHARACTERS, on_change=send)
