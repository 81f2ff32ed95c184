"""A report as a file: JSON whose digest anyone can compute, CSV no spreadsheet runs, a page that needs nothing else."""

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest

from catalog.audit import RecordedEvent
from catalog.board import BoardRow, Cell, Origin
from catalog.ledger_names import Names
from catalog.places import Place
from catalog.policy.decide import rulebook
from catalog.report import Period, Report
from catalog.scan import KINDS, KeptFinding
from catalog.violations import Violation
from catalog.vocabulary import Classification, DatasetId, Door, Jurisdiction, PlaceKind
from hub.report.format import Format
from hub.report.wording import RULES, SENTENCES, Language, say
from hub.report.written import written
from ui.wording import SENTENCES as SENTENCES_OF_SCREENS

KEY = UUID(int=7)
HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>'
PLACE = Place(
    name="store",
    kind=PlaceKind.STORE,
    jurisdiction=Jurisdiction("DE"),
    operator=HOSTILE,
    legal_control=frozenset({"US", "DE"}),
)
REPORT = Report(
    site=replace(PLACE, name="Bërlin", kind=PlaceKind.SITE),
    period=Period(since=datetime(2026, 10, 1, tzinfo=UTC), until=datetime(2026, 11, 1, tzinfo=UTC)),
    made_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    policy_version="3f1d8a90c2b4e6f7",
    datasets=(
        BoardRow(
            id=DatasetId(KEY),
            slug="rivers",
            title="Rivers & <b>lakes</b>",
            classification=Classification.SECRET,
            store_in=("DE",),
            process_in=("EU",),
            access_from=("DE", "FR"),
            forbidden_legal_control=("US",),
            forbidden_model_origins=("CN",),
            out_of_place=0,
            stored=(Cell(place=PLACE, allowed=False, rules=("ingest.store-outside-store-in",)),),
            processed=(Cell(place=replace(PLACE, name="worker", kind=PlaceKind.WORKER), allowed=True, rules=()),),
            accessed=(Origin(jurisdiction="US", people=3, allowed=False, rules=("query.x",), refused=4),),
        ),
    ),
    places=(PLACE,),
    violations=(
        Violation(
            id=UUID(int=1),
            at=datetime(2026, 10, 5, 8, tzinfo=UTC),
            door=Door.SESSION,
            rule="query.person-outside-access-from",
            tag="access_from",
            place="US",
            dataset_ids=(DatasetId(KEY),),
            actor=f"person:{UUID(int=9)}",
            decision_id=None,
        ),
    ),
    findings=(
        KeptFinding(
            kind="backup",
            object="hub-1.dump",
            dataset_ids=(DatasetId(KEY),),
            place="database",
            door=Door.INDEX,
            rule="ingest.database-outside-store-in",
            tag="store_in",
            found_at=datetime(2026, 10, 7, 2, 17, tzinfo=UTC),
            seen_at=datetime(2026, 10, 8, 2, 17, tzinfo=UTC),
        ),
    ),
    changes=(
        RecordedEvent(
            id=1,
            at=datetime(2026, 10, 6, 8, tzinfo=UTC),
            type="dataset.amended",
            actor="operator:root",
            object=f"dataset:{KEY}",
            dataset_ids=(KEY,),
            decision_id=None,
            detail={"fields": ["store_in"], "tags": {"store_in": {"from": ["EU"], "to": ["DE"]}}},
        ),
    ),
    cut=False,
    names=Names(people={str(UUID(int=9)): "Luc Perrin"}, datasets={str(KEY): ("rivers", "Rivers & <b>lakes</b>")}),
)


def text(of: Format, language: Language = Language.ENGLISH, report: Report = REPORT) -> str:
    return written(report, of, language).text


def told() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(text(Format.JSON))
    return whole


