"""Each person of the demo in a browser, before the whole sealed hub: what they come to do, what they never see."""

import base64
import contextlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub.demo.holdings import CANARIES
from tests.ui.browser.test_looks import looked_at
from tests.ui.peer.screen import CHROMIUM, Watched, choose_row, chromium, settled, window

pytestmark = [pytest.mark.service, pytest.mark.model]

REPOSITORY = Path(__file__).parents[2]
WEIGHTS = Path(os.environ.get("HUB_DATA_DIR", REPOSITORY / ".hub")) / "models"
SLIP = "What caused the slip of the slope at Hollow Reach?"
CAUSE = "The cause is water that seeps through an old layer of sand below the clay."
#: The ways an answer is refused that tell nothing of what is there.
REFUSED = re.compile("I found nothing on this|There is no dataset you may ask|I found passages that touch on this")
SEND = "Bring in 2"
#: Datasets nobody finds who holds no grant on them.
UNLISTED = {"clinic-registry": "Clinic Registry", "katastrophenschutz": "Katastrophenschutz"}


@dataclass(kw_only=True)
class Varnholm:
    """The hub with the demo in it."""

    root: Path
    url: str
    password: str
    environment: dict[str, str] = field(repr=False)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "hub.cli", *arguments],
            env=self.environment, cwd=REPOSITORY, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def varnholm() -> Iterator[Varnholm]:
    assert Path(CHROMIUM).exists(), f"no browser at {CHROMIUM}: apt-get install chromium"
    assert (WEIGHTS / "registry.json").exists(), f"no weights in {WEIGHTS}: make install"
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    same_disk = WEIGHTS.stat().st_dev == top.stat().st_dev
    shutil.copytree(WEIGHTS, top / "models", copy_function=os.link if same_disk else shutil.copy2)
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        ports = [str(one.getsockname()[1]) for one in taken]
    told = dict(zip(("HUB_UI_PORT", "HUB_API_PORT", "HUB_ISSUER_PORT"), ports, strict=True))
    environment = {**os.environ, **told, "HUB_DOORS": "true", "HUB_DATA_DIR": str(top)}
    environment["HUB_ZONES"] = json.dumps({"abroad": "127.0.0.2"})
    found = Varnholm(root=top, url=f"http://localhost:{ports[0]}", password="", environment=environment)
    found.run("up", "--jurisdiction", "DE", "--detach")
    try:
        found.run("demo", "load")
        found.password = (top / "secrets" / "issuer" / "demo-password").read_text(encoding="utf-8").strip()
        yield found
    finally:
        found.run("down")
        shutil.rmtree((top / "state" / "run_dir").read_text(), ignore_errors=True)
        shutil.rmtree(top)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium(playwright) as found:
        yield found


