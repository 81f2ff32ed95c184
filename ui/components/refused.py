"""What residency refused, newest first, narrowed by dataset, door and time; and as a file to take along."""

import csv
import io
from typing import Final

import streamlit as st

from ui.components.law import sentence
from ui.components.notice import empty
from ui.components.period import choose_period
from ui.language import count, say, when, word
from ui.login import api
from ui.shapes.keeping import Violation

DOORS: Final = ("object", "index", "model", "session", "site")
PERIODS: Final = ("this-month", "last-month", "ever", "custom")
MOST: Final = "200"


def refused(dataset: str | None) -> None:
    """Show the refusals of one dataset, or of all."""
    st.subheader(say("refused.title"), anchor=False)
    period = choose_period("refused", PERIODS, "this-month")
    if period is None:
        return
    door = st.pills(say("refused.door"), DOORS, format_func=lambda one: word("door", one), key="kept.refused.door")
    with st.spinner(say("refused.reading")):
        filters = {"dataset": dataset, "door": door, **period.asked, "limit": MOST}
        found, further = api().violations(filters)
    if not found:
        empty("refused.none")
        return
    st.caption(count("refused.shown", len(found)) + (f" {say('refused.more')}" if further else ""))
    st.dataframe([_row(one) for one in found], hide_index=True, alt=say("refused.title"))
    st.download_button(
        say("refused.take"), _csv(found), file_name="residency-refused.csv", mime="text/csv", icon=":material/download:"
    )


def _row(one: Violation) -> dict[str, str]:
    return {
        say("refused.at"): when(one.at),
        say("residency.dataset"): ", ".join(dataset.title for dataset in one.datasets),
        say("refused.door"): word("door", one.door),
        say("refused.place"): one.place,
        say("refused.tag"): say(f"tag.{one.tag}"),
        say("refused.who"): one.who,
        say("refused.rule"): one.rule,
        say("refused.reason"): sentence("rule", one.rule, one.reason),
    }


def _csv(found: list[Violation]) -> str:
    """Return the rows as a file; a cell that a spreadsheet would take for a formula is led by an apostrophe."""
    written = io.StringIO()
    rows = [_row(one) for one in found]
    sheet = csv.writer(written)
    sheet.writerow(rows[0])
    for row in rows:
        sheet.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" else cell for cell in row.values()])
    return written.getvalue()
