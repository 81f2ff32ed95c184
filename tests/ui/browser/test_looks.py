"""Every screen in both themes, wide and narrow: a picture to look at, and no serious finding of axe."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.ui.browser.conftest import Window
from tests.ui.browser.test_signing_in import ask
from tests.ui.peer import content
from tests.ui.peer.screen import Stack, settled, sign_in

#: Where the pictures go, to be looked at.
PICTURES = "HUB_PICTURES_DIR"
SCREENS = {
    "ada": ("", "ask", "search", "datasets"),
    "mia": ("", "datasets?dataset=dikes"),
    "sten": ("", "ingestion"),
    "rosa": ("",),
    "anton": ("", "alerts", "residency", "audit", "system"),
}


def answered(page: Page, _: Stack) -> None:
    ask(page, "How fast does the water rise?")
    page.get_by_role("button", name="Gauge report").click()
    expect(page.locator("mark")).to_be_visible()


def refused(page: Page, screen: Stack) -> None:
    screen.said.outcome = content.REFUSAL
    ask(page, "Who pays?")
    expect(page.get_by_text("I found nothing")).to_be_visible()


def found(page: Page, _: Stack) -> None:
    page.get_by_label("What are you looking for?").fill("tide")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the best first")).to_be_visible()


def documents(page: Page, _: Stack) -> None:
    page.get_by_text("Documents", exact=True).click()
    expect(page.get_by_text("Minutes.docx")).to_be_visible()


def card(page: Page, _: Stack) -> None:
    page.get_by_text("Card and tags").click()
    expect(page.get_by_label("What it holds")).to_be_visible()


def public(page: Page, screen: Stack) -> None:
    screen.said.review = None
    page.get_by_text("What is public").click()
    expect(page.get_by_role("button", name="I have looked at this")).to_be_visible()


def why(page: Page, _: Stack) -> None:
    page.get_by_text("Who may ask?").click()
    page.get_by_label("Short name of the person").fill("luc")
    page.get_by_role("combobox", name="Of what").click()
    page.get_by_role("option", name="Gauge report 2024.pdf").click()
    page.get_by_role("button", name="Explain it").click()
    expect(page.get_by_text("luc may not ask Gauge report 2024.pdf")).to_be_visible()


def unlooked(page: Page, screen: Stack) -> None:
    screen.said.review = {**content.REVIEW, "current": False}
    page.reload()
    expect(page.get_by_text("has changed since somebody looked").first).to_be_visible()


def act(page: Page, _: Stack) -> None:
    page.get_by_label("Why do you read the ledger?").fill("The monthly look at refusals")
    page.get_by_role("button", name="Read the ledger").click()
    page.get_by_text("question answered").first.click()
    expect(page.get_by_text("query.clearance-too-low").first).to_be_visible()


def near(page: Page, screen: Stack) -> None:
    screen.said.meters = [content.METER]
    page.reload()
    expect(page.get_by_text("1,240 of 20,000")).to_be_visible()


def more(page: Page, _: Stack) -> None:
    page.get_by_role("button", name="Ask for more").click()
    expect(page.get_by_label("What do you need it for?")).to_be_visible()


def asked_for_more(page: Page, screen: Stack) -> None:
    screen.said.step_ups = [content.STEP_UP]
    page.reload()
    expect(page.get_by_text("Has read 18,760")).to_be_visible()


def raised(page: Page, _: Stack) -> None:
    page.get_by_role("slider").focus()
    for _press in range(7):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("can be read for good")).to_be_visible()


def all_alerts(page: Page, _: Stack) -> None:
    page.get_by_text("All (2)").click()
    expect(page.get_by_text("Luc Perrin")).to_be_visible()


def failed(page: Page, screen: Stack) -> None:
    screen.said.fails["GET /datasets"] = (503, {})
    page.reload()
    expect(page.get_by_text("does not answer")).to_be_visible()


STATES: dict[str, dict[str, Callable[[Page, Stack], None]]] = {
    "ada/ask": {"answered": answered, "refused": refused, "near": near, "more": more},
    "ada/search": {"found": found},
    "ada/datasets": {"failed": failed},
    "sten/": {"more": asked_for_more, "unlooked": unlooked},
    "sten/ingestion": {"documents": documents, "card": card, "raised": raised, "public": public, "why": why},
    "anton/alerts": {"all": all_alerts},
    "anton/audit": {"act": act},
}


def looked_at(page: Page, name: str) -> None:
    settled(page)
    folder = os.environ.get(PICTURES)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    violations = Axe().run(page).response["violations"]
    serious = [one for one in violations if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["target"]) for one in serious] == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{name} is wider than the window"
    )
    cut = "[...document.querySelectorAll('.stMarkdownBadge')].filter(b => b.scrollWidth > b.clientWidth)"
    assert page.evaluate(f"{cut}.map(b => b.innerText)") == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("who", SCREENS)
def test_every_screen_is_readable(who: str, width: int, scheme: str, screen: Stack, open_window: Window) -> None:
    with open_window(width=width, height=900, scheme=scheme) as window:
        page = window.page
        page.goto(screen.url)
        looked_at(page, f"door-{width}-{scheme}")
        sign_in(screen, page, who)
        for path in SCREENS[who]:
            page.goto(f"{screen.url}/{path}")
            name = f"{who}-{path.partition('?')[0] or 'home'}"
            looked_at(page, f"{name}-{width}-{scheme}")
            for state, reach in STATES.get(f"{who}/{path}", {}).items():
                reach(page, screen)
                looked_at(page, f"{name}-{state}-{width}-{scheme}")
