"""What is public of a dataset: the hub's own list with what stands there now, and its steward's word on it."""

from typing import Final

import streamlit as st

from ui.components.law import sentence
from ui.components.notice import attempt
from ui.language import figure, say, when, word
from ui.login import api
from ui.plain import facts_html, label
from ui.shapes.holding import Dataset, PublicEntry, PublicMetadata

AUDIENCES: Final = ("card", "grant", "steward")
#: Entries whose values are words of a vocabulary.
WORDS: Final = {
    "classification": "classification",
    "purposes": "purpose",
    "media_types": "type",
    "languages": "language",
}
NOTHING: Final = "-"


def public(card: Dataset) -> None:
    """Show it, and keep that its steward has looked at it."""
    with attempt():
        told = api().public_metadata(card.slug)
        _review(told)
        st.caption(say("public.about"))
        for audience in AUDIENCES:
            _group(audience, told, listed=card.listed)
        st.caption(say("public.mend"))
        current = told.review is not None and told.review.current
        if not current and st.button(say("public.do"), type="primary", icon=":material/check:"):
            api().review_public_metadata(card.slug, told.digest)
            st.toast(say("public.done"))
            st.rerun()


def _review(told: PublicMetadata) -> None:
    one = told.review
    if one is None:
        st.warning(say("public.none"), icon=":material/visibility:")
    elif one.current:
        st.success(say("public.current", who=label(one.by), at=when(one.at)), icon=":material/check_circle:")
    else:
        st.warning(say("public.stale", who=label(one.by), at=when(one.at)), icon=":material/visibility:")


def _group(audience: str, told: PublicMetadata, *, listed: bool) -> None:
    st.subheader(say(f"sees.{audience}"), anchor=False)
    if audience == "card":
        st.caption(say("sees.card.listed" if listed else "sees.card.unlisted"))
    else:
        st.caption(say(f"sees.{audience}.what"))
    shown = [one for one in told.items if one.sees == audience]
    st.html(facts_html((sentence("shown", one.name, one.what), _value(one)) for one in shown))


def _value(one: PublicEntry) -> str:
    """Return what stands there now as a person reads it; nothing for what each document has of its own."""
    match one.value:
        case None:
            return say("public.names") if one.name == "document_name" else ""
        case bool():
            return say("public.yes" if one.value else "public.no")
        case int():
            return figure(one.value)
        case str():
            return _word(one.name, one.value) or NOTHING
        case _:
            between = "\n" if one.name == "sample_questions" else ", "
            return between.join(_word(one.name, value) for value in one.value) or NOTHING


def _word(name: str, value: str) -> str:
    return word(WORDS[name], value) if name in WORDS else value
