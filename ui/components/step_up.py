"""Somebody asks for more: who, what for, what they have read, how much they could reach; decided in one click."""

import streamlit as st

from ui.components.notice import attempt
from ui.language import figure, percent, say, when, word
from ui.login import api
from ui.plain import heading_html, label
from ui.shapes.bounding import StepUp, Weighed


def step_up(one: StepUp) -> None:
    """Show a question for more, and take the owner's word."""
    with st.container(border=True, key=f"step-up-{one.id}"):
        st.html(heading_html(one.title, 4))
        who = " · ".join(label(part) for part in (one.person, one.weighed and one.weighed.organisation) if part)
        st.caption(f"{who} · {label(word('purpose', one.purpose))} · {when(one.asked_at)}")
        st.text(one.reason)
        possible = bool(one.weighed and one.weighed.reachable_then is not None)
        if one.weighed:
            _weighed(one.characters, one.weighed)
        with st.container(horizontal=True):
            if possible and st.button(
                say("step-up.grant"), type="primary", key=f"grant.{one.id}", icon=":material/check:"
            ):
                _decide(one, granted=True)
            if st.button(say("step-up.refuse"), key=f"refuse.{one.id}", icon=":material/close:"):
                _decide(one, granted=False)


def _weighed(characters: int, told: Weighed) -> None:
    size = max(told.dataset_characters, 1)
    st.text(say("step-up.read", read=figure(told.characters_read), share=percent(told.characters_read / size)))
    if told.reachable_now is None or told.reachable_then is None:
        st.caption(say("step-up.no-grant"))
        return
    st.text(
        say(
            "step-up.then",
            more=figure(characters),
            now=percent(told.reachable_now / size),
            then=percent(told.reachable_then / size),
            count=figure(told.reachable_then),
        )
    )
    if told.reachable_then < told.reachable_now + characters:
        st.caption(say("step-up.bounded"))


def _decide(one: StepUp, *, granted: bool) -> None:
    with attempt():
        api().decide_step_up(one.id, granted=granted)
        st.toast(say("step-up.granted" if granted else "step-up.refused"))
        st.rerun()
