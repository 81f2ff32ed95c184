"""Audit: why it is read, once a session; then the newest acts, filtered, each with its decision and reasons."""

from datetime import date, datetime, time, timedelta
from typing import Final

import streamlit as st

from ui.components.event_row import event_row
from ui.components.notice import empty
from ui.language import count, say, word, zone
from ui.login import api
from ui.plain import label
from ui.wording import SENTENCES

SPANS: Final = {"today": 1, "week": 7, "month": 31, "ever": 0}
PAGE: Final = 25
TRAIL: Final = "audit.trail"
#: Why this person reads, for as long as their session.
REASON: Final = "kept.audit.reason"
LEAST_REASON_CHARACTERS: Final = 10
MOST_REASON_CHARACTERS: Final = 300


def show() -> None:
    """Show a page of the ledger."""
    st.title(say("nav.audit"), anchor=False)
    reason = _reason()
    if reason is None:
        return
    filters = _filters()
    trail = _trail(repr(filters))
    with st.spinner(say("audit.reading")):
        events, further = api().audit({**filters, "reason": reason, "cursor": trail[-1], "limit": str(PAGE)})
    if not events:
        empty("audit.none")
    else:
        st.caption(count("audit.shown", len(events)))
    for event in events:
        event_row(event)
    with st.container(horizontal=True):
        if len(trail) > 1 and st.button(say("audit.newer"), icon=":material/arrow_back:"):
            trail.pop()
            st.rerun()
        if further and st.button(say("audit.older"), icon=":material/arrow_forward:", icon_position="right"):
            trail.append(further)
            st.rerun()


def _reason() -> str | None:
    """Return why they read; ask for it where it was not said in this session."""
    if known := st.session_state.get(REASON):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(say("audit.reason-is", reason=label(str(known), MOST_REASON_CHARACTERS)))
            if st.button(say("audit.reason-change"), key="audit.reason.change"):
                del st.session_state[REASON]
                st.rerun()
        return str(known)
    with st.form("audit.why"):
        said = st.text_input(say("audit.reason"), max_chars=MOST_REASON_CHARACTERS)
        st.caption(say("audit.reason-what"))
        sent = st.form_submit_button(say("audit.reason-go"))
    said = " ".join(said.split())
    if sent and len(said) >= LEAST_REASON_CHARACTERS:
        st.session_state[REASON] = said
        st.rerun()
    if sent:
        st.error(say("problem.reason-needed"), icon=":material/error:")
    return None


def _filters() -> dict[str, str | None]:
    """Pills above the list for what is asked most; names of people and datasets below."""
    span = st.pills(
        say("audit.since"),
        list(SPANS),
        default="week",
        format_func=lambda one: say(f"audit.{one}"),
        key="kept.audit.span",
        required=True,
    )
    kinds = sorted(key.removeprefix("event.") for key in SENTENCES if key.startswith("event."))
    left, middle, right = st.columns(3)
    kind = left.selectbox(
        say("audit.type"),
        kinds,
        index=None,
        format_func=lambda one: word("event", one),
        placeholder=say("audit.all"),
        key="kept.audit.type",
    )
    actor = middle.text_input(say("audit.actor"), key="kept.audit.actor", max_chars=100, placeholder="ada")
    dataset = right.text_input(say("audit.dataset"), key="kept.audit.dataset", max_chars=100)
    return {
        "type": kind,
        "actor": actor.strip() or None,
        "dataset": dataset.strip() or st.query_params.get("dataset"),
        "since": _since(SPANS[span or "week"]),
    }


def _since(days: int) -> str | None:
    """Return the midnight so many days ago, on the person's own clock."""
    if not days:
        return None
    today: date = datetime.now(zone()).date()
    return datetime.combine(today - timedelta(days=days - 1), time.min, tzinfo=zone()).isoformat()


def _trail(filters: str) -> list[str | None]:
    """Return the cursors walked so far; other filters begin anew."""
    known = st.session_state.get(TRAIL)
    if not known or known[0] != filters:
        begun: list[str | None] = [None]
        known = st.session_state[TRAIL] = (filters, begun)
    trail: list[str | None] = known[1]
    return trail
