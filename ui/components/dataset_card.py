"""The card of a dataset: what it holds, who answers for it, what it may be used for, and whether you may."""

import streamlit as st

from ui.components.badges import badge_row
from ui.language import count, day, figure, say, word, zone
from ui.plain import heading_html, label, shortened
from ui.shapes.holding import Dataset


def dataset_card(dataset: Dataset) -> bool:
    """Show the card; say whether its details were asked for."""
    with st.container(border=True, height="stretch"):
        st.html(heading_html(dataset.title))
        st.caption(f"{label(dataset.owner.name)} · {holds(dataset)}")
        badge_row(dataset.classification, process_in=dataset.process_in)
        if dataset.description:
            st.text(shortened(dataset.description, 220))
        access_line(dataset)
        return st.button(say("datasets.details"), key=f"details.{dataset.slug}", icon=":material/arrow_forward:")


def holds(dataset: Dataset) -> str:
    """Return how much is in it."""
    parts = [count("unit.document", dataset.documents)]
    if dataset.pages:
        parts.append(count("unit.page", dataset.pages))
    return ", ".join(parts)


def access_line(dataset: Dataset) -> None:
    """Say whether this person may ask it, for what, and until when."""
    access = dataset.access
    if not access.granted:
        st.badge(say("datasets.no-access"), icon=":material/key:", color="gray")
        return
    purposes = ", ".join(word("purpose", one) for one in access.purposes)
    st.badge(label(say("datasets.access", purposes=purposes)), icon=":material/check:", color="green")
    facts = []
    if access.ends_at:
        facts.append(say("datasets.until", date=day(access.ends_at.astimezone(zone()).date())))
    if access.characters_left is not None:
        facts.append(say("datasets.left", count=figure(access.characters_left)))
    if facts:
        st.caption(" · ".join(facts))