def come_in(varnholm: Varnholm, page: Page, who: str) -> None:
    page.goto(varnholm.url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill(who)
    page.get_by_label("Password").fill(varnholm.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for(state="attached")
    settled(page)


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    settled(page)


def ask(page: Page, question: str, purpose: str = "research") -> None:
    go(page, "Ask")
    page.get_by_role("button", name=purpose, exact=True).or_(
        page.get_by_role("radio", name=purpose, exact=True)
    ).first.click()
    settled(page)
    box = page.get_by_placeholder("Your question")
    box.fill(question)
    box.press("Enter")


def yellow(source: str) -> int:
    """Return how many pixels of a picture are of a colour that is neither paper nor ink."""
    picture = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).convert("RGB")
    return sum(red - blue > 60 for red, _, blue in picture.get_flattened_data())


def menu(page: Page) -> list[str]:
    return [link.inner_text().strip() for link in page.locator('[data-testid="stSidebarNav"] a').all()]


@contextlib.contextmanager
def person(varnholm: Varnholm, browser: Browser, who: str) -> Iterator[Watched]:
    with window(browser) as watched:
        come_in(varnholm, watched.page, who)
        yield watched


MENUS = {
    "ada": ["Home", "Ask", "Search", "Datasets"],
    "luc": ["Home", "Ask", "Search", "Datasets"],
    "mia": ["Home", "Ask", "Search", "Datasets"],
    "sten": ["Home", "Datasets", "Bring in"],
    "rosa": ["Home", "Datasets"],
    "anton": ["Home", "Datasets", "Alerts", "Residency", "Audit", "System"],
    "ines": ["Home", "Alerts", "Residency", "Audit", "System"],
}


@pytest.mark.parametrize("who", MENUS)
def test_each_person_signs_in_finds_their_own_screens_and_leaves(
    varnholm: Varnholm, browser: Browser, who: str
) -> None:
    with person(varnholm, browser, who) as watched:
        found = [name.split("\n")[-1] for name in menu(watched.page)]
        assert [name for name in found if name] == MENUS[who]
        watched.page.get_by_role("button", name="Sign out").click()
        watched.page.get_by_role("button", name="Sign in").wait_for()


def test_a_researcher_reads_a_cited_answer_and_sees_the_passage_and_its_page(
    varnholm: Varnholm, browser: Browser
) -> None:
    with person(varnholm, browser, "ada") as watched:
        page = watched.page
        ask(page, SLIP)
        expect(page.get_by_text(re.compile("Looking in|Reading"))).to_be_visible()
        expect(page.get_by_text("Copy with citations")).to_be_visible(timeout=120_000)
        expect(page.locator(".hub-text").first).to_contain_text(CAUSE)
        page.get_by_role("button", name=re.compile("inspection-2025|Dyke")).first.click()
        expect(page.locator("mark")).to_have_text(CAUSE)
        page.get_by_role("button", name=re.compile("Show the page")).click()
        picture = page.get_by_role("img", name=re.compile("page 1"))
        expect(picture).to_be_visible(timeout=30_000)
        assert yellow(picture.get_attribute("src") or "") > 500, "the quoted words are marked on the page"


def test_a_researcher_abroad_and_a_founder_are_refused_the_same_question(varnholm: Varnholm, browser: Browser) -> None:
    with person(varnholm, browser, "luc") as watched:
        ask(watched.page, SLIP)
        abroad = watched.page.get_by_text("those datasets may not be read from where you are")
        expect(abroad.first).to_be_visible(timeout=120_000)
        assert CAUSE not in watched.page.content()
    with person(varnholm, browser, "mia") as watched:
        page = watched.page
        ask(page, SLIP, purpose="product development")
        expect(page.get_by_text(REFUSED).first).to_be_visible(timeout=120_000)
        assert CAUSE not in page.content()
        go(page, "Datasets")
        expect(page.get_by_text("Dyke Inspections").first).to_be_visible()


def test_what_is_unlisted_is_absent_for_a_founder_on_every_screen(varnholm: Varnholm, browser: Browser) -> None:
    with person(varnholm, browser, "mia") as watched:
        page = watched.page
        for name in MENUS["mia"]:
            go(page, name)
            shown = page.content()
            for slug, title in UNLISTED.items():
                assert slug not in shown, name
                assert title not in shown, name
            assert [word for word in CANARIES.values() if word in shown] == [], name


def test_a_steward_brings_a_file_in_and_watches_it(varnholm: Varnholm, browser: Browser, tmp_path: Path) -> None:
    note = tmp_path / "closing-of-the-pier.txt"
    note.write_text("The pier of Varnholm is closed from 3 May until its planks are renewed.", encoding="utf-8")
    broken = tmp_path / "table.xlsx"
    broken.write_bytes(b"PK\x05\x06" + bytes(18))
    with person(varnholm, browser, "sten") as watched:
        page = watched.page
        go(page, "Bring in")
        page.locator('input[type="file"]').first.set_input_files([note, broken])
        settled(page)
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text("2 of 2 done")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("1 published")).to_be_visible()
        expect(page.get_by_text("1 refused")).to_be_visible()
        expect(page.get_by_test_id("stText").get_by_text("table.xlsx")).to_be_visible()  # the chip above names it, too


def test_an_auditor_finds_place_and_refusals_in_two_clicks_and_no_content(varnholm: Varnholm, browser: Browser) -> None:
    with person(varnholm, browser, "ines") as watched:
        page = watched.page
        go(page, "Residency")  # one click
        chosen = page.get_by_role("combobox", name="Where is a dataset stored and used?")
        chosen.fill("Dyke")  # the second
        chosen.press("Enter")
        settled(page)
        shown = page.get_by_test_id("stMain").inner_text()
        assert "main-store" in shown
        assert "refused" in shown.lower()
        for path in ("/ask", "/search", "/ingestion"):
            page.goto(varnholm.url + path)
            page.wait_for_timeout(2_000)
            shown = page.content()
            assert CAUSE not in shown
            assert "Your question" not in shown
        go(page, "Audit")
        page.get_by_label("Why do you read the ledger?").fill("The yearly look at the water board")
        page.get_by_role("button", name="Read the ledger").click()
        expect(page.get_by_text("the newest first")).to_be_visible()
        assert CAUSE not in page.content()
        assert SLIP not in page.content()


