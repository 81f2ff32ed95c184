"""What is around every screen: the style sheet, the sign-in page, the side bar with the person and their choices."""

from pathlib import Path
from typing import Final, Literal

import streamlit as st

from ui import login
from ui.components.person import person_line
from ui.language import KEY, language, say
from ui.plain import label
from ui.shapes.reading import Me
from ui.wording import LANGUAGES

STYLE: Final = Path(__file__).parents[1] / "style.css"
NAMES: Final = {"en": "English", "de": "Deutsch"}


def style() -> None:
    """Say what the theme can't; the style sheet is told by a mark which theme it is."""
    st.html(STYLE)
    if st.context.theme.type == "dark":
        st.html('<span class="hub-dark"></span>')


def landing(*, broken: bool) -> None:
    """Show the sign-in page; `broken` when the way to the issuer was."""
    with st.container(key="landing", width=640):
        st.title(say("app.name"), anchor=False)
        st.markdown(say("landing.what"))
        if broken:
            st.warning(say("landing.issuer-down"), icon=":material/cloud_off:")
        words = "landing.again" if broken else "landing.sign-in"
        if st.button(say(words), type="primary", icon=":material/login:"):
            st.login("hub")
        st.caption(say("landing.how"))
        choose_language()


def leaving() -> None:
    """Say that signing out goes on; the sign-in page comes with the browser's way back from the issuer."""
    with st.container(key="landing", width=640):
        st.title(say("app.name"), anchor=False)
        st.markdown(say("landing.leaving"))
        st.caption(say("landing.leaving-stays"))


def frame(person: Me) -> None:
    """Show who is signed in, and the choices of language and theme; on every screen whether the walls hold."""
    with st.sidebar:
        st.space("small")
        person_line(person)
        choose_language()
        _choose_theme()
        way_out("frame", width="stretch")
    if not person.sealed:
        reasons = "; ".join(label(one) for one in person.unsealed_because)
        st.warning(f"{say('frame.unsealed')} {reasons}", icon=":material/lock_open:")


def way_out(key: str, *, width: Literal["content", "stretch"] = "content") -> None:
    """Offer to sign out: beside every screen, and under what is said to whom no screen is shown any more."""
    icon = ":material/logout:"
    st.button(say("frame.sign-out"), key=f"{key}.sign-out", icon=icon, on_click=login.sign_out, width=width)


def choose_language() -> None:
    """Let the person switch; the sentence that names the choice stands in the language it is in."""
    now = language()

    def chosen() -> None:
        picked = st.session_state.get("language.choice")
        if picked:
            st.session_state[KEY] = picked

    st.segmented_control(
        say("frame.language"),
        LANGUAGES,
        default=now,
        format_func=NAMES.__getitem__,
        key="language.choice",
        on_change=chosen,
        required=True,
    )


def _choose_theme() -> None:
    """Offer the other theme: a plain link, for the browser keeps the choice and must load the page again."""
    now = st.context.theme.type or "light"
    other = "light" if now == "dark" else "dark"
    back = st.session_state.get("page", "home")
    path = "/" if back == "home" else f"/{back}"
    st.html(f'<a class="hub-link" href="/theme/{other}?back={path}" target="_self">{say(f"frame.to-{other}")}</a>')
