"""The meter: what is left to read and when it refills, shown only when it matters; and asking the owner for more."""

from typing import Final

import streamlit as st

from ui.components.notice import attempt
from ui.language import figure, say, when
from ui.login import api
from ui.plain import heading_html, label
from ui.shapes.bounding import Meter, StepUp

#: So long a reason the API takes.
REASON_MIN_CHARACTERS: Final = 3
REASON_MAX_CHARACTERS: Final = 500
#: What is offered to ask for, in windows.
WINDOWS: Final = (1, 3, 10)


def meter(purpose: str, *, cut: bool) -> None:
    """Show what is left where little is; `cut`: something was left out just now, so the lowest is shown in any case."""
    with attempt():
        read = api().budget(purpose)
        shown = [one for one in read if one.matters]
        if not shown and cut:
            shown = sorted(read, key=_left)[:1]
        if not shown:
            return
        asked = {one.dataset: one for one in reversed(api().step_ups()) if one.purpose == purpose}
        for one in shown:
            _row(one, asked.get(one.dataset), purpose)


def _left(one: Meter) -> float:
    return one.characters_left / max(one.window_characters, 1)


def _row(one: Meter, asked: StepUp | None, purpose: str) -> None:
    with st.container(border=True, key=f"meter-{one.dataset}"):
        st.html(heading_html(one.title, 4))
        left = say("meter.left", left=figure(one.characters_left), of=figure(one.window_characters))
        st.progress(min(max(_left(one), 0.0), 1.0), text=left)
        st.caption(say("meter.refills", at=when(one.refills_at)) if one.refills_at else say("meter.never"))
        if asked and asked.granted is None:
            st.badge(say("meter.asked", count=figure(asked.characters)), icon=":material/hourglass_top:", color="blue")
            return
        if asked and asked.granted is False and asked.decided_at:
            st.caption(say("meter.refused", at=when(asked.decided_at)))
        if st.button(say("meter.more"), key=f"more.{one.dataset}", icon=":material/add_circle:"):
            _ask(one, purpose)


def _ask(one: Meter, purpose: str) -> None:
    @st.dialog(say("more.title"))
    def dialog() -> None:
        st.html(heading_html(one.title, 4))
        st.markdown(say("more.what"))
        characters = st.pills(
            say("more.characters"),
            [one.window_characters * many for many in WINDOWS],
            default=one.window_characters,
            format_func=figure,
            required=True,
            key=f"more.{one.dataset}.characters",
        )
        reason = st.text_area(
            say("more.reason"), max_chars=REASON_MAX_CHARACTERS, key=f"kept.more.{one.dataset}"
        ).strip()
        ready = len(reason) >= REASON_MIN_CHARACTERS
        if st.button(say("more.do"), type="primary", disabled=not ready, icon=":material/send:"):
            with attempt():
                api().ask_for_more(one.dataset, purpose, int(characters or one.window_characters), reason)
                st.toast(label(say("more.done")))
                st.rerun()

    dialog()
