"""The purpose: chosen once, shown wherever something is asked, and sent with every question."""

import streamlit as st

from ui.language import say, word
from ui.plain import label
from ui.shapes.reading import Me

KEY = "kept.purpose"
#: Someone who holds no grant may ask too: the refusal tells whom to ask for access.
USUAL = {"researcher": "research", "founder": "product-development", "steward": "public-service"}
ANY = ("research", "statistics", "public-service", "product-development")


def offer(person: Me) -> list[str]:
    """Return the purposes to choose from, the one a person of this role usually comes for first."""
    held = person.purposes or ANY
    usual = [USUAL[role] for role in person.roles if role in USUAL]
    return [one for one in dict.fromkeys((*usual, *ANY, *held)) if one in held]


def choose_purpose(person: Me) -> str:
    """Return the purpose in force; offer the others where there is a choice."""
    offered = offer(person)
    if st.session_state.get(KEY) not in offered:
        st.session_state[KEY] = offered[0]
    chosen = str(st.session_state[KEY])
    if len(offered) == 1:
        st.caption(say("purpose.only", purpose=label(word("purpose", chosen))))
        return chosen

    def picked() -> None:
        if st.session_state.get("purpose.choice"):
            st.session_state[KEY] = st.session_state["purpose.choice"]

    st.pills(
        say("purpose.choose"),
        offered,
        default=chosen,
        format_func=lambda one: label(word("purpose", one)),
        key="purpose.choice",
        on_change=picked,
        required=True,
    )
    return str(st.session_state[KEY])
