"""More to read, from both sides, as people do it: a reason where the meter is, a word given on Home; by keyboard."""

from playwright.sync_api import expect

from tests.ui.browser.conftest import Window
from tests.ui.peer import content
from tests.ui.peer.screen import Stack, sign_in

REASON = "A review of ten years."


def test_a_person_asks_for_more_where_the_meter_is(screen: Stack, open_window: Window) -> None:
    screen.said.meters = [content.METER]
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ada", "/ask")
        page.get_by_role("button", name="Ask for more").focus()
        page.keyboard.press("Enter")
        page.get_by_label("What do you need it for?").fill(REASON)
        page.get_by_label("What do you need it for?").blur()
        page.get_by_role("button", name="Send it to the owner").click()
        expect(page.get_by_text("You asked for 20,000 characters more")).to_be_visible()
        asked = {"dataset": "tide-gauges", "purpose": "research", "characters": 20_000, "reason": REASON}
        assert screen.said.bodies == [asked]


def test_the_owners_steward_gives_their_word_on_home_in_german_too(screen: Stack, open_window: Window) -> None:
    screen.said.step_ups = [content.STEP_UP]
    with open_window(locale="de-DE") as window:
        page = window.page
        sign_in(screen, page, "sten")
        expect(page.get_by_text("Bisher gelesen: 18.760 Zeichen (3,9 %).")).to_be_visible()
        page.get_by_role("button", name="Gewähren").click()
        expect(page.get_by_text("Gewährt. Es gilt sofort.")).to_be_visible()
        expect(page.get_by_text("Bisher gelesen")).to_have_count(0)
        assert screen.said.bodies == [("m1", {"granted": True})]


def test_a_ceiling_is_raised_only_once_the_figure_is_confirmed(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.get_by_text("Card and tags").click()
        page.get_by_role("slider").focus()
        page.keyboard.press("ArrowRight")
        button = page.get_by_role("button", name="Set it to 51%")
        expect(button).to_be_disabled()
        page.get_by_text("I answer for this dataset and mean it: 244,800").click()
        button.click()
        expect(page.get_by_text("The ceiling is set")).to_be_visible()
        assert screen.said.bodies == [("tide-gauges", {"share": 0.51, "confirm": 244_800})]
