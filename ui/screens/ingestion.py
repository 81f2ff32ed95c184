"""Ingestion: bring files into a dataset, watch them, withdraw them; create a dataset and keep its card."""

from typing import Final

import streamlit as st

from ui.components.notice import empty
from ui.components.own_tags import said_own_tags
from ui.components.upload import bring_in
from ui.language import count, reason, say, when, word
from ui.login import api
from ui.plain import label
from ui.screens import deciding, desk
from ui.screens.public import public
from ui.screens.reach import ceiling
from ui.screens.tags import create, edit
from ui.shapes.holding import Dataset, Document

TABS: Final = ("bring", "documents", "card", "public", "why")
MOST: Final = 50


def show() -> None:
    """Choose a dataset, then work on it."""
    st.title(say("nav.ingestion"), anchor=False)
    mine = {card.slug: card for card in api().datasets() if card.may_manage}
    wanted = st.query_params.get("dataset")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if mine:
            slugs = list(mine)
            chosen = st.selectbox(
                say("ingestion.dataset"),
                slugs,
                index=slugs.index(wanted) if wanted in slugs else 0,
                format_func=lambda slug: mine[slug].title,
            )
        if st.button(say("ingestion.create"), icon=":material/add:"):
            create()
    if not mine:
        empty("ingestion.no-dataset")
        return
    card = mine[chosen]
    opened = st.query_params.get("tab")
    tab = st.segmented_control(
        say("ingestion.what"),
        TABS,
        default=opened if opened in TABS else "bring",
        format_func=lambda one: say(f"ingestion.{one}"),
        key="ingestion.tab",
        required=True,
        label_visibility="collapsed",
    )
    match tab:
        case "documents":
            _documents(card)
        case "card":
            edit(card)
            ceiling(card)
        case "public":
            public(card)
        case "why":
            desk.why(card.slug, card.title, own=True)
        case _:
            bring_in(card)


def _documents(card: Dataset) -> None:
    files = api().documents(card.slug)
    if not files:
        empty("ingestion.no-documents")
        return
    states = sorted({one.state for one in files})
    chosen = st.pills(
        say("ingestion.state"),
        states,
        selection_mode="multi",
        format_func=lambda one: label(f"{word('state', one)} ({sum(f.state == one for f in files)})"),
        key="kept.ingestion.states",
    )
    shown = [one for one in files if not chosen or one.state in chosen]
    _refused(files)
    for one in shown[:MOST]:
        _document(card, one)
    if len(shown) > MOST:
        st.caption(count("ingestion.more", len(shown) - MOST))


def _refused(files: list[Document]) -> None:
    """Say in one line how many were refused and why, the most frequent reason first."""
    reasons = [one.reason for one in files if one.state == "refused"]
    if reasons:
        st.caption(say("ingestion.refused-of", refused=len(reasons), files=len(files), why=why(reasons)))


def why(reasons: list[str | None]) -> str:
    """Return `9 encrypted, 3 not what the name says`."""
    kinds: dict[str, int] = {}
    for one in reasons:
        kind = (one or "failed").partition(":")[0].strip()
        kinds[kind] = kinds.get(kind, 0) + 1
    told = ", ".join(
        f"{number} {word('reason', kind)}" for kind, number in sorted(kinds.items(), key=lambda one: -one[1])
    )
    return label(told, 400)


def _document(card: Dataset, one: Document) -> None:
    with st.container(border=True):
        left, right = st.columns([4, 1], vertical_alignment="center")
        with left:
            st.text(one.name)
            facts = [word("state", one.state), when(one.submitted_at)]
            if one.pages:
                facts.append(count("unit.page", one.pages))
            if one.version:
                facts.append(say("ingestion.version", version=one.version))
            st.caption(" · ".join(label(fact) for fact in facts))
            if one.reason:
                st.text(f"· {reason(one.reason)}")
            if one.tags:
                st.caption(label(say("own.has", tags=said_own_tags(one.tags)), 400))
            if one.out_of_place:
                st.caption(say("ingestion.out-of-place"))
        with right:
            _acts(card, one)


def _acts(card: Dataset, one: Document) -> None:
    """Offer what its steward may do with it now."""
    if one.state == "held":
        if st.button(say("ingestion.release"), key=f"release.{one.id}"):
            deciding.release(card, one)
        if st.button(say("ingestion.refuse"), key=f"refuse.{one.id}"):
            deciding.refuse(one)
    if one.state == "published" and st.button(say("ingestion.withdraw"), key=f"withdraw.{one.id}"):
        deciding.withdraw(one)
    if one.state in {"published", "quarantined"} and st.button(say("ingestion.tag"), key=f"tag.{one.id}"):
        deciding.tag(card, one)
