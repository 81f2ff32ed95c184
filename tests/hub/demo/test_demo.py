"""The demo's files are real, parse back to their words, and hold what its questions ask."""

import io
import re
import zipfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from catalog.vocabulary import Classification, RefusalKind
from hub.answers import refusal
from hub.demo import ASKER, EXAMPLE, nation
from hub.demo.files import MADE, as_docx, as_pdf, write_files
from hub.demo.trial import Question, _right, questions
from ingest.parse import serve_one

SOURCES = Path(str(files("hub.demo") / "documents"))
TYPES = {
    ".pdf": "application/pdf", ".md": "text/markdown", ".txt": "text/plain", ".csv": "text/csv", ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


@cache
def written() -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        write_files(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@cache
def parsed(name: str) -> str:
    header = {"name": name, "media_type": TYPES[Path(name).suffix], "bytes": len(written()[name])}
    return " ".join(re.findall(r"\S+", str(serve_one(header, written()[name]))))


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text.replace("\\n", " ")).lower()


def test_there_are_ten_documents_in_three_datasets_and_six_formats() -> None:
    assert len(written()) == 10
    assert {Path(name).suffix for name in written()} == set(TYPES)
    assert {path.name for path in SOURCES.iterdir()} == {new.slug for new in nation.DATASETS}


def test_each_source_becomes_what_the_table_says() -> None:
    for stem, ending in MADE.items():
        assert stem + ending in written()
        assert stem + ".source" not in written()


@pytest.mark.parametrize("stem", [stem for stem, ending in MADE.items() if ending == ".pdf"])
def test_a_pdf_is_a_pdf_whose_words_come_back(stem: str) -> None:
    content = written()[f"{stem}.pdf"]
    assert content.startswith(b"%PDF-1.4")
    assert content.endswith(b"%%EOF\n")
    (source,) = SOURCES.rglob(f"{stem}.source")
    held = squeezed(parsed(f"{stem}.pdf"))
    for line in filter(None, source.read_text(encoding="utf-8").splitlines()):
        assert squeezed(line.lstrip("# ")) in held, line


def test_the_word_document_is_one_whose_words_come_back() -> None:
    content = written()["maintenance-plan.docx"]
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    (source,) = SOURCES.rglob("maintenance-plan.source")
    held = squeezed(parsed("maintenance-plan.docx"))
    for line in filter(None, source.read_text(encoding="utf-8").splitlines()):
        assert squeezed(line.lstrip("# ")) in held, line


def test_a_long_text_takes_more_pages() -> None:
    pages = [as_pdf("A line of words.\n" * lines).count(b"/Type/Page/") for lines in (1, 34, 35, 200)]
    assert pages == [1, 1, 2, 6]


@pytest.mark.parametrize("text", ["(brackets)", "back\\slash", "a ) b ( c", "Umlaute äöü ß", "100 % § 5"])
def test_what_means_something_to_pdf_is_only_text_in_it(text: str) -> None:
    header = {"name": "x.pdf", "media_type": TYPES[".pdf"], "bytes": 0}
    assert squeezed(text) in squeezed(str(serve_one(header, as_pdf(f"{text}\nand a second line of words."))))


def test_headings_are_headings_in_word() -> None:
    xml = zipfile.ZipFile(io.BytesIO(as_docx("# One\n## Two\nText."))).read("word/document.xml").decode()
    assert re.findall(r'w:pStyle w:val="(Heading\d)"', xml) == ["Heading1", "Heading2"]


# questions


def test_thirty_questions_twenty_of_them_answerable() -> None:
    asked = questions()
    assert len(asked) == 30
    assert sum(one.document is not None for one in asked) == 20
    assert len({one.question for one in asked}) == 30
    assert all((one.document is None) == (one.says is None) for one in asked)


@pytest.mark.parametrize("one", [one for one in questions() if one.document], ids=lambda one: one.question[:40])
def test_what_a_question_expects_really_stands_in_its_document(one: Question) -> None:
    assert one.document in written()
    assert squeezed(one.says or "") in squeezed(parsed(one.document or ""))


def test_every_document_is_asked_about() -> None:
    assert {one.document for one in questions() if one.document} == set(written())


def test_the_example_is_one_of_the_questions_and_its_asker_one_of_the_people() -> None:
    assert EXAMPLE in {one.question for one in questions()}
    assert ASKER in nation.PEOPLE


def test_a_refusal_is_right_only_where_nothing_answers() -> None:
    for one in questions():
        for kind in RefusalKind:
            assert _right(one, refusal(kind)) == (one.document is None)


# people and datasets


def test_the_datasets_differ_in_classification_and_residency() -> None:
    assert [new.classification for new in nation.DATASETS] == list(Classification)[1:]
    assert len({tuple(new.process_in) for new in nation.DATASETS}) > 1


def test_everyone_belongs_to_an_organisation_that_is_there() -> None:
    assert {organisation for _, organisation, _, _ in nation.PEOPLE.values()} <= set(nation.ORGANISATIONS)
    assert {new.owner for new in nation.DATASETS} <= set(nation.ORGANISATIONS)


def test_one_person_may_ask_all_one_is_elsewhere_and_one_holds_nothing() -> None:
    held = {person: {dataset for who, dataset in nation.GRANTS if who == person} for person in nation.PEOPLE}
    assert held["ada"] == {new.slug for new in nation.DATASETS}
    assert held["luc"] == {"dyke-inspections"}
    assert held["mia"] == set()
    assert nation.PEOPLE["luc"][2] == "FR"
