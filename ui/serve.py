"""The composition root: Streamlit's application behind the guard, with sign-in over the issuer's socket."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from ui.faults import be_discreet, show
from ui.guard import Guard
from ui.issuer import carry, secrets
from ui.navigation import PAGES
from ui.settings import UiSettings

SCRIPT: Final = Path(__file__).with_name("app.py")
USER_COOKIE: Final = "_streamlit_user"

#: What holds whatever a configuration file says: no connection of its own, no watched folder, no trace shown.
FIXED: Final[Mapping[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "logger.enableRich": False,
    "runner.magicEnabled": False,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.runOnSave": False,
    "server.trustedUserHeaders": {},
}


def create_app(settings: UiSettings) -> Guard:
    """Return the ASGI application."""
    for option, value in FIXED.items():
        config.set_option(option, value)
    key = settings.ui_cookie_secret.get_secret_value()
    config.set_option("server.cookieSecret", key)
    config.set_option("server.maxUploadSize", settings.max_upload_mib)
    carry(settings)
    be_discreet()
    return Guard(
        st.App(SCRIPT, secrets=secrets(settings), on_script_error=show),
        url=settings.ui_url,
        pages=PAGES,
        index=Path(get_static_dir()) / "index.html",
        signed_in=lambda cookies: signed_in(cookies, key),
    )


def signed_in(cookies: Mapping[str, str], key: str) -> bool:
    """Say whether these cookies are those of a person who signed in here (their token is the API's to judge)."""

    def one(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(key, name, value.encode("latin-1"))

    user = get_cookie_with_chunks(one, USER_COOKIE)
    return user is not None and json.loads(user).get("is_logged_in") is True
