"""What lies where it may not, as the last scan found it; each with the rule that forbids it."""

from collections.abc import Sequence

import streamlit as st

from ui.components.law import sentence
from ui.components.notice import empty
from ui.language import count, say, when, word
from ui.shapes.keeping import Finding


def misplaced(found: Sequence[Finding], dataset: str | None) -> None:
    """Show what lies out of place of one dataset, or of all."""
    st.caption(say("misplaced.what"))
    shown = [one for one in found if dataset is None or dataset in {named.slug for named in one.datasets}]
    if not shown:
        empty("misplaced.none")
        return
    st.warning(f"{count('misplaced.shown', len(shown))} {say('misplaced.next')}", icon=":material/wrong_location:")
    st.dataframe([_row(one) for one in shown], hide_index=True, alt=say("desk.misplaced"))


def _row(one: Finding) -> dict[str, str | int]:
    return {
        say("misplaced.kind"): word("kind", one.kind),
        say("misplaced.held"): one.held,
        say("residency.dataset"): ", ".join(named.title for named in one.datasets) or "-",
        say("refused.place"): one.place,
        say("refused.reason"): sentence("rule", one.rule, one.reason),
        say("misplaced.since"): when(one.found_at),
        say("misplaced.seen"): when(one.seen_at),
        say("misplaced.object"): one.object,
        say("refused.rule"): one.rule,
    }
