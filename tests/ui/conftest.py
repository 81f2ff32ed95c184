"""The screens without a browser: Streamlit's own script runner, against real HTTP on a UNIX socket."""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.peer import api
from tests.ui.peer.people import PEOPLE, me
from tests.ui.peer.served import served
from ui import keep
from ui.client import connections
from ui.settings import settings

APP = Path(__file__).parents[2] / "ui" / "app.py"
ISSUER = "http://127.0.0.1:8082/realms/hub"

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def stub() -> Iterator[tuple[api.Said, Path]]:
    said = api.Said()
    with (
        tempfile.TemporaryDirectory(prefix="ui-") as folder,
        served(api.create(said), Path(folder) / "api.sock") as socket,
    ):
        yield said, socket
    connections.cache_clear()
    gc.collect()


@pytest.fixture
def api_socket(stub: tuple[api.Said, Path]) -> Path:
    return stub[1]


@pytest.fixture
def said(stub: tuple[api.Said, Path]) -> api.Said:
    """What the API is told and was asked, anew for each test."""
    fresh = api.Said()
    for field in fields(api.Said):
        setattr(stub[0], field.name, getattr(fresh, field.name))
    return stub[0]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, api_socket: Path) -> Iterator[None]:
    for name in [one for one in os.environ if one.startswith("HUB_")]:
        monkeypatch.delenv(name)
    told = {
        "UI_SOCKET": "/run/hub/ui.sock",
        "API_SOCKET": str(api_socket),
        "ISSUER_SOCKET": "/run/hub/issuer.sock",
        "ISSUER_URL": ISSUER,
        "UI_COOKIE_SECRET": "k" * 40,
        "API_TIMEOUT_S": "5",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"HUB_{name}", value)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def cloakroom(monkeypatch: pytest.MonkeyPatch) -> keep.Keep:
    """A cloakroom nobody used yet."""
    fresh = keep.Keep()
    monkeypatch.setattr("ui.login.CLOAKROOM", fresh)
    return fresh


@pytest.fixture
def opened(
    environment: None,  # noqa: ARG001
    said: api.Said,  # noqa: ARG001
    cloakroom: keep.Keep,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Open:
    """Open the app as one of the people; `ends_in` seconds the token ends."""
    # Each AppTest looks through all installed packages for Streamlit's components, 0.3 s; the hub has none.
    monkeypatch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)

    def open_(
        who: str = "ada", *, locale: str = "en-GB", ends_in: float = 3600.0, page: str = "", **query: str
    ) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=20)
        app.user = signed_in(who, ends_in) if who else {"is_logged_in": False}
        app.context = {"timezone": "Europe/Berlin", "locale": locale, "theme": "light"}
        app.query_params.update(query)
        app.run()
        if page:
            # Pages of st.navigation are functions here; AppTest.switch_page knows files only.
            app._page_hash = next(key for key, one in app._registered_pages.items() if one["url_pathname"] == page)
            app.run()
        return app

    return open_


def signed_in(who: str, ends_in: float = 3600.0) -> dict[str, object]:
    assert who in PEOPLE
    return {
        "is_logged_in": True,
        "sub": me(who)["id"],
        "name": PEOPLE[who][0],
        "exp": int(time.time() + ends_in),
        "tokens": {"access": f"{who}.token"},
    }


def words(app: AppTest) -> str:
    """Everything a person can read on the screen, in one text."""
    found: list[str] = []
    for kind in ("title", "subheader", "markdown", "caption", "text", "info", "warning", "error", "success", "code"):
        found += [str(one.value) for one in getattr(app, kind)]
    found += [str(one.value) for one in app.get("html")]
    found += [one.label for one in [*app.button, *app.expander]]
    return "\n".join(found)
