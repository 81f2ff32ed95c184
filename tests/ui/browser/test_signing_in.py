"""In and out through a browser: the issuer over its own socket, silent renewal, and an issuer that is down."""

import pytest
from playwright.sync_api import Page, expect

from tests.ui.browser.conftest import Window
from tests.ui.peer.screen import Stack, settled, sign_in

#: Renewed 15 s before its end: time enough to sign in and open a screen, then 10 s to wait.
ENDS_SOON_S = 24


def ask(page: Page, question: str) -> None:
    page.get_by_placeholder("Your question").fill(question)
    page.keyboard.press("Enter")


def test_signing_in_goes_through_the_issuers_socket_with_pkce(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        sign_in(screen, window.page, "ada")
        expect(window.page.get_by_role("heading", name="Hello, Ada")).to_be_visible()
        assert screen.issuing.verified[-1] == "S256"
        cookies = [one for one in window.page.context.cookies() if one["name"].startswith("_streamlit_user")]
        assert cookies
        assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in cookies)
        assert [one for one in screen.issuing.tokens if one in window.page.content()] == []


def test_whoever_opened_a_screen_before_signing_in_lands_on_it(screen: Stack, open_window: Window) -> None:
    screen.issuing.who = "ada"
    with open_window() as window:
        window.page.goto(f"{screen.url}/datasets")
        window.page.get_by_role("button", name="Sign in").click()
        expect(window.page.get_by_role("heading", name="Datasets")).to_be_visible()


def test_each_person_sees_their_own_screens(screen: Stack, open_window: Window) -> None:
    for who, last in (("mia", "Datasets"), ("sten", "Bring in"), ("ines", "System")):
        with open_window() as window:
            sign_in(screen, window.page, who)
            names = window.page.get_by_test_id("stSidebarNavLink").all_inner_texts()
            assert names[-1].splitlines()[-1] == last


def test_a_session_that_ended_in_the_middle_of_typing_loses_nothing(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        screen.issuing.life_s = ENDS_SOON_S
        sign_in(screen, page, "ada")
        page.get_by_role("link", name="Ask").click()
        settled(page)
        screen.issuing.life_s = 3600
        logins = screen.issuing.logins
        page.wait_for_timeout(10_000)
        ask(page, "How fast does the water rise?")
        expect(page.get_by_text("Copy with citations")).to_be_visible()
        assert screen.issuing.logins == logins + 1
        assert screen.said.bodies[-1]["question"] == "How fast does the water rise?"
        expect(page.get_by_role("heading", name="Ask")).to_be_visible()


def test_when_the_issuer_is_down_a_sentence_says_so_and_nothing_is_lost(screen: Stack, open_window: Window) -> None:
    with open_window(locale="de-DE") as window:
        page = window.page
        screen.issuing.life_s = ENDS_SOON_S
        sign_in(screen, page, "ada")
        page.get_by_role("link", name="Fragen").click()
        settled(page)
        page.wait_for_timeout(10_000)
        screen.issuing.down = True
        page.get_by_placeholder("Ihre Frage").fill("Wie schnell steigt es?")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Der Anmeldedienst antwortet nicht")).to_be_visible()
        screen.issuing.down, screen.issuing.life_s = False, 3600
        page.get_by_role("button", name="Erneut versuchen").click()
        expect(page.get_by_text("Mit Quellen kopieren")).to_be_visible()
        assert screen.said.bodies[-1]["question"] == "Wie schnell steigt es?"


def test_signing_out_ends_the_session_here_and_there(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        sign_in(screen, window.page, "ada")
        window.page.route("**/auth/logout*", lambda route: route.fulfill(status=204))  # nobody gets there
        window.page.get_by_role("button", name="Sign out").click()
        expect(window.page.get_by_text("Signing you out")).to_be_visible()
        expect(window.page.get_by_role("button", name="Sign in")).to_be_hidden()
        window.page.unroute_all()
        window.page.reload()
        window.page.get_by_role("button", name="Sign out").click()
        expect(window.page.get_by_role("button", name="Sign in")).to_be_visible()
        assert [one for one in window.page.context.cookies() if one["name"].startswith("_streamlit_user")] == []


def test_the_id_token_stands_in_no_log(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        sign_in(screen, window.page, "ada")
        window.page.get_by_role("button", name="Sign out").click()
        expect(window.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "id_token" not in (screen.folder / "ui.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/media/x.png", "/docs"])
def test_side_doors_are_closed_for_who_is_signed_in_too(path: str, screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        sign_in(screen, window.page, "ada")
        answer = window.page.request.get(screen.url + path)
        assert (answer.status, answer.text()) == (404, "There is nothing here.")


def test_the_api_refusing_a_token_signs_in_again_once_then_says_so(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        sign_in(screen, window.page, "ada")
        logins = screen.issuing.logins
        screen.said.fails["GET /datasets"] = (401, {})
        window.page.get_by_role("link", name="Datasets").click()
        expect(window.page.get_by_text("Your sign-in is not accepted any more")).to_be_visible()
        assert screen.issuing.logins == logins + 1
