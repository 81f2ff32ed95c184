"""Alerts: what the second line noticed, with its evidence; an admin says what it was."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from ui.components.notice import attempt, empty, go
from ui.language import count, figure, say, when, word
from ui.login import api, me
from ui.navigation import ICONS
from ui.plain import heading_html, label
from ui.shapes.bounding import Alert

CHOICES: Final = ("open", "all")
#: So long a note the API takes.
NOTE_MIN_CHARACTERS: Final = 3
NOTE_MAX_CHARACTERS: Final = 500


def show() -> None:
    """Show what nobody has looked at yet, or everything."""
    st.title(say("nav.alerts"), anchor=False)
    st.markdown(say("alerts.what"))
    found = api().alerts()
    if not found:
        empty("alerts.none")
        return
    which = st.pills(
        say("alerts.which"), CHOICES, default="open", format_func=_named(found), key="alerts.choice", required=True
    )
    shown = [one for one in found if which == "all" or one.acknowledged_at is None]
    if not shown:
        empty("alerts.none-open")
    for one in shown:
        _alert(one, may="admin" in me().roles)


def _named(found: Sequence[Alert]) -> "Named":
    return Named(len(found), sum(one.acknowledged_at is None for one in found))


class Named:
    """A choice with its count."""

    def __init__(self, every: int, waiting: int) -> None:
        self._counts = {"all": every, "open": waiting}

    def __call__(self, choice: str) -> str:
        """Return the choice's words."""
        return f"{say('alerts.open' if choice == 'open' else 'alerts.all')} ({figure(self._counts[choice])})"


def _alert(one: Alert, *, may: bool) -> None:
    with st.container(border=True, key=f"alert-{one.id}"):
        st.html(heading_html(f"{word('alert', one.kind)}: {one.person}", 4))
        st.caption(f"{label(one.dataset)} · {when(one.raised_at)}")
        st.text(evidence(one))
        if one.acknowledged_at:
            st.badge(
                label(say("alerts.acknowledged", who=one.acknowledged_by or "-", at=when(one.acknowledged_at))),
                icon=":material/check:",
                color="green",
            )
            st.text(one.note or "")
        elif may:
            _acknowledge(one)
        if st.button(say("alerts.acts"), key=f"acts.{one.id}", icon=ICONS["audit"], type="tertiary"):
            go("audit", dataset=one.dataset)


def evidence(one: Alert) -> str:
    """Return what stands behind an alert, in figures."""
    told = one.evidence
    match one.kind:
        case "bait":
            baits = count("unit.document", len(told.get("documents", ())))
            return say("alerts.bait", baits=baits, passages=count("unit.passage", int(told.get("passages", 0))))
        case "novelty":
            return say(
                "alerts.novelty",
                new=figure(int(told.get("new", 0))),
                passages=count("unit.passage", int(told.get("passages", 0))),
                characters=figure(int(told.get("characters", 0))),
            )
        case _:
            return say("alerts.other")


def _acknowledge(one: Alert) -> None:
    note = st.text_input(
        say("alerts.note"), key=f"kept.alert.{one.id}", max_chars=NOTE_MAX_CHARACTERS, placeholder=say("alerts.example")
    ).strip()
    ready = len(note) >= NOTE_MIN_CHARACTERS
    if st.button(say("alerts.do"), key=f"ack.{one.id}", disabled=not ready, icon=":material/done_all:"):
        with attempt():
            api().acknowledge(one.id, note)
            st.toast(say("alerts.done"))
            st.rerun()
