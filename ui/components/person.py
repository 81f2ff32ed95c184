"""A person: name, organisation, place, and what they are here."""

import html

import streamlit as st

from ui.language import say, word
from ui.shapes.reading import Me


def person_line(person: Me) -> None:
    """Show who is signed in."""
    roles = ", ".join(word("role", role) for role in person.roles) or say("role.none")
    st.html(
        '<div class="hub-person">'
        f"<strong>{html.escape(person.name)}</strong>"
        f"<span>{html.escape(person.organisation.name)} · {html.escape(person.jurisdiction)}</span>"
        f"<span>{html.escape(roles)} · {html.escape(word('classification', person.clearance))}</span>"
        "</div>"
    )
