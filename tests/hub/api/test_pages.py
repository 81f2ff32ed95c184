"""`/passages/{id}/page`: the page is charged whole before it is shown, and not charged where it can't be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

from catalog import audit
from catalog.datasets import Budget
from catalog.objects import FolderStore
from catalog.vocabulary import ChunkId, EventType
from hub.app import create_app
from tests.fixtures.nation import OPERATOR
from tests.fixtures.paged import Paged, publish_pages
from tests.fixtures.reading import reading
from tests.hub.api.conftest import AT_HOME, Door
from tests.ingest import made
from tests.ingest.drawn import decoded

WORDS = ["The pump failed on 2 March. ", "It was repaired in April. ", "The dyke was raised in May. "]
#: Two passages on page 1, the second goes on to page 2; a third on page 2 alone.
PIECES: list[Paged] = [(WORDS[0], 1, 1), (WORDS[1], 1, 2), (WORDS[2], 2, 2)]
ORIGINAL = made.pdf([f"{WORDS[0]}\nIt was re-", f"paired in April.\n{WORDS[2]}"])
FIRST_PAGE = len(WORDS[0] + WORDS[1])
#: Holds the first page and not the second one after it.
BUDGET = Budget(window_characters=70, lifetime_characters=1000, ceiling_share=Decimal(1))


@dataclass(kw_only=True)
class Pages:
    """Ada may read a PDF of pumps; a reader draws its pages."""

    door: Door
    store: FolderStore
    passages: list[ChunkId]

    def get(self, place: int = 0, person: str = "ada", of: str = "page", **more: Any) -> httpx.Response:
        path = f"/passages/{self.passages[place]}/{of}"
        return self.door.call(person, "GET", path, params={"purpose": "research", **more})

    def cost(self, place: int = 0, **more: Any) -> dict[str, Any]:
        said = self.get(place, of="page/cost", **more)
        assert said.status_code == 200, said.text
        return dict(said.json())

    def publish(self, name: str, original: bytes, pieces: list[Paged], **more: str) -> list[ChunkId]:
        self.store.put(BytesIO(original))
        return publish_pages(self.door.nation, "pumps", name, pieces, original=original, **more)

    def events(self, *types: EventType) -> list[audit.RecordedEvent]:
        with self.door.nation.operator.begin(OPERATOR) as session:
            return list(audit.newest(session, limit=50, types=list(types)))

    def charged(self) -> int:
        return sum(sum(event.detail["charged"]) for event in self.events(EventType.PASSAGES_DISCLOSED))


@pytest.fixture
def pages(door: Door, parser_socket: Path, tmp_path: Path) -> Iterator[Pages]:
    door.nation.dataset("pumps", budget=BUDGET)
    door.nation.grant("ada", "pumps", share=Decimal("0.9"))
    store, path = FolderStore(tmp_path / "objects", place="store"), tmp_path / "reader.sock"
    hub = replace(door.hub, settings=door.hub.settings.model_copy(update={"reader_socket": path}))
    door = replace(door, hub=hub, client=TestClient(create_app(hub, AT_HOME), raise_server_exceptions=False))
    made_pages = Pages(door=door, store=store, passages=[])
    made_pages.passages = made_pages.publish("pumps.pdf", ORIGINAL, PIECES)
    made_pages.publish("more.pdf", b"", [("x" * 1000, 1, 1)])
    with reading(door.nation.database, store, parser_socket, path):
        yield made_pages


def problem(said: httpx.Response) -> tuple[int, str]:
    assert said.headers["content-type"] == "application/problem+json"
    return said.status_code, said.json()["type"].rpartition("/")[2]


def test_a_page_is_shown_with_the_quoted_words_marked(pages: Pages) -> None:
    shown = pages.get(mark="The pump failed on 2 March.")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert decoded(shown.content).marked_rows()
    figures = {name: shown.headers[f"page-{name}"] for name in ("number", "marked", "charged")}
    assert figures == {"number": "1", "marked": "1", "charged": str(FIRST_PAGE)}
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_the_price_is_told_before_and_is_what_is_charged(pages: Pages) -> None:
    said = pages.cost()
    expected = {"page": 1, "first_page": 1, "last_page": 1, "characters": FIRST_PAGE, "characters_left": 70}
    assert said == {**expected, "fits": True, "refills_at": None}
    assert pages.charged() == 0
    pages.get()
    assert pages.charged() == FIRST_PAGE
    assert pages.cost()["characters"] == 0


def test_every_passage_of_the_page_is_charged_and_what_was_read_is_free(pages: Pages) -> None:
    read = pages.door.call("ada", "GET", f"/passages/{pages.passages[1]}", params={"purpose": "research"})
    assert read.json()["charged"] == len(WORDS[1])
    assert pages.get().headers["page-charged"] == str(len(WORDS[0]))
    assert pages.get(1).headers["page-charged"] == "0"
    assert pages.charged() == FIRST_PAGE


def test_a_passage_that_goes_on_overleaf_may_be_asked_for_either_page(pages: Pages) -> None:
    second = pages.get(1, page=2, mark=WORDS[2])
    figures = {name: second.headers[f"page-{name}"] for name in ("number", "marked", "charged")}
    assert figures == {"number": "2", "marked": "1", "charged": str(len(WORDS[1] + WORDS[2]))}
    assert decoded(second.content).marked_rows()
    assert problem(pages.get(0, page=2)) == (404, "absent")


def test_a_page_the_budget_does_not_hold_is_not_charged_and_says_when_it_will_be(pages: Pages) -> None:
    pages.get()
    refused = pages.get(2)
    assert problem(refused) == (429, "budget")
    assert datetime.fromisoformat(refused.json()["refills_at"]).tzinfo is not None
    assert pages.charged() == FIRST_PAGE
    said = pages.cost(2)
    assert (said["fits"], said["characters"], said["characters_left"]) == (False, len(WORDS[2]), 70 - FIRST_PAGE)


def test_a_refused_page_stands_in_the_trail_with_its_figures_and_a_shown_one_once(pages: Pages) -> None:
    pages.get()
    pages.get(2)
    (refused,) = pages.events(EventType.QUESTION_REFUSED)
    assert refused.object == f"page:{pages.passages[2]}"
    assert refused.detail == {"kind": "budget", "page": 2, "cost": len(WORDS[2]), "left": 70 - FIRST_PAGE}
    (shown,) = pages.events(EventType.PASSAGES_DISCLOSED)
    assert shown.detail["charged"] == [len(WORDS[0]), len(WORDS[1])]


def test_when_another_reading_was_faster_no_picture_is_shown(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog.pages import PageCost

    monkeypatch.setattr(PageCost, "fits", True)  # as it was a moment ago
    pages.get()
    late = pages.get(1, page=2)
    assert problem(late) == (429, "budget")
    assert b"PNG" not in late.content


@pytest.mark.parametrize("of", ["page", "page/cost"])
def test_what_is_not_the_callers_is_absent(pages: Pages, of: str) -> None:
    for person in ("mia", "luc"):
        assert problem(pages.get(person=person, of=of)) == (404, "absent")
    pages.door.nation.dataset("hidden", listed=False)
    pages.passages = [*publish_pages(pages.door.nation, "hidden", "a.html", [("x", 1, 1)], media_type="text/html")]
    pages.passages.append(ChunkId(uuid4()))
    said = [pages.get(place, of=of) for place in (0, 1)]
    assert [problem(one) for one in said] == [(404, "absent")] * 2
    assert len({one.json()["detail"] for one in said}) == 1


@pytest.mark.parametrize("of", ["page", "page/cost"])
@pytest.mark.parametrize("person", ["sten", "ines", "anton"])
def test_who_does_not_come_to_read_sees_no_page(pages: Pages, person: str, of: str) -> None:
    assert problem(pages.get(person=person, of=of)) == (403, "not-allowed")


@pytest.mark.parametrize("of", ["page", "page/cost"])
def test_a_document_without_pages_says_so_and_costs_nothing(pages: Pages, of: str) -> None:
    pages.passages = pages.publish("a.html", b"<p>words", [("words", 1, 1)], media_type="text/html")
    said = pages.get(of=of)
    assert problem(said) == (404, "no-page")
    assert said.json()["detail"] == "This document has no pages to show."
    assert pages.charged() == 0


def test_a_page_that_can_not_be_drawn_says_what_can_be_done(pages: Pages) -> None:
    pages.passages = pages.publish("a.pdf", made.locked_pdf(), [("words", 1, 1)])
    said = pages.get()
    assert problem(said) == (404, "no-page")
    assert said.json()["detail"] == "This page can't be drawn. Its passages can be read."


def test_a_page_of_more_passages_than_one_disclosure_holds_is_refused_uncharged(pages: Pages) -> None:
    pages.passages = pages.publish("a.pdf", ORIGINAL + b" ", [("x", 1, 1)] * 201)
    for of in ("page", "page/cost"):
        assert problem(pages.get(of=of)) == (413, "too-large")
    assert pages.charged() == 0


def test_while_the_reader_is_away_nothing_is_charged(pages: Pages) -> None:
    for path in (None, Path("/nonexistent/reader.sock")):
        settings = pages.door.hub.settings.model_copy(update={"reader_socket": path})
        app = create_app(replace(pages.door.hub, settings=settings), AT_HOME)
        pages.door.client = TestClient(app, raise_server_exceptions=False)
        said = pages.get()
        assert problem(said) == (503, "unavailable")
        assert said.json()["part"] == "reader"
    assert pages.charged() == 0


def test_an_original_that_is_gone_is_the_readers_fault_and_reading_again_is_free(pages: Pages, tmp_path: Path) -> None:
    kept = {path: path.read_bytes() for path in (tmp_path / "objects").rglob("*") if path.is_file()}
    for path in kept:
        path.unlink()
    assert problem(pages.get()) == (503, "unavailable")
    for path, data in kept.items():
        path.write_bytes(data)
    assert pages.get().headers["page-charged"] == "0"


@pytest.mark.parametrize(
    "more", [{"page": 0}, {"page": "x"}, {"page": 10**7}, {"mark": "x" * 2001}, {"purpose": "fun"}]
)
def test_a_value_that_is_none_is_named(pages: Pages, more: dict[str, Any]) -> None:
    assert problem(pages.get(**more)) == (422, "invalid")


@pytest.mark.parametrize("mark", ["\x00", "a\nb", "%00%ff", "\U0001f600" * 500, "€" * 2000])
def test_any_words_may_be_sought(pages: Pages, mark: str) -> None:
    shown = pages.get(mark=mark)
    assert (shown.status_code, shown.headers["page-marked"]) == (200, "0")