def signed_in_on_a_terminal(varnholm: Varnholm, browser: Browser, who: str, token: Path) -> dict[str, str]:
    """Sign somebody in by `hub login` and its page; returns what their terminal has set."""
    issuer = f"http://127.0.0.1:{varnholm.environment['HUB_ISSUER_PORT']}/realms/hub"
    theirs = {**varnholm.environment, "HUB_ISSUER_URL": issuer, "HUB_TOKEN_FILE": str(token)}
    command = [sys.executable, "-m", "hub.cli", "login"]
    with subprocess.Popen(command, env=theirs, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as signing:
        assert signing.stdout
        address = signing.stdout.readline().removeprefix("Open ").strip()
        with window(browser) as watched:
            page = watched.page
            page.goto(address)
            page.get_by_label("Name").fill(who)
            page.get_by_label("Password").fill(varnholm.password)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("button", name="Yes, connect it").click()
            expect(page.get_by_text("Go back to your terminal")).to_be_visible()
        assert signing.wait(60) == 0
    return theirs


def test_who_comes_in_by_another_address_of_the_ingress_is_in_another_zone(
    varnholm: Varnholm, browser: Browser, tmp_path: Path
) -> None:
    theirs = signed_in_on_a_terminal(varnholm, browser, "ada", tmp_path / "token")

    def asked(host: str) -> tuple[str, str]:
        """Return what she gets by that address, and by which kind of end."""
        api = f"http://{host}:{varnholm.environment['HUB_API_PORT']}"
        command = [sys.executable, "-m", "hub.cli", "ask", SLIP, "--json"]
        told = {**theirs, "HUB_API_URL": api}
        done = subprocess.run(command, env=told, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 3}, done.stderr
        end = json.loads(done.stdout)
        return done.stdout, end["refusal"]["kind"] if "refusal" in end else "answer"

    told, kind = asked("localhost")
    assert (kind, CAUSE in told) == ("answer", True)
    told, kind = asked("127.0.0.2")
    assert (kind, CAUSE in told, "'abroad'" in told) == ("unknown-zone", False, True)
    varnholm.run("place", "add", "abroad", "--kind", "zone", "--jurisdiction", "FR", "--operator", "Somewhere")
    try:
        told, kind = asked("127.0.0.2")
        assert (kind in {"nothing-found", "no-citation"}, CAUSE in told) == (True, False)
        assert '"shut_from_here": true' in told
    finally:
        varnholm.run("place", "retire", "abroad")
    assert asked("127.0.0.2")[1] == "unknown-zone"


def test_an_auditor_answers_a_regulator_in_two_clicks_and_leaves_with_a_page_to_sign(
    varnholm: Varnholm, browser: Browser
) -> None:
    with person(varnholm, browser, "ines") as watched:
        page = watched.page
        page.set_viewport_size({"width": 1280, "height": 1900})
        go(page, "Residency")
        choose_row(page, 0)  # the first click
        expect(page.get_by_text("allowed: main-endpoint · DE").first).to_be_visible()
        page.get_by_text("last month", exact=True).click()  # the second
        expect(page.get_by_text("Nothing was refused because of a place in that time.")).to_be_visible()
        looked_at(page, "varnholm-two-clicks")
        page.get_by_text("Out of place", exact=True).click()
        expect(page.get_by_text("Everything lies where it may.")).to_be_visible()
        page.get_by_text("Why can't they see it?", exact=True).click()
        page.get_by_label("Short name of the person").fill("luc")
        page.get_by_role("button", name="Explain it").click()
        expect(page.get_by_text("From which facts")).to_be_visible()
        looked_at(page, "varnholm-why")
        page.get_by_text("Report", exact=True).click()
        page.get_by_text("this month", exact=True).click()
        settled(page)
        with page.expect_download() as taken:
            page.get_by_role("button", name="Page to print and sign").click()
        report = taken.value.path().read_text(encoding="utf-8")
        assert "<h2>Signature</h2>" in report
        assert "main-endpoint" in report
        assert not [word for word in CANARIES if word in report]
    assert json.loads(varnholm.run("residency", "scan", "--json")) == {"found": [], "new": 0}
