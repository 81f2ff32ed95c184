"""A passage as it stands in its document: where from, which version, which label, its words with the quote marked."""

import base64

import streamlit as st

from ui.components.badges import badge_row
from ui.components.notice import attempt
from ui.language import count, day, say, zone
from ui.login import api
from ui.plain import flowing, folded_html, heading_html, label, marked_html
from ui.shapes.reading import Passage

PDF = "application/pdf"


def passage_card(passage: Passage, *, purpose: str, key: str, quote: str = "", beside: bool = False) -> None:
    """Show a passage; a page picture only by a button that says what it costs."""
    st.html(heading_html(passage.document.name, 4))
    st.caption(where(passage))
    badge_row(passage.classification, process_in=passage.process_in)
    if not passage.shown:
        st.caption(say("passage.not-shown"))
        return
    body = flowing(passage.body) if passage.document.media_type == PDF else passage.body
    if beside:
        st.html(folded_html(body, quote, say("passage.earlier"), say("passage.later")))
    else:
        st.html(marked_html(body, quote))
    if passage.charged:
        st.caption(count("passage.charged", passage.charged))
    if passage.document.media_type == PDF and passage.first_page is not None:
        _page(passage, range(passage.first_page, (passage.last_page or passage.first_page) + 1), purpose, key, quote)


def where(passage: Passage) -> str:
    """Return dataset, heading path, page, version and date in one line."""
    parts = [label(passage.dataset.title)]
    if passage.heading:
        parts.append(label(passage.heading))
    if passage.first_page is not None:
        last = passage.last_page or passage.first_page
        several = last != passage.first_page
        parts.append(
            say("passage.pages", first=passage.first_page, last=last)
            if several
            else say("passage.page", page=passage.first_page)
        )
    published = passage.document.published_at.astimezone(zone()).date()
    parts.append(say("passage.version", version=passage.document.version, date=day(published)))
    return " · ".join(parts)


def _page(passage: Passage, pages: range, purpose: str, key: str, quote: str) -> None:
    """Offer the page the passage stands on, or one of those it runs over."""
    number = pages[0]
    if len(pages) > 1:
        number = st.segmented_control(
            say("passage.which-page"), pages, default=number, key=f"{key}.number", required=True
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button(say("passage.show-page"), key=f"{key}.page", icon=":material/picture_as_pdf:")
        st.caption(say("passage.page-costs"), width=320)
    if wanted:
        with attempt(), st.spinner(say("passage.fetching-page")):
            picture = api().page(passage.id, purpose, number, quote)
            # As a data address: Streamlit would otherwise lay it out under an address anyone could open.
            data = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
            st.image(data, alt=say("passage.picture-of", page=number), width="stretch")
