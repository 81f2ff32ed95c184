"""Home: what needs this person today, with one button each; for those who ask, the question box first."""

import streamlit as st

from ui.components.notice import attempt, empty, go
from ui.components.purpose import choose_purpose
from ui.components.step_up import step_up
from ui.language import count, figure, say, when, word
from ui.login import api, me
from ui.navigation import ICONS, screens_for
from ui.plain import heading_html, label
from ui.shapes.reading import Me

MOST = 5


def show() -> None:
    """Show what this person's roles have to do."""
    person = me()
    st.title(say("home.title", name=label(person.name.split(" ")[0])), anchor=False)
    names = screens_for(person.roles)
    if "ask" in names:
        _question(person)
    if not set(names) - {"home"}:
        st.info(say("home.no-role"), icon=":material/info:")
    for name, part in (
        ("ingestion", _to_decide),
        ("ingestion", _waiting),
        ("ask", _asked),
        ("alerts", _alerts),
        ("residency", _board),
        ("system", _parts),
    ):
        if name in names:
            with attempt():
                part()
    if names == ["home", "datasets"]:
        empty("home.reviews", action="home.to-datasets", to="datasets")


def _question(person: Me) -> None:
    if not person.purposes:
        empty("home.no-grant", action="home.to-datasets", to="datasets")
    choose_purpose(person)
    with st.container():  # inside a container it stands here, not at the bottom of the page
        asked = st.chat_input(say("ask.placeholder"), key="home.question")
    if asked:
        st.session_state["kept.conversation"] = None
        st.session_state["ask.pending"] = asked
        go("ask")


def _asked() -> None:
    items, _ = api().questions()
    if not items:
        return
    st.subheader(say("home.recent"), anchor=False)
    for one in items[:MOST]:
        with st.container(border=True):
            st.text(one.question)
            outcome = say("ask.answered") if one.outcome == "answered" else say("ask.refused")
            st.caption(f"{when(one.asked_at)} · {label(word('purpose', one.purpose))} · {outcome}")
            if st.button(say("home.open"), key=f"home.{one.id}"):
                st.session_state["ask.open-conversation"] = one.conversation_id
                go("ask")


def _to_decide() -> None:
    waiting = api().step_ups_to_decide()
    if waiting:
        st.subheader(say("step-up.title"), anchor=False)
    for one in waiting:
        step_up(one)


def _alerts() -> None:
    waiting = sum(one.acknowledged_at is None for one in api().alerts())
    if not waiting:
        return
    st.subheader(say("nav.alerts"), anchor=False)
    with st.container(border=True):
        st.badge(count("home.alerts", waiting), icon=":material/notifications:", color="orange")
        if st.button(say("home.to-alerts"), icon=ICONS["alerts"]):
            go("alerts")


def _waiting() -> None:
    st.subheader(say("home.steward"), anchor=False)
    mine = [one for one in api().datasets() if one.may_manage]
    if not mine:
        empty("ingestion.no-dataset", action="home.to-ingestion", to="ingestion")
        return
    for dataset in mine:
        files = api().documents(dataset.slug)
        waiting = sum(one.state in {"quarantined", "held"} for one in files)
        refused = sum(one.state == "refused" for one in files)
        with st.container(border=True):
            st.html(heading_html(dataset.title, 4))
            st.caption(f"{count('home.waiting', waiting)} · {count('progress.refused', refused)}")
            unseen = _unseen(dataset.slug)
            with st.container(horizontal=True):
                if st.button(say("home.to-ingestion"), key=f"home.ingest.{dataset.slug}", icon=ICONS["ingestion"]):
                    go("ingestion", dataset=dataset.slug)
                look = say("home.to-public")
                if unseen and st.button(look, key=f"home.public.{dataset.slug}", icon=":material/visibility:"):
                    go("ingestion", dataset=dataset.slug, tab="public")


def _unseen(slug: str) -> bool:
    """Say where nobody has looked at what is public of a dataset, as it is now."""
    review = api().public_metadata(slug).review
    if review and review.current:
        return False
    st.caption(say("home.public-stale" if review else "home.public-none"))
    return True


def _board() -> None:
    board = api().residency()
    refused = sum(row.refused_this_month for row in board.datasets)
    st.subheader(say("nav.residency"), anchor=False)
    with st.container(border=True):
        st.text(f"{count('unit.dataset', len(board.datasets))} · {count('home.refused-month', refused)}")
        found = api().findings()
        if found:
            st.badge(count("misplaced.shown", len(found)), icon=":material/wrong_location:", color="orange")
        if st.button(say("home.to-residency"), icon=ICONS["residency"]):
            go("residency")


def _parts() -> None:
    told = api().system()
    ill = [part for part in told.parts if part.missing or part.state not in {"running", "up", "ok", "ready"}]
    st.subheader(say("nav.system"), anchor=False)
    with st.container(border=True):
        if ill:
            st.badge(count("home.ill", len(ill)), icon=":material/warning:", color="orange")
            st.text(", ".join(part.name for part in ill))
        else:
            st.badge(say("home.all-up", count=figure(len(told.parts))), icon=":material/check:", color="green")
        if st.button(say("home.to-system"), icon=ICONS["system"]):
            go("system")
