"""How far something is: a bar, what is done of how much, how fast, and how long it will take."""

from datetime import UTC, datetime

import streamlit as st

from ui.language import count, figure, say
from ui.shapes.holding import Submission


def progress_row(told: Submission, now: datetime | None = None) -> bool:
    """Show a submission's progress; say whether it is done."""
    done = told.files - told.waiting
    share = done / told.files if told.files else 0.0
    st.progress(min(max(share, 0.0), 1.0), text=say("progress.done", done=figure(done), files=figure(told.files)))
    parts = [count("progress.published", told.published), count("unit.page", told.pages)]
    if told.held:
        parts.append(count("progress.held", told.held))
    if told.refused:
        parts.append(count("progress.refused", told.refused))
    seconds = ((now or datetime.now(UTC)) - told.started_at).total_seconds()
    if done and told.waiting and seconds > 0:
        per_minute = done / seconds * 60
        parts.append(say("progress.rate", rate=figure(round(per_minute, 1))))
        parts.append(say("progress.eta", minutes=figure(max(1, round(told.waiting / per_minute)))))
    st.caption(" · ".join(parts))
    return told.files > 0 and told.waiting == 0
