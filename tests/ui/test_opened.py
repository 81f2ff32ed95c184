"""Who opened a screen before signing in comes back to it: their browser keeps which, and only screens are known."""

import pytest

from tests.ui.test_guard import SIGNED, Behind, call
from ui.navigation import PAGES

BACK = [(b"location", b"/"), (b"x-other", b"kept")]


@pytest.mark.parametrize("page", PAGES)
def test_a_strangers_page_is_kept_in_their_browser_and_told_to_no_script(page: str) -> None:
    kept = call(f"/{page}")[1]["set-cookie"]
    assert kept == f"hub_opened=/{page}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax"


@pytest.mark.parametrize("path", ["/", "/favicon.png", "/static/js/x.js", "/_stcore/health", "/nowhere"])
def test_what_is_no_page_is_not_kept(path: str) -> None:
    assert "set-cookie" not in call(path)[1]


def test_of_who_is_signed_in_nothing_is_kept() -> None:
    assert "set-cookie" not in call("/audit", headers={"cookie": f"_streamlit_user={SIGNED}"})[1]


def test_the_sign_in_leads_back_to_it_once() -> None:
    headers = call("/oauth2callback?code=c", headers={"cookie": "hub_opened=/audit"}, behind=Behind(302, BACK))[1]
    assert (headers["location"], headers["x-other"]) == ("/audit", "kept")
    assert headers["set-cookie"].startswith("hub_opened=/audit; Max-Age=0;")


@pytest.mark.parametrize(
    "kept", ["", "//evil.example", "https://evil.example/", "/audit/../x", "audit", "/", "/\r\nx: y"]
)
def test_it_leads_nowhere_else(kept: str) -> None:
    headers = call("/oauth2callback", headers={"cookie": f"hub_opened={kept}"}, behind=Behind(302, BACK))[1]
    assert headers["location"] == "/"


def test_a_sign_in_that_failed_leads_where_it_says() -> None:
    behind = Behind(302, [(b"location", b"/?problem=issuer")])
    headers = call("/oauth2callback", headers={"cookie": "hub_opened=/audit"}, behind=behind)[1]
    assert headers["location"] == "/?problem=issuer"


def test_over_https_it_is_secure_too() -> None:
    assert call("/audit", url="https://hub.example")[1]["set-cookie"].endswith("; SameSite=Lax; Secure")
