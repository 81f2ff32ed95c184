"""The badge row: classification, where it may be processed, terms; each a word, a colour and an icon."""

from collections.abc import Sequence
from typing import Final, Literal

import streamlit as st

from ui.language import say, word
from ui.plain import label

Colour = Literal["red", "orange", "blue", "green", "gray"]

#: Fixed, and told apart by word and icon where colours aren't.
CLASSIFICATIONS: Final[dict[str, tuple[Colour, str]]] = {
    "public": ("green", ":material/public:"),
    "internal": ("blue", ":material/domain:"),
    "restricted": ("orange", ":material/shield:"),
    "secret": ("red", ":material/lock:"),
}
MOST_PLACES: Final = 6


def badge_row(
    classification: str, *, process_in: Sequence[str] = (), store_in: Sequence[str] = (), extra: Sequence[str] = ()
) -> None:
    """Show what a person must know before they use something."""
    with st.container(horizontal=True, gap="xsmall"):
        colour, icon = CLASSIFICATIONS.get(classification, ("gray", ":material/help:"))
        st.badge(label(word("classification", classification)), icon=icon, color=colour)
        if store_in:
            st.badge(say("badge.stored", places=places(store_in)), icon=":material/database:", color="gray")
        if process_in:
            st.badge(say("badge.processed", places=places(process_in)), icon=":material/memory:", color="gray")
        for one in extra:
            st.badge(label(one), color="gray")


def places(codes: Sequence[str]) -> str:
    """Name places by their codes, the rest by a number."""
    named = ", ".join(codes[:MOST_PLACES])
    rest = len(codes) - MOST_PLACES
    return label(f"{named} +{rest}" if rest > 0 else named)
