"""The owner's ceiling: how much of a dataset can ever be read; more only by confirming the new figure."""

from typing import Final

import streamlit as st

from ui.components.notice import attempt
from ui.language import figure, percent, say
from ui.login import api
from ui.shapes.bounding import Reach
from ui.shapes.holding import Dataset

STEP: Final = 1


def ceiling(card: Dataset) -> None:
    """Show the real figures, and change the ceiling."""
    st.subheader(say("ceiling.title"), anchor=False)
    with attempt():
        told = api().reach(card.slug)
        if not told.characters:
            st.caption(say("ceiling.empty"))
            return
        _figures(told)
        _change(card, told)


def _figures(told: Reach) -> None:
    st.text(
        say(
            "ceiling.now",
            size=figure(told.characters),
            account=figure(told.account_ever),
            organisation=figure(told.organisation_ever),
            together=figure(told.together_ever),
            share=percent(told.together_ever / told.characters),
        )
    )
    st.progress(
        min(told.together_read / max(told.together_ever, 1), 1.0),
        text=say("ceiling.read", read=figure(told.together_read), of=figure(told.together_ever)),
    )
    if told.copied_closed:
        st.warning(say("ceiling.copied-closed", count=figure(told.copied_closed)), icon=":material/content_copy:")
    elif told.copied:
        st.caption(say("ceiling.copied", count=figure(told.copied)))


def _change(card: Dataset, told: Reach) -> None:
    now = round(told.ceiling_share * 100)
    wanted = st.slider(say("ceiling.share"), 1, 100, now, STEP, format="%d %%", key=f"ceiling.{card.slug}")
    if wanted == now:
        return
    share = wanted / 100
    then = told.characters * wanted // 100  # whole figures: it must be the very one the API confirms
    raised = share > told.ceiling_share
    sure = True
    if raised:
        st.warning(
            say("ceiling.raises", share=percent(share), then=figure(then), now=figure(told.together_ever)),
            icon=":material/lock_open:",
        )
        sure = st.checkbox(say("ceiling.confirm", then=figure(then)), key=f"sure.{card.slug}.{wanted}")
    else:
        st.info(say("ceiling.lowers", share=percent(share), then=figure(then)), icon=":material/lock:")
    if st.button(say("ceiling.do", share=percent(share)), type="primary", disabled=not sure, key=f"set.{card.slug}"):
        with attempt():
            api().set_ceiling(card.slug, share, then if raised else None)
            st.toast(say("ceiling.done"))
            st.rerun()
