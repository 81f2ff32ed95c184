"""The residency desk in a browser: the auditor's question in two clicks, each part in both languages, a report."""

import pytest
from playwright.sync_api import expect

from tests.ui.browser.conftest import Window
from tests.ui.browser.test_looks import looked_at
from tests.ui.peer.screen import Stack, choose_row, settled, sign_in

#: What a part of the desk is called, in each language.
PARTS = {
    "preview": ("What would break if …", "Was bräche, wenn …"),
    "why": ("Why can't they see it?", "Warum nicht sichtbar?"),
    "misplaced": ("Out of place", "Am falschen Ort"),
    "report": ("Report", "Bericht"),
    "places": ("Places", "Orte"),
}


def test_where_a_dataset_is_used_and_what_was_refused_last_month_in_two_clicks(
    screen: Stack, open_window: Window
) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "ines", "/residency")
        choose_row(page, 1)  # the first click
        expect(page.get_by_text("allowed: berlin-model · DE")).to_be_visible()
        page.get_by_text("last month", exact=True).click()  # the second
        expect(page.get_by_text("1 refusal", exact=True)).to_be_visible()
        asked = [path for _, _, path in screen.said.calls if "/violations" in path][-1]
        assert "until=" in asked
        assert "dataset=storm-plans" in asked
        looked_at(page, "ines-two-clicks")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_each_part_of_the_desk_is_readable(
    width: int, scheme: str, locale: str, screen: Stack, open_window: Window
) -> None:
    at = locale == "de-DE"
    name = f"{width}-{scheme}-{locale[:2]}"
    with open_window(width=width, height=1900, scheme=scheme, locale=locale) as window:
        page = window.page
        sign_in(screen, page, "ines", "/residency")
        choose_row(page, 1)
        expect(page.get_by_text("berlin-model · DE").first).to_be_visible()
        looked_at(page, f"desk-refused-{name}")
        page.get_by_text(PARTS["preview"][at], exact=True).click()
        settled(page)
        page.get_by_test_id("stMultiSelect").first.locator("input").click()
        page.keyboard.type("FR")
        page.keyboard.press("Enter")
        expect(page.get_by_text("2 people in FR" if not at else "2 Personen in FR")).to_be_visible()
        page.keyboard.press("Escape")
        looked_at(page, f"desk-preview-{name}")
        page.get_by_text(PARTS["why"][at], exact=True).click()
        settled(page)
        person = page.get_by_label("Short name of the person" if not at else "Kurzname der Person")
        person.fill("luc")
        page.keyboard.press("Enter")
        expect(page.get_by_text("A rule this screen does not know.")).to_be_visible()
        looked_at(page, f"desk-why-{name}")
        for part in ("misplaced", "report", "places"):
            page.get_by_text(PARTS[part][at], exact=True).click()
            looked_at(page, f"desk-{part}-{name}")


def test_a_steward_sees_what_breaks_before_it_is_made(screen: Stack, open_window: Window) -> None:
    for width in (1280, 390):
        with open_window(width=width, height=1900) as window:
            page = window.page
            sign_in(screen, page, "sten", "/ingestion")
            page.get_by_text("Card and tags").click()
            page.get_by_test_id("stMultiSelect").first.locator("input").click()
            page.keyboard.type("FR")
            page.keyboard.press("Enter")
            expect(page.get_by_text("2 people in FR")).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.get_by_role("button", name="Change it")).to_be_disabled()
            looked_at(page, f"tags-breaks-{width}")
            page.get_by_text("I have seen what breaks").click()
            expect(page.get_by_role("button", name="Change it")).to_be_enabled()
            page.get_by_text("Who may ask?", exact=True).click()
            looked_at(page, f"ingestion-why-{width}")


def test_a_report_is_taken_along_in_the_readers_language(screen: Stack, open_window: Window) -> None:
    with open_window(locale="de-DE") as window:
        page = window.page
        sign_in(screen, page, "ines", "/residency")
        page.get_by_text("Bericht", exact=True).click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Seite zum Drucken").click()
        assert taken.value.suggested_filename.startswith("residency-20")
        assert "language=de" in taken.value.path().read_text()
        assert [path for _, _, path in screen.said.calls if "format=html" in path]
        assert not [path for _, _, path in screen.said.calls if "format=csv" in path]