class Read(HTMLParser):
    """Every tag with its attributes, and what a person reads outside the style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._styled = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._styled = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._styled = self._styled and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self._styled:
            self.words.append(data)

    @property
    def shown(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_the_digest_is_that_of_the_report_as_compact_json_with_sorted_names() -> None:
    whole = told()
    compact = json.dumps(whole["report"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert whole["sha256"] == hashlib.sha256(compact).hexdigest()
    assert "Bërlin".encode() in compact


def test_equal_facts_have_equal_digests_whenever_they_are_told_and_others_have_another() -> None:
    later = replace(REPORT, made_at=datetime(2026, 12, 1, tzinfo=UTC))
    assert json.loads(text(Format.JSON, report=later))["sha256"] == told()["sha256"]
    for other in (
        replace(REPORT, violations=()),
        replace(REPORT, findings=()),
        replace(REPORT, places=()),
        replace(REPORT, policy_version="x"),
    ):
        assert json.loads(text(Format.JSON, report=other))["sha256"] != told()["sha256"]


def test_json_tells_every_part_with_names_in_place_of_ids() -> None:
    report = told()["report"]
    assert report["hub"] == {"site": "Bërlin", "jurisdiction": "DE"}
    assert report["violations"][0]["who"] == "Luc Perrin"
    assert report["violations"][0]["datasets"] == ["Rivers & <b>lakes</b>"]
    assert report["violations"][0]["reason"].endswith("may be accessed from.")
    assert report["changes"][0]["detail"] == {"store_in": {"from": ["EU"], "to": ["DE"]}}
    assert report["places"][0]["legal_control"] == ["DE", "US"]
    assert report["datasets"][0]["refused"] == 4
    assert str(KEY) not in json.dumps(report)


def test_csv_has_a_line_a_fact_and_no_cell_a_spreadsheet_would_run() -> None:
    rows = list(csv.DictReader(io.StringIO(text(Format.CSV))))
    sections = [row["section"] for row in rows]
    assert sections == [
        "report",
        "dataset",
        "stored",
        "processed",
        "accessed",
        "place",
        "violation",
        "out of place",
        "change",
    ]
    assert told()["sha256"] in rows[0]["detail"]
    assert rows[1]["detail"].endswith("access_from DE FR; forbidden_legal_control US; forbidden_model_origins CN")
    assert rows[2]["allowed"] == "no"
    assert rows[4]["people"] == "3"
    assert (rows[7]["part"], rows[7]["detail"]) == ("backup", "hub-1.dump")
    assert rows[8]["detail"] == "dataset.amended: store_in EU → DE"
    assert rows[5]["operator"] == f"'{HOSTILE}"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("language", list(Language))
def test_the_page_stands_alone_without_script_and_every_value_is_text(language: Language) -> None:
    page = text(Format.HTML, language)
    read = Read(page)
    names = {tag for tag, _ in read.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "b", "a", "form", "object"})
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on") or name == "src"]
    assert "url(" not in page
    assert "@import" not in page
    assert not re.search(r"https?://", page)
    assert HOSTILE in read.shown
    assert "Rivers & <b>lakes</b>" in read.shown
    assert ("html", {"lang": str(language)}) in read.tags


@pytest.mark.parametrize("language", list(Language))
def test_the_page_names_period_hub_law_digest_and_has_a_field_to_sign(language: Language) -> None:
    page = text(Format.HTML, language)
    shown = Read(page).shown
    for said in ("Bërlin", "2026-10-01", "2026-11-01", "3f1d8a90c2b4e6f7", told()["sha256"], "2026-11-20 09:30 UTC"):
        assert said in shown
    for key in ("title", "signature", "name", "function", "date", "sign", "violations", "changes", "places"):
        assert say(language, key) in shown
    assert "@media print" in page
    assert "<title>" in page
    assert "Luc Perrin" in shown
    assert "hub-1.dump" in shown
    assert "US" in shown


def test_an_empty_period_says_that_nothing_happened_and_a_cut_one_that_it_is_cut() -> None:
    empty = Read(
        text(Format.HTML, report=replace(REPORT, violations=(), findings=(), changes=(), datasets=(), places=()))
    ).shown
    for key in ("no-violations", "no-findings", "no-changes", "no-board", "no-places"):
        assert say(Language.ENGLISH, key) in empty
    cut = replace(REPORT, cut=True)
    assert say(Language.GERMAN, "cut") in Read(text(Format.HTML, Language.GERMAN, cut)).shown
    assert say(Language.GERMAN, "cut") not in Read(text(Format.HTML, Language.GERMAN)).shown
    assert text(Format.CSV, report=cut).count("; cut") == 1


def test_every_word_the_law_uses_has_its_sentence_in_both_languages() -> None:
    used = [
        *Classification,
        *Door,
        *PlaceKind,
        *KINDS,
        "store_in",
        "process_in",
        "access_from",
        "forbidden_legal_control",
        "forbidden_model_origins",
    ]
    assert {str(one) for one in used} <= set(SENTENCES)
    assert all(english and german for english, german in SENTENCES.values())
    assert say(Language.GERMAN, "unheard-of") == "unheard-of"


def test_every_rule_of_residency_is_said_in_german_as_the_screens_say_it() -> None:
    assert RULES.keys() == rulebook().residencies.keys()
    assert {name: SENTENCES_OF_SCREENS[f"rule.{name}"][1] for name in RULES} == RULES
    shown = Read(text(Format.HTML, Language.GERMAN)).shown
    assert "Der Ort der Person gehört nicht zu denen" in shown
    assert "The person's place" not in shown


def test_the_file_is_named_after_the_period_and_its_format() -> None:
    files = [written(REPORT, of, Language.ENGLISH) for of in Format]
    assert [(one.name, one.media_type) for one in files] == [
        ("residency-2026-10-01-2026-11-01.json", "application/json"),
        ("residency-2026-10-01-2026-11-01.csv", "text/csv"),
        ("residency-2026-10-01-2026-11-01.html", "text/html"),
    ]
