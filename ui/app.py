"""The script Streamlit runs for every person and every click: who is there, which screens, and what went wrong."""

import base64
from typing import Final

import streamlit as st

from ui import login
from ui.components.frame import frame, landing, leaving, style, way_out
from ui.components.notice import REFUSED, problem
from ui.language import say
from ui.navigation import ICONS, screens_for
from ui.problems import ApiError, SignedOutError
from ui.screens import alerts, ask, audit, datasets, home, ingestion, residency, search, system

#: Drawn here: an icon by name is fetched from outside by the browser.
ICON: Final = (
    "data:image/svg+xml;base64,"
    + base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#1f5f8b"/>'
        b'<path d="M7 9h8v15H9a2 2 0 0 1-2-2zm10 0h8v13a2 2 0 0 1-2 2h-6z" fill="#fff"/></svg>'
    ).decode()
)
#: Set by the guard when the issuer could not be reached.
PROBLEM: Final = "problem"
SHOW: Final = {
    "home": home.show,
    "ask": ask.show,
    "search": search.show,
    "datasets": datasets.show,
    "ingestion": ingestion.show,
    "alerts": alerts.show,
    "residency": residency.show,
    "audit": audit.show,
    "system": system.show,
}


def main() -> None:
    """Show the sign-in page, or the screen this person chose."""
    st.set_page_config(page_title=say("app.name"), page_icon=ICON, layout="wide")
    style()
    if login.is_leaving():
        leaving()
        return
    if not login.is_signed_in() or st.query_params.get(PROBLEM):
        landing(broken=bool(st.query_params.get(PROBLEM)))
        return
    try:
        _screens()
    except SignedOutError as error:
        problem(error)
        way_out("refused")
    except ApiError as error:
        problem(error)


def _screens() -> None:
    here = st.session_state.get("page", "home")
    if login.has_ended():
        login.renew(here)
    refused = st.session_state.pop(REFUSED, None)
    if refused:
        login.renew_refused(refused, here)
    try:
        person = login.me()
    except SignedOutError as error:
        login.renew_refused(error, here)
        return
    names = screens_for(person.roles)
    pages = {
        name: st.Page(SHOW[name], title=say(f"nav.{name}"), icon=ICONS[name], url_path=name, default=name == "home")
        for name in names
    }
    st.session_state["pages"] = pages
    back = login.restore()
    chosen = st.navigation(list(pages.values()))
    if back in pages and back != "home":
        st.switch_page(pages[back])
    page = next(name for name, one in pages.items() if one == chosen)
    st.session_state["page"] = page
    frame(person)
    try:
        chosen.run()
    except SignedOutError as error:
        login.renew_refused(error, page)


main()
