"""Residency: every dataset against every place, and below what is asked at this desk of one of them."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from ui.components.badges import badge_row, places
from ui.components.law import sentence
from ui.components.misplaced import misplaced
from ui.components.notice import attempt, empty, go
from ui.components.refused import refused
from ui.language import count, say, word
from ui.login import api
from ui.navigation import ICONS
from ui.plain import heading_html, label
from ui.screens import desk
from ui.shapes.keeping import Board, BoardRow, PeopleCell, PlaceCell

YES: Final = "✓"
NO: Final = "✕"
CHOSEN: Final = "kept.residency.dataset"
TABLE: Final = "residency.table"
PARTS: Final = ("refused", "misplaced", "preview", "why", "report", "places")


def show() -> None:
    """Show the board; below it, the dataset that was chosen, and the part of the desk that is worked at."""
    st.title(say("nav.residency"), anchor=False)
    with st.spinner(say("residency.reading")):
        board = api().residency()
    if not board.datasets:
        empty("residency.none")
        return
    st.caption(say("residency.how"))
    rows = {row.slug: row for row in board.datasets}
    _table(board)
    chosen = st.selectbox(
        say("residency.choose"),
        list(rows),
        index=None,
        format_func=lambda slug: rows[slug].title,
        placeholder=say("residency.which"),
        key=CHOSEN,
    )
    row = rows.get(chosen or "")
    if row:
        _row(row)
    _desk(board, row)


def _desk(board: Board, row: BoardRow | None) -> None:
    part = st.segmented_control(
        say("desk.part"),
        PARTS,
        default="refused",
        format_func=lambda one: say(f"desk.{one}"),
        key="kept.residency.part",
        required=True,
        label_visibility="collapsed",
    )
    match part:
        case "misplaced":
            with attempt():
                misplaced(api().findings(), row.slug if row else None)
        case "preview":
            desk.preview(board, row)
        case "why":
            desk.why(row.slug if row else None, row.title if row else "", own=False)
        case "report":
            desk.report()
        case "places":
            _places(board)
        case _:
            refused(row.slug if row else None)


def _table(board: Board) -> None:
    """One row a dataset, in words that need no colour."""
    st.dataframe(
        [
            {
                say("residency.dataset"): row.title,
                say("residency.classification"): word("classification", row.classification),
                say("residency.stored"): _cells(row.cells.stored),
                say("residency.processed"): _cells(row.cells.processed),
                say("residency.accessed"): _people(row.cells.accessed),
                say("residency.refused"): row.refused_this_month,
            }
            for row in board.datasets
        ],
        hide_index=True,
        alt=say("residency.alt"),
        key=TABLE,
        on_select=lambda: _picked(board),
        selection_mode="single-row",
    )


def _picked(board: Board) -> None:
    """Choose the dataset whose row was clicked; a click on it again lets it go."""
    rows = st.session_state[TABLE]["selection"]["rows"]
    st.session_state[CHOSEN] = board.datasets[rows[0]].slug if rows else None


def _cells(cells: Iterable[PlaceCell]) -> str:
    return "  ".join(dict.fromkeys(f"{YES if cell.allowed else NO} {cell.jurisdiction}" for cell in cells)) or "-"


def _people(cells: Iterable[PeopleCell]) -> str:
    return "  ".join(f"{YES if cell.allowed else NO} {cell.jurisdiction}" for cell in cells) or "-"


def _row(row: BoardRow) -> None:
    with st.container(border=True):
        st.html(heading_html(row.title, 2))
        badge_row(row.classification, process_in=row.process_in, store_in=row.store_in)
        st.markdown(f"**{count('residency.refused-month', row.refused_this_month)}**")
        columns = st.columns(3)
        for column, key, cells in (
            (columns[0], "residency.stored", row.cells.stored),
            (columns[1], "residency.processed", row.cells.processed),
        ):
            with column:
                st.subheader(say(key), anchor=False)
                for cell in cells:
                    _verdict(cell.allowed, f"{cell.place} · {cell.jurisdiction}")
                    if cell.rules:
                        _rules(cell.rules)
        with columns[2]:
            st.subheader(say("residency.accessed"), anchor=False)
            st.caption(say("residency.from", places=places(row.access_from) or "-"))
            for person in row.cells.accessed:
                _verdict(person.allowed, f"{person.jurisdiction} · {count('unit.person', person.people)}")
                if person.rules:
                    _rules(person.rules)
                if person.refused_this_month:
                    st.caption(count("residency.refused-month", person.refused_this_month))
        if st.button(say("residency.acts"), icon=ICONS["audit"]):
            go("audit", dataset=row.slug)


def _rules(rules: Iterable[str]) -> None:
    for rule in rules:
        told = sentence("rule", rule, "")
        st.caption(f"{label(told)} {label(rule)}" if told else label(rule))


def _verdict(allowed: bool, text: str) -> None:  # noqa: FBT001  # the verdict itself
    word_ = say("residency.allowed") if allowed else say("residency.not-allowed")
    st.badge(
        f"{word_}: {label(text)}",
        icon=":material/check:" if allowed else ":material/block:",
        color="green" if allowed else "gray",
    )


def _places(board: Board) -> None:
    st.subheader(say("residency.places"), anchor=False)
    st.dataframe(
        [
            {
                say("residency.place"): place.name,
                say("residency.kind"): word("place", place.kind),
                say("residency.jurisdiction"): place.jurisdiction,
                say("residency.operator"): place.operator or "-",
                say("residency.legal-control"): ", ".join(place.legal_control) or "-",
            }
            for place in board.places
        ],
        hide_index=True,
        alt=say("residency.places"),
    )
