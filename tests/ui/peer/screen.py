"""The whole UI as people get it: `python -m ui` on its socket, its peers on theirs, a relay in front, a browser."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

from tests.ui.peer import api, issuer
from tests.ui.peer.relay import port_listener, relay
from tests.ui.peer.served import served

ROOT = Path(__file__).parents[3]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1;localhost",
]
OWN = {"127.0.0.1", "localhost", ""}


@dataclass(kw_only=True)
class Stack:
    """Where everything is, and what the peers do."""

    url: str
    folder: Path
    said: api.Said
    issuing: issuer.Issuing
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def stack(folder: Path, *, launcher: tuple[str, ...] = ()) -> Iterator[Stack]:
    """Run the UI behind a relay; `launcher` goes before the command, to run it behind walls."""
    front, behind = port_listener(), port_listener()
    url = f"http://localhost:{front.getsockname()[1]}"
    issuing = issuer.Issuing(url=f"http://127.0.0.1:{behind.getsockname()[1]}/realms/hub")
    said = api.Said()
    sockets = {name: folder / f"{name}.sock" for name in ("ui", "api", "issuer")}
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HUB_UI_SOCKET": str(sockets["ui"]),
        "HUB_UI_URL": url,
        "HUB_API_SOCKET": str(sockets["api"]),
        "HUB_ISSUER_SOCKET": str(sockets["issuer"]),
        "HUB_ISSUER_URL": issuing.url,
        "HUB_UI_COOKIE_SECRET": "k" * 40,
        "HUB_API_TIMEOUT_S": "5",
        "HUB_MAX_UPLOAD_MIB": "1",
    }
    with (
        served(api.create(said), sockets["api"]),
        served(issuer.create(issuing), sockets["issuer"]),
        (folder / "ui.log").open("wb") as log,
    ):
        process = subprocess.Popen([*launcher, sys.executable, "-m", "ui"], cwd=ROOT, env=environment, stderr=log)
        try:
            _wait(sockets["ui"], process, folder / "ui.log")
            with relay(front, sockets["ui"]), relay(behind, sockets["issuer"]):
                yield Stack(url=url, folder=folder, said=said, issuing=issuing, process=process)
        finally:
            process.terminate()
            process.wait(15)


def _wait(path: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


@contextlib.contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    assert Path(CHROMIUM).exists(), f"no browser at {CHROMIUM}: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@dataclass(kw_only=True)
class Watched:
    """A page, and whatever it should not have done."""

    page: Page
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        def asked(request: Request) -> None:
            if urlsplit(request.url).hostname not in OWN and not request.url.startswith("data:"):
                self.strangers.append(request.url)

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.complaints.append(message.text)

        self.page.on("request", asked)
        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))


@contextlib.contextmanager
def window(
    browser: Browser, *, width: int = 1280, height: int = 900, scheme: str = "light", locale: str = "en-GB"
) -> Iterator[Watched]:
    """Open a window of its own; leaving it fails where the page reached outside or broke its own policy."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=locale,
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    watched = Watched(page=context.new_page())
    watched.listen()
    try:
        yield watched
    finally:
        context.close()
    assert watched.strangers == [], "the page asked for something from outside"
    assert [one for one in watched.complaints if "Content Security Policy" in one] == []


def settled(page: Page) -> None:
    """Wait until Streamlit has run the script and drawn everything."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(250)


def choose_row(page: Page, number: int) -> None:
    """Click into a row of a table, the first is 0: it is drawn, so by its place, once it is drawn and stays there."""
    page.get_by_test_id("data-grid-canvas").first.wait_for(state="attached")
    settled(page)
    board = page.get_by_test_id("stDataFrame").first
    board.scroll_into_view_if_needed()
    at = board.bounding_box()
    page.wait_for_timeout(250)
    while at != (at := board.bounding_box()):
        page.wait_for_timeout(250)
    assert at
    page.mouse.click(at["x"] + 18, at["y"] + 35 * (number + 1) + 17)
    settled(page)


def sign_in(stack: Stack, page: Page, who: str, path: str = "/") -> None:
    """Sign in as one of the people and open a screen."""
    stack.issuing.who = who
    page.goto(stack.url)
    page.get_by_role("button", name="Sign in").or_(page.get_by_role("button", name="Anmelden")).click()
    page.get_by_role("button", name="Sign out").or_(page.get_by_role("button", name="Abmelden")).wait_for(
        state="attached"
    )
    settled(page)
    if path != "/":
        page.goto(stack.url + path)
        settled(page)
