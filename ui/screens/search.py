"""Search: find every passage on a topic, filter, skim, open."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from ui.components.meter import meter
from ui.components.notice import attempt, empty, refusal
from ui.components.passage_card import passage_card
from ui.components.purpose import choose_purpose
from ui.language import count, say, word
from ui.login import api, me
from ui.plain import label
from ui.shapes.reading import Facets, Found

if TYPE_CHECKING:
    from datetime import date

FOUND: Final = "search.found"
DATASETS: Final = "kept.search.datasets"
TYPES: Final = "kept.search.types"
MOST: Final = 20


def show() -> None:
    """Show the box, the filters, and what was found."""
    person = me()
    st.title(say("nav.search"), anchor=False)
    purpose = choose_purpose(person)
    query = st.text_input(
        say("search.label"), key="kept.search.query", max_chars=1000, placeholder=say("search.placeholder")
    ).strip()
    if not query:
        st.markdown(say("search.begin"))
        return
    filters = _filters()
    found = _search(query, purpose, filters)
    if found is None:
        return
    _facets(found.facets)
    if found.refusal:
        refusal(found.refusal, purpose, "search")
        if found.refusal.kind == "budget":  # under another refusal, what is left to read would only mislead
            meter(purpose, cut=True)
        return
    if not found.items:
        empty("search.nothing")
        return
    st.caption(count("search.found", len(found.items)))
    for place, passage in enumerate(found.items):
        with st.container(border=True):
            passage_card(passage, purpose=purpose, key=f"found.{place}")
    if found.left_out:
        st.caption(count("ask.left-out", found.left_out))
    meter(purpose, cut=found.left_out > 0)


def _filters() -> dict[str, Any]:
    with st.expander(say("search.dates"), icon=":material/calendar_month:"):
        left, right = st.columns(2)
        since: date | None = left.date_input(
            say("search.from"), value=None, key="kept.search.from", format="DD/MM/YYYY"
        )
        until: date | None = right.date_input(say("search.to"), value=None, key="kept.search.to", format="DD/MM/YYYY")
    return {
        "datasets": list(st.session_state.get(DATASETS) or []),
        "media_types": list(st.session_state.get(TYPES) or []),
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }


def _search(query: str, purpose: str, filters: Mapping[str, Any]) -> Found | None:
    """Search once for the same words: a run for another reason reads and charges nothing."""
    asked = (query, purpose, repr(sorted(filters.items())))
    known = st.session_state.get(FOUND)
    if not known or known[0] != asked:
        with attempt(), st.spinner(say("search.searching")):
            st.session_state[FOUND] = (asked, api().search(query, purpose, filters=filters, limit=MOST))
    told: tuple[Any, Found | None] = st.session_state.get(FOUND) or (None, None)
    return told[1] if told[0] == asked else None


def _facets(facets: Facets) -> None:
    """Offer what the results share; what is chosen stays offered though the result has changed."""
    titles: dict[str, str] = {one.slug: f"{one.title} ({one.count})" for one in facets.datasets if one.slug}
    types: dict[str, str] = {
        one.value: f"{word('type', one.value)} ({one.count})" for one in facets.media_types if one.value
    }
    for key, name, offered in ((DATASETS, "search.in-datasets", titles), (TYPES, "search.in-types", types)):
        chosen = [one for one in st.session_state.get(key) or [] if one not in offered]
        options = [*offered, *chosen]
        if len(options) > 1 or chosen:
            st.pills(
                say(name),
                options,
                selection_mode="multi",
                format_func=_names(offered),
                key=key,
            )


def _names(offered: Mapping[str, str]) -> Callable[[str], str]:
    return lambda one: label(offered.get(one, one), 60)
