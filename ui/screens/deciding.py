"""One document in its steward's hands: made stricter, released or refused where it is held, withdrawn."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from ui.components.notice import attempt
from ui.components.own_tags import ask_own_tags
from ui.language import reason as in_words
from ui.language import say
from ui.login import api
from ui.shapes.holding import Dataset, Document

#: So long a reason the API takes.
REASON_MIN_CHARACTERS: Final = 3
REASON_MAX_CHARACTERS: Final = 300


def tag(card: Dataset, one: Document) -> None:
    """Ask for tags of its own, in place of those it has."""

    @st.dialog(say("own.title"), width="medium")
    def dialog() -> None:
        st.text(one.name)
        declared = ask_own_tags(card, one.tags, f"own.{one.id}")
        st.caption(say("own.at-once"))
        if st.button(say("own.do"), type="primary", icon=":material/check:"):
            with attempt():
                api().tag_document(one.id, declared)
                st.toast(say("own.done"))
                st.rerun()

    dialog()


def release(card: Dataset, one: Document) -> None:
    """Let a held one go on, with tags of its own or as it is declared."""

    @st.dialog(say("release.title"), width="medium")
    def dialog() -> None:
        st.text(one.name)
        st.text(in_words(one.reason))
        st.markdown(say("release.what"))
        declared = ask_own_tags(card, one.tags, f"release.{one.id}")
        _with_a_reason("release", lambda why: api().release(one.id, why, declared))

    dialog()


def refuse(one: Document) -> None:
    """Refuse a held one for good."""

    @st.dialog(say("refuse.title"))
    def dialog() -> None:
        st.text(one.name)
        st.text(in_words(one.reason))
        st.markdown(say("refuse.what"))
        _with_a_reason("refuse", lambda why: api().refuse(one.id, why))

    dialog()


def withdraw(one: Document) -> None:
    """Take a published one out."""

    @st.dialog(say("withdraw.title"))
    def dialog() -> None:
        st.text(one.name)
        st.markdown(say("withdraw.what"))
        _with_a_reason("withdraw", lambda why: api().withdraw(one.id, why))

    dialog()


def _with_a_reason(act: str, do: Callable[[str], None]) -> None:
    """Ask why, then do it; without a reason the button waits."""
    why = st.text_area(say(f"{act}.reason"), key=f"kept.{act}.reason", max_chars=REASON_MAX_CHARACTERS).strip()
    told = len(why) >= REASON_MIN_CHARACTERS
    if st.button(say(f"{act}.do"), type="primary", disabled=not told, icon=":material/check:"):
        with attempt():
            do(why)
            st.toast(say(f"{act}.done"))
            st.rerun()
