"""What a researcher comes for, in a browser: a streamed answer, its evidence beside it, a stop that stops."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.browser.conftest import Window
from tests.ui.browser.test_signing_in import ask
from tests.ui.peer import content
from tests.ui.peer.screen import Stack, settled, sign_in


def test_an_answer_is_written_while_one_watches_and_then_shows_its_evidence(screen: Stack, open_window: Window) -> None:
    screen.said.pause_s = 0.25
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        ask(page, "How fast does the water rise?")
        expect(page.get_by_text("Looking in 3 datasets")).to_be_visible()
        expect(page.get_by_text("Reading 5 passages")).to_be_visible()
        expect(page.get_by_text(re.compile("Since 1998 the"))).to_be_visible()
        expect(page.get_by_text("Writing (a draft, not checked yet)")).to_be_visible()
        expect(page.get_by_text("Copy with citations")).to_be_visible()
        page.get_by_role("button", name="Gauge report").click()
        expect(page.locator("mark")).to_have_text(content.QUOTE)
        answer, mark = page.locator(".hub-text").first.bounding_box(), page.locator("mark").bounding_box()
        assert answer
        assert mark
        assert mark["x"] > answer["x"] + answer["width"], "the evidence stands beside the claim"


def test_the_page_picture_is_never_under_an_address(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        ask(page, "How fast does the water rise?")
        page.get_by_role("button", name="Gauge report").click()
        page.get_by_role("button", name="Show the page").click()
        picture = page.get_by_role("img", name="Picture of page 3, the passage marked")
        expect(picture).to_be_visible()
        assert (picture.get_attribute("src") or "").startswith("data:image/png;base64,")


def test_stopping_stops_and_keeps_what_was_written(screen: Stack, open_window: Window) -> None:
    screen.said.pause_s = 0.6
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        ask(page, "How fast does the water rise?")
        expect(page.get_by_text(re.compile("Since 1998"))).to_be_visible()
        page.get_by_test_id("stChatInputStopButton").or_(page.get_by_role("button", name="Stop")).first.click()
        assert screen.said.closed.wait(5), "the API hears that nobody listens any more"
        page.get_by_role("link", name="Home").click()
        settled(page)
        page.get_by_role("link", name="Ask").click()
        expect(page.get_by_text("You stopped this answer")).to_be_visible()
        expect(page.get_by_text(re.compile("Since 1998"))).to_be_visible()


def test_nothing_from_a_document_runs_or_is_fetched(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        ask(page, content.HOSTILE)
        page.get_by_role("button", name="dikes.md").click()
        expect(page.get_by_role("button", name="Close")).to_be_visible()
        settled(page)
        main = page.get_by_role("main")
        assert main.locator("a").count() == 0
        assert main.locator("img").count() == 0
        assert main.locator("strong").filter(has_text="bold").count() == 0
        assert "onerror=alert(1)" in main.inner_text()
        page.goto(f"{screen.url}/search")
        settled(page)
        page.get_by_label("What are you looking for?").fill(content.HOSTILE)
        page.keyboard.press("Enter")
        expect(page.get_by_text("the best first")).to_be_visible()
        assert page.get_by_role("main").locator("img, a").count() == 0


def test_everything_is_done_by_keyboard(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        page.get_by_placeholder("Your question").focus()
        page.keyboard.type("How fast does the water rise?")
        page.keyboard.press("Enter")
        source = page.get_by_role("button", name="Gauge report")
        source.focus()
        page.keyboard.press("Enter")
        expect(page.locator("mark")).to_be_visible()
        page.get_by_role("button", name="Close").press("Enter")
        expect(page.locator("mark")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_the_theme_is_switched_on_every_page_and_stays(
    scheme: str, other: str, screen: Stack, open_window: Window
) -> None:
    colours = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}
    with open_window(scheme=scheme) as window:
        page = window.page
        sign_in(screen, page, "ada", "/datasets")
        app = page.get_by_test_id("stApp")
        expect(app).to_have_css("background-color", colours[scheme])
        page.get_by_role("link", name=f"Switch to {other} colours").click()
        expect(page.get_by_role("heading", name="Datasets", exact=True)).to_be_visible()
        expect(app).to_have_css("background-color", colours[other])
        page.goto(f"{screen.url}/search")
        settled(page)
        expect(app).to_have_css("background-color", colours[other])


def test_a_long_question_is_not_lost(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        ask(page, "x" * 10_001)
        expect(page.get_by_text("10,001 characters; at most 10,000 can be asked")).to_be_visible()
        assert screen.said.bodies == []
        expect(page.get_by_placeholder("Your question")).to_have_value("x" * 10_001)
        ask(page, "x" * 10_000)
        expect(page.get_by_text("Copy with citations")).to_be_visible()
        assert len(screen.said.bodies[-1]["question"]) == 10_000
