"""Datasets: what exists, what it holds, whether you may ask it, and how to get lawful access."""

from typing import Final

import streamlit as st

from ui.components.badges import badge_row, places
from ui.components.dataset_card import access_line, dataset_card, holds
from ui.components.notice import empty, go
from ui.language import count, say, word
from ui.login import api
from ui.plain import label
from ui.shapes.holding import Dataset

CHOICES: Final = ("all", "mine", "other")


def show() -> None:
    """Show the cards, or the one that was opened."""
    slug = st.query_params.get("dataset")
    if slug:
        _details(slug)
        return
    st.title(say("nav.datasets"), anchor=False)
    cards = api().datasets()
    if not cards:
        empty("datasets.none")
        return
    shown = _chosen(cards)
    st.caption(count("unit.dataset", len(shown)))
    if not shown:
        empty("datasets.no-match")
    for start in range(0, len(shown), 2):
        for column, card in zip(st.columns(2), shown[start : start + 2], strict=False):
            with column:
                if dataset_card(card):
                    st.query_params["dataset"] = card.slug
                    st.rerun()


def _chosen(cards: list[Dataset]) -> list[Dataset]:
    words = st.text_input(say("datasets.filter"), key="kept.datasets.words", max_chars=200).casefold().split()
    which = st.pills(
        say("datasets.which"),
        CHOICES,
        default="all",
        format_func=lambda one: say(f"datasets.{one}"),
        key="datasets.choice",
        required=True,
    )
    return [
        card
        for card in cards
        if all(one in f"{card.title} {card.description} {card.owner.name}".casefold() for one in words)
        and (which == "all" or card.access.granted == (which == "mine"))
    ]


def _details(slug: str) -> None:
    if st.button(say("datasets.back"), icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    card = api().dataset(slug)
    st.title(label(card.title), anchor=False)
    st.caption(f"{label(card.owner.name)} · {holds(card)}")
    badge_row(card.classification, process_in=card.process_in, store_in=card.store_in)
    access_line(card)
    if card.description:
        st.text(card.description)
    _rules(card)
    _samples(card)
    if not card.access.granted and st.button(say("datasets.request"), type="primary", icon=":material/key:"):
        _request(card)
    if card.may_manage and st.button(say("datasets.manage"), icon=":material/edit:"):
        go("ingestion", dataset=card.slug)


def _rules(card: Dataset) -> None:
    """Show the terms: what may be done, from where."""
    rows = {
        "datasets.purposes": ", ".join(word("purpose", one) for one in card.purposes),
        "datasets.access-from": ", ".join(card.access_from),
        "datasets.legal-control": ", ".join(card.forbidden_legal_control),
        "datasets.model-origins": ", ".join(card.forbidden_model_origins),
        "datasets.languages": ", ".join(word("language", one) for one in card.languages),
        "datasets.types": ", ".join(word("type", one) for one in card.media_types),
    }
    for key, value in rows.items():
        if value:
            left, right = st.columns([1, 3])
            left.caption(say(key))
            right.text(value)


def _samples(card: Dataset) -> None:
    if not card.sample_questions:
        return
    st.subheader(say("datasets.samples"), anchor=False)
    for place, question in enumerate(card.sample_questions):
        if not card.access.granted:
            st.text(f"· {question}")
        elif st.button(label(question), key=f"sample.{place}", icon=":material/forum:", type="tertiary"):
            st.session_state["kept.conversation"] = None
            st.session_state["ask.pending"] = question
            go("ask")


def _request(card: Dataset) -> None:
    @st.dialog(say("request.title"))
    def dialog() -> None:
        st.markdown(say("request.what", title=label(card.title), owner=label(card.owner.name)))
        purposes = ", ".join(word("purpose", one) for one in card.purposes)
        st.markdown(say("request.offered", purposes=label(purposes) or "-", places=places(card.access_from) or "-"))
        st.code(say("request.letter", title=card.title, purposes=purposes or "…"), language=None, wrap_lines=True)
        st.caption(say("request.then"))

    dialog()
