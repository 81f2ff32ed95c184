"""What is asked at the residency desk of one dataset, or of the whole site: previews, explanations, the report."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from ui.components.law import effect, effects, explanation
from ui.components.notice import attempt
from ui.components.period import Period, choose_period
from ui.language import language, say, word
from ui.login import api
from ui.plain import label
from ui.problems import ApiError
from ui.screens.tags import PLACES, PURPOSES
from ui.shapes.holding import Document
from ui.shapes.keeping import Board, BoardRow
from ui.shapes.law import Explanation

TAGS: Final = ("store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins")
FORMATS: Final = {"html": "text/html", "csv": "text/csv", "json": "application/json"}


def preview(board: Board, row: BoardRow | None) -> None:
    """Say what would break if a dataset were tagged otherwise, or a part stood elsewhere."""
    st.caption(say("preview.nothing-made"))
    of = st.segmented_control(
        say("preview.of"),
        ("tags", "place"),
        default="tags",
        format_func=lambda one: say(f"preview.{one}"),
        key="kept.preview.of",
        required=True,
    )
    if of == "place":
        _part(board)
    elif row is None:
        st.info(say("desk.choose-first"), icon=":material/info:")
    else:
        _tags(row)


def _tags(row: BoardRow) -> None:
    wanted = {tag: _codes(say(f"tags.{tag}"), getattr(row, tag), f"preview.{row.slug}.{tag}") for tag in TAGS}
    changed = {tag: codes for tag, codes in wanted.items() if codes != list(getattr(row, tag))}
    if not changed:
        st.caption(say("preview.same"))
        return
    with attempt():
        for one in api().preview({"dataset": row.slug, "tags": changed}):
            effect(one)


def _part(board: Board) -> None:
    parts = {one.name: one for one in board.places}
    name = st.selectbox(
        say("preview.which-part"),
        list(parts),
        format_func=lambda one: f"{one} ({word('place', parts[one].kind)}, {parts[one].jurisdiction})",
        key="kept.preview.part",
    )
    if name not in parts:
        return
    now = parts[name]
    where = st.selectbox(
        say("preview.where"),
        list(dict.fromkeys([now.jurisdiction, *PLACES])),
        accept_new_options=True,
        key=f"preview.{name}.where",
    )
    law = _codes(say("preview.under"), now.legal_control, f"preview.{name}.law")
    to = (where or now.jurisdiction).upper()
    if to == now.jurisdiction and law == list(now.legal_control):
        st.caption(say("preview.same-place"))
        return
    with attempt():
        effects(api().preview({"part": {"name": name, "jurisdiction": to, "legal_control": law}}))


def _codes(title: str, now: tuple[str, ...], key: str) -> list[str]:
    options = list(dict.fromkeys([*now, *PLACES]))
    chosen = st.multiselect(
        title, options, default=list(now), accept_new_options=True, key=key, placeholder=say("tags.placeholder")
    )
    return [one.upper() for one in chosen]


def why(slug: str | None, title: str, *, own: bool) -> None:
    """Explain one decision: for an owner of somebody whom their grants name, else of anybody."""
    st.caption(say("why.what-own" if own else "why.what"))
    if slug is None:
        st.info(say("desk.choose-first"), icon=":material/info:")
        return
    with st.form(f"why.{slug}", border=False):
        left, right = st.columns(2)
        person = left.text_input(say("why.person"), max_chars=120, key="kept.why.person").strip().lower()
        purpose = right.selectbox(
            say("why.purpose"), PURPOSES, format_func=lambda one: word("purpose", one), key="kept.why.purpose"
        )
        document = _which_document(slug) if own else None
        asked = st.form_submit_button(say("why.do"), type="primary", icon=":material/help:")
    if asked and person:
        with attempt():
            if own:
                asking = partial(api().own_explanation, slug, person, purpose, document.id if document else None)
            else:
                asking = partial(api().explanation, slug, person, purpose)
            _explained(asking, document.name if document else title, person)


def _which_document(slug: str) -> Document | None:
    """Choose the dataset itself, or a document of which something else holds than of the dataset."""
    apart = {one.id: one for one in api().documents(slug) if one.tags or one.state != "published"}
    if not apart:
        return None
    chosen = st.selectbox(
        say("why.document"),
        ["", *apart],
        format_func=lambda one: apart[one].name if one else say("why.whole"),
        help=say("why.which"),
        key=f"why.{slug}.document",
    )
    return apart.get(chosen)


def _explained(asking: Callable[[], Explanation], what: str, person: str) -> None:
    try:
        told = asking()
    except ApiError as error:
        if error.slug not in {"absent", "invalid"}:
            raise
        st.info(say("why.absent"), icon=":material/info:")
        return
    explanation(told, person, what)


def report() -> None:
    """Offer the report of a period in each of its formats; it is made when it is taken."""
    st.caption(say("report.what"))
    period = choose_period("report", ("last-month", "this-month", "custom"), "last-month")
    if period is None:
        return
    with st.container(horizontal=True):
        for name, mime in FORMATS.items():
            st.download_button(
                label(say(f"report.{name}")),
                partial(_file, api(), {**period.asked, "format": name, "language": language()}),
                file_name=_named(period, name),
                mime=mime,
                icon=":material/download:",
                type="primary" if name == "html" else "secondary",
                on_click="ignore",
                key=f"report.{name}",
            )


def _file(client: Any, asked: dict[str, str | None]) -> bytes:  # noqa: ANN401  # the API as this person sees it
    told: bytes = client.report(asked)
    return told


def _named(period: Period, name: str) -> str:
    return f"residency-{period.since}-{period.until}.{name}"
