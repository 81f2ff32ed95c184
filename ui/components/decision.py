"""A decision: permitted or refused for each dataset, by which rules, and why, in the rules' own sentences."""

import streamlit as st

from ui.language import say, word
from ui.plain import label
from ui.shapes.keeping import Decision


def decision(told: Decision) -> None:
    """Show what was decided before an act."""
    facts = [word("purpose", told.purpose)] if told.purpose else []
    if told.policy_version:
        facts.append(say("decision.policy", version=told.policy_version[:12]))
    st.caption(" · ".join(label(one) for one in facts))
    for ruling in told.rulings:
        words = "decision.permitted" if ruling.permitted else "decision.refused"
        with st.container(border=True):
            st.badge(
                say(words),
                icon=":material/check:" if ruling.permitted else ":material/block:",
                color="green" if ruling.permitted else "red",
            )
            st.text(", ".join(one.title for one in ruling.datasets))
            for reason in ruling.reasons:
                st.text(f"· {reason}")
            st.caption(", ".join(label(rule) for rule in ruling.rules))
