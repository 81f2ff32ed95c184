"""A steward in a browser: a folder of files goes in, is watched, and what is too large is said."""

from pathlib import Path

from playwright.sync_api import expect

from tests.ui.browser.conftest import Window
from tests.ui.peer.screen import Stack, settled, sign_in


def test_files_are_brought_in_and_watched_to_the_end(screen: Stack, open_window: Window, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("tide", encoding="utf-8")
    (tmp_path / "b.txt").write_text("gauge!", encoding="utf-8")
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.locator('input[type="file"]').set_input_files([tmp_path / "a.txt", tmp_path / "b.txt"])
        page.get_by_role("button", name="Bring in 2").click()
        expect(page.get_by_text("Nothing waits any more")).to_be_visible()
        expect(page.get_by_text("3 of 3 done")).to_be_visible()
        assert screen.said.bodies == [("a.txt", 4), ("b.txt", 6)]


def test_a_folder_is_brought_in_with_its_paths(screen: Stack, open_window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    (folder / "old").mkdir(parents=True)
    (folder / "a.txt").write_text("tide", encoding="utf-8")
    (folder / "old" / "b.txt").write_text("gauge", encoding="utf-8")
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.get_by_text("A folder").click()
        settled(page)
        page.locator('input[type="file"]').set_input_files(folder)
        page.get_by_role("button", name="Bring in 2").click()
        expect(page.get_by_text("Nothing waits any more")).to_be_visible()
        names = sorted(name.rpartition("/")[2] for name, _ in screen.said.bodies)
        assert names == ["a.txt", "b.txt"]


def test_a_file_of_three_gigabytes_is_refused_in_the_persons_language(
    screen: Stack, open_window: Window, tmp_path: Path
) -> None:
    with (tmp_path / "big.bin").open("wb") as big:
        big.truncate(3_000_000_000)
    with open_window(locale="de-DE") as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        expect(page.get_by_text("Hier ablegen")).to_be_visible()
        expect(page.get_by_text("Eine rot markierte Datei wurde nicht angenommen")).to_be_hidden()
        page.locator('input[type="file"]').set_input_files(tmp_path / "big.bin")
        expect(page.get_by_text("Eine rot markierte Datei wurde nicht angenommen")).to_be_visible()
        expect(page.get_by_text("per file")).to_be_hidden()
        assert screen.said.bodies == []


def test_withdrawing_asks_why_and_says_what_follows(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.get_by_text("Documents", exact=True).click()
        page.get_by_role("button", name="Withdraw").first.click()
        expect(page.get_by_text("Nobody can find, ask or read it")).to_be_visible()
        page.get_by_label("Why? The reason is recorded.").fill("superseded by law")
        page.get_by_label("Why? The reason is recorded.").blur()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.get_by_text("The document is withdrawn")).to_be_visible()
        assert screen.said.bodies == [("d0", "withdrawal", {"reason": "superseded by law"})]


def test_a_held_document_is_released_with_tags_or_refused(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.get_by_text("Documents", exact=True).click()
        page.get_by_role("button", name="Release", exact=True).first.click()
        expect(page.get_by_role("dialog").get_by_text("marked stricter than declared")).to_be_visible()
        page.get_by_role("dialog").get_by_text("secret", exact=True).click()
        page.get_by_label("Why? The reason is recorded.").fill("It is marked so.")
        page.get_by_label("Why? The reason is recorded.").blur()
        page.get_by_role("button", name="Release it").click()
        expect(page.get_by_text("The document goes on.")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        settled(page)
        page.get_by_role("button", name="Refuse", exact=True).first.click()
        page.get_by_label("Why? The reason is recorded.").fill("Not for this hub.")
        page.get_by_label("Why? The reason is recorded.").blur()
        page.get_by_role("button", name="Refuse it").click()
        expect(page.get_by_text("The document is refused.")).to_be_visible()
        assert screen.said.bodies == [
            ("d3", "release", {"reason": "It is marked so.", "tags": {"classification": "secret"}}),
            ("d3", "refusal", {"reason": "Not for this hub."}),
        ]


def test_a_document_is_made_stricter_and_looser_is_refused_in_words(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.get_by_text("Documents", exact=True).click()
        refused = {"type": "x/invalid", "status": 422, "detail": "Write DE, or leave it out."}
        screen.said.fails["POST /documents/d0/tags"] = (422, refused)
        page.get_by_role("button", name="Make stricter").first.click()
        page.get_by_role("button", name="Set them").click()
        expect(page.get_by_text("Write DE, or leave it out.")).to_be_visible()
        screen.said.fails.clear()
        page.get_by_role("dialog").get_by_text("restricted", exact=True).click()
        page.get_by_role("button", name="Set them").click()
        expect(page.get_by_text("The document's tags are changed.")).to_be_visible()
        assert screen.said.bodies == [("d0", "tags", {"classification": "restricted", "access_from": ["DE"]})]


def test_a_token_refused_inside_a_dialog_is_renewed(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        logins = screen.issuing.logins
        screen.said.fails["POST /documents/d0/withdrawal"] = (401, {})
        page.get_by_text("Documents", exact=True).click()
        page.get_by_role("button", name="Withdraw").first.click()
        page.get_by_label("Why? The reason is recorded.").fill("old")
        page.get_by_label("Why? The reason is recorded.").blur()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.get_by_role("heading", name="Bring in")).to_be_visible()
        page.wait_for_timeout(1500)
        assert screen.issuing.logins == logins + 1


def test_a_dataset_is_made_with_its_tags(screen: Stack, open_window: Window) -> None:
    with open_window() as window:
        page = window.page
        sign_in(screen, page, "sten", "/ingestion")
        page.get_by_role("button", name="New dataset").click()
        page.get_by_label("Title").fill("Pumping Stations")
        page.keyboard.press("Tab")
        for name in ("May be stored in", "May be used in", "May be reached from"):
            page.get_by_role("combobox", name=name).fill("DE")
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
        page.get_by_role("dialog").get_by_text("research", exact=True).click()
        page.get_by_role("button", name="Create").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        made = screen.said.bodies[-1]
        assert (made["title"], made["store_in"], made["purposes"]) == ("Pumping Stations", ["DE"], ["research"])
