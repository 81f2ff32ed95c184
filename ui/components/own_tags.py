"""A document's own tags: asked for where they may only be stricter than the dataset's, and shown in one line."""

from typing import Any, Final

import streamlit as st

from ui.language import say, word
from ui.plain import label
from ui.screens.tags import CLASSIFICATIONS, codes
from ui.shapes.holding import Dataset, OwnTags

PLACES: Final = ("store_in", "process_in", "access_from", "forbidden_legal_control")


def ask_own_tags(card: Dataset, now: OwnTags | None, at: str) -> dict[str, Any]:
    """Return what is declared; a field that is left as it is says nothing, and the dataset's tag holds."""
    st.caption(say("own.what"))
    least = CLASSIFICATIONS.index(card.classification) if card.classification in CLASSIFICATIONS else 0
    level = st.pills(
        say("tags.classification"),
        CLASSIFICATIONS[least + 1 :],
        default=now.classification if now and now.classification in CLASSIFICATIONS[least + 1 :] else None,
        format_func=lambda one: label(word("classification", one)),
        key=f"{at}.classification",
    )
    found: dict[str, Any] = {"classification": level}
    for key in PLACES:
        found[key] = codes(key, list(getattr(now, key) or ()) if now else [], at)
    return {key: value for key, value in found.items() if value}


def said_own_tags(own: OwnTags) -> str:
    """Return `secret · may be reached from: DE`."""
    told = [word("classification", own.classification)] if own.classification else []
    told += [f"{say(f'tags.{key}')}: {', '.join(getattr(own, key))}" for key in PLACES if getattr(own, key)]
    return " · ".join(told)
