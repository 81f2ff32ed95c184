"""Signing in, quietly renewing, signing out. The API judges the token; here only its end is watched."""

import time
from typing import Any, Final

import streamlit as st

from ui.client import Api
from ui.keep import CLOAKROOM, Kept
from ui.problems import SignedOutError
from ui.settings import settings
from ui.shapes.reading import Me

#: Renew this long before the end, so that no call meets a token that ends on the way.
EARLY_S: Final = 15
#: Typed and opened things live under keys that begin so; a renewal brings them along.
KEPT: Final = "kept."
ME: Final = "me"
#: How long an answer of /me is believed; the API checks every call anyway.
ME_LIFE_S: Final = 60.0
RESTORED: Final = "restored"
RENEWING: Final = "renewing"
LEAVING: Final = "leaving"


def is_signed_in() -> bool:
    """Say whether somebody came with our cookie."""
    return bool(st.user.get("is_logged_in")) and bool(_token())


def api() -> Api:
    """Return the API as this person sees it."""
    told = settings()
    return Api(
        socket=told.api_socket, token=_token(), timeout_s=told.api_timeout_s, answer_timeout_s=told.answer_timeout_s
    )


def me() -> Me:
    """Return who is signed in, as the API says.

    Raises ApiError.
    """
    until, known = st.session_state.get(ME, (0.0, None))
    if known is None or time.monotonic() > until:
        known = api().me()
        st.session_state[ME] = (time.monotonic() + ME_LIFE_S, known)
    found: Me = known
    return found


def has_ended() -> bool:
    """Say whether the token ends now or in a moment."""
    ends = st.user.get("exp")
    return not isinstance(ends, int | float) or ends - time.time() < EARLY_S


def renew(page: str) -> None:
    """Go to the issuer and come back; what was typed waits in the cloakroom."""
    state = {str(k): v for k, v in st.session_state.items() if str(k).startswith(KEPT) and v}
    if state or page != "home":  # a session that has just begun must not replace what an older one left
        CLOAKROOM.leave(_person(), Kept(page=page, state=state))
    st.login("hub")
    st.stop()


def restore() -> str | None:
    """Put back what was kept over a renewal; return the page to return to, at the first run of a session only."""
    if st.session_state.get(RESTORED):
        return None
    st.session_state[RESTORED] = True
    kept = CLOAKROOM.take(_person())
    if kept is None:
        return None
    for key, value in kept.state.items():
        st.session_state[key] = value
    return kept.page


def sign_out() -> None:
    """End the session here and at the issuer; nothing of it stays in memory."""
    CLOAKROOM.take(_person())
    st.session_state.clear()
    st.session_state[LEAVING] = True
    st.logout()


def is_leaving() -> bool:
    """Say whether the browser is on its way out: until it was there its cookie stands, and nobody is signed out."""
    return bool(st.session_state.get(LEAVING))


def renew_refused(error: SignedOutError, page: str) -> None:
    """Renew a token the API refused, once; refused again, a person must hear it instead of turning in a circle.

    Raises the error again.
    """
    mark = f"{RENEWING}:{_person()}"
    if CLOAKROOM.take(mark) is not None:
        raise error
    CLOAKROOM.leave(mark, Kept(page=page, state={}))
    renew(page)


def _token() -> str:
    tokens: Any = st.user.get("tokens") or {}
    return str(tokens.get("access") or "")


def _person() -> str:
    return str(st.user.get("sub") or "")
