"""A fact of the ledger in one line; opened, its detail and the decision behind it."""

import json

import streamlit as st

from ui.components.decision import decision
from ui.language import say, when, word
from ui.plain import label
from ui.shapes.keeping import AuditEvent


def event_row(event: AuditEvent) -> None:
    """Show one event."""
    who = event.actor.name or word("actor", event.actor.kind)
    if event.agent:
        who = say("audit.by-agent", person=who, agent=event.agent)
    titles = ", ".join(one.title for one in event.datasets)
    parts = [when(event.at), who, word("event", event.type), titles]
    with st.expander(" · ".join(label(one, 120) for one in parts if one)):
        if event.decision:
            decision(event.decision)
        else:
            st.caption(say("audit.no-decision"))
        if event.detail:
            st.code(
                json.dumps(event.detail, indent=1, ensure_ascii=False, sort_keys=True), language=None, wrap_lines=True
            )
        st.caption(say("audit.number", number=event.id))
