"""Accounts of programs, for an admin: who there is, opening one, a new key, removing it; a key is shown once."""

from typing import Final

import streamlit as st

from ui.components.notice import attempt
from ui.language import say, when, word
from ui.login import api
from ui.plain import label
from ui.shapes.keeping import Key, ServiceAccount

#: The key that was just made, until whoever sees it says that they have it; it is in no cloakroom.
SHOWN: Final = "programs.shown"
FIELDS: Final = ("slug", "name", "organisation", "jurisdiction")
CLEARANCES: Final = ("public", "internal", "restricted", "secret")


def programs() -> None:
    """Show the accounts and what can be done with them."""
    st.subheader(say("programs.title"), anchor=False)
    st.caption(say("programs.what"))
    _key()
    with attempt():
        for one in api().service_accounts():
            _account(one)
    with st.expander(say("programs.open"), icon=":material/add:"), st.form("programs.new"):
        fields = {
            name: st.text_input(say(f"programs.{name}"), max_chars=120, key=f"programs.{name}") for name in FIELDS
        }
        fields["clearance"] = st.selectbox(
            say("programs.clearance"), CLEARANCES, index=1, format_func=lambda one: word("classification", one)
        )
        if st.form_submit_button(say("programs.open-now")):
            with attempt():
                _made(api().open_service_account({name: value.strip() for name, value in fields.items()}))


def _account(one: ServiceAccount) -> None:
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{one.name} ({one.slug})")
        if one.removed_at is not None:
            st.caption(say("programs.removed", at=when(one.removed_at)))
            return
        clearance = word("classification", one.clearance)
        place = label(f"{one.organisation} · {one.jurisdiction} · {clearance}")
        st.caption(f"{place} · {say('programs.key-made', at=when(one.key_made_at))}")
        if _sure("key", one.slug):
            with attempt():
                _made(api().new_service_key(one.slug))
        if _sure("remove", one.slug):
            with attempt():
                api().remove_service_account(one.slug)
                st.rerun()


def _sure(act: str, slug: str) -> bool:
    """Say whether it is to be done: what it ends at once is said before the second click."""
    with st.popover(say(f"programs.{act}"), key=f"programs.{act}.{slug}"):
        st.markdown(say(f"programs.{act}-what"))
        return st.button(say(f"programs.{act}-now"), key=f"programs.{act}-now.{slug}")


def _made(key: Key) -> None:
    st.session_state[SHOWN] = key
    st.rerun()


def _key() -> None:
    """Show the key that was just made, once."""
    key: Key | None = st.session_state.get(SHOWN)
    if key is None:
        return
    with st.container(border=True):
        st.warning(say("programs.once"), icon=":material/key:")
        st.code(key.key, language=None)
        st.caption(say("programs.how"))
        st.code(
            f"POST {key.issuer}/protocol/openid-connect/token\ngrant_type=client_credentials\nclient_id={key.client}",
            language=None,
        )
        if st.button(say("programs.have-it"), key="programs.have-it"):
            del st.session_state[SHOWN]
            st.rerun()
