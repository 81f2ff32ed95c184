"""The demo's files are real, parse back to their words, and hold what its questions ask."""

import io
import re
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from catalog.vocabulary import RefusalKind
from hub.answers import refusal
from hub.demo import ASKER, EXAMPLE
from hub.demo.files import DRAWN, MADE, REFUSED, as_docx, as_xlsx
from hub.demo.holdings import CANARIES, DATASETS
from hub.demo.pdf import as_pdf
from hub.demo.people import GRANTS
from hub.demo.trial import Question, _right, questions
from tests.hub.demo.written import TYPES, by_dataset, read, read_bytes, squeezed, text_of, written

SOURCES = Path(str(files("hub.demo") / "documents"))
READABLE = sorted(set(written()) - set(REFUSED))


def source_of(stem: str) -> list[str]:
    (source,) = SOURCES.rglob(f"{stem}.source")
    return [line for line in source.read_text(encoding="utf-8").splitlines() if line]


def test_there_are_thirty_documents_in_eight_datasets_and_seven_formats() -> None:
    assert len(written()) == sum(map(len, by_dataset().values())) == 30
    assert {Path(name).suffix for name in written()} == set(TYPES)
    assert set(by_dataset()) == {new.slug for new in DATASETS}


def test_each_source_becomes_what_the_table_says_and_each_drawing_is_there() -> None:
    assert {path.stem for path in SOURCES.rglob("*.source")} == set(MADE)
    for stem, ending in MADE.items():
        assert stem + ending in written()
        assert stem + ".source" not in written()
    for name in DRAWN:
        dataset, _, file = name.partition("/")
        assert file in by_dataset()[dataset]


@pytest.mark.parametrize("stem", [stem for stem, ending in MADE.items() if ending != ".xlsx"])
def test_the_words_of_a_made_file_come_back(stem: str) -> None:
    held = squeezed(text_of(stem + MADE[stem]))
    for line in source_of(stem):
        assert squeezed(line.lstrip("# ")) in held, line


@pytest.mark.parametrize("stem", [stem for stem, ending in MADE.items() if ending == ".pdf"])
def test_the_headings_of_a_pdf_are_its_outline(stem: str) -> None:
    content = written()[f"{stem}.pdf"]
    assert content.startswith(b"%PDF-1.4")
    assert content.endswith(b"%%EOF\n")
    wanted = [(len(line) - len(line.lstrip("#")), line.lstrip("# ")) for line in source_of(stem) if line[0] == "#"]
    assert [(level, title) for _, level, title in read(f"{stem}.pdf")["headings"]] == wanted


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_hub_can_not_read_yet_is_refused_with_its_reason(name: str) -> None:
    found = read(name)
    assert f"{found['refused']}: {found['detail']}" == REFUSED[name]


@pytest.mark.parametrize("name", READABLE)
def test_every_other_document_is_read_and_nothing_in_it_is_hidden_or_broken(name: str) -> None:
    found = read(name)
    assert (found["hidden"], found["notes"]) == (0, [])
    assert len(found["text"]) > 200


def test_there_are_two_languages_and_every_text_is_known_for_one_of_them() -> None:
    spoken = [read(name)["language"] for name in READABLE]
    assert set(spoken) == {"english", "german"}
    assert spoken.count("german") >= 8


def test_most_pdfs_have_several_pages() -> None:
    pages = {name: read(name)["pages"] for name in READABLE if name.endswith(".pdf")}
    assert sum(count > 1 for count in pages.values()) >= 6


def test_the_same_words_are_always_the_same_bytes() -> None:
    text = "# One\nTwo, three."
    assert (as_docx(text), as_xlsx(text), as_pdf(text)) == (as_docx(text), as_xlsx(text), as_pdf(text))
    with zipfile.ZipFile(io.BytesIO(written()["maintenance-plan.docx"])) as package:
        assert {part.date_time[0] for part in package.infolist()} == {1980}


def test_a_workbook_holds_its_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx('a,"b & c"\n1,<2>\n'))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<t>(.*?)</t>", sheet) == ["a", "b &amp; c", "1", "&lt;2&gt;"]
    assert sheet.count("<row>") == 2


def test_a_long_text_takes_more_pages() -> None:
    pages = [as_pdf("A line of words.\n" * lines).count(b"/Type/Page/") for lines in (1, 34, 35, 200)]
    assert pages == [1, 1, 2, 6]


@pytest.mark.parametrize(
    "text", ["(brackets)", "back\\slash", "a ) b ( c", "Umlaute äöü ß", "100 % § 5", "„Zitat“ und €"]
)
def test_what_means_something_to_pdf_is_only_text_in_it(text: str) -> None:
    made = as_pdf(f"# {text}\n{text}\nand a second line of words.")
    found = read_bytes("x.pdf", made)
    assert found["text"].count(text) == 2
    assert [title for _, _, title in found["headings"]] == [text]


def test_headings_are_headings_in_word() -> None:
    xml = zipfile.ZipFile(io.BytesIO(as_docx("# One\n## Two\nText."))).read("word/document.xml").decode()
    assert re.findall(r'w:pStyle w:val="(Heading\d)"', xml) == ["Heading1", "Heading2"]


# canaries


@pytest.mark.parametrize("slug", CANARIES)
def test_a_canary_stands_in_every_document_of_its_dataset_and_in_no_other(slug: str) -> None:
    word = CANARIES[slug].casefold()
    for dataset, documents in by_dataset().items():
        for name in set(documents) - set(REFUSED):
            assert (word in text_of(name).casefold()) == (dataset == slug), name


def test_every_dataset_that_is_not_public_has_a_canary_of_its_own() -> None:
    assert set(CANARIES) == {new.slug for new in DATASETS if new.classification != "public"}
    assert len(set(CANARIES.values())) == len(CANARIES)


def test_no_question_gives_a_canary_away() -> None:
    asked = " ".join([one.question for one in questions()] + [q for new in DATASETS for q in new.sample_questions])
    assert not [word for word in CANARIES.values() if word.casefold() in asked.casefold()]


# questions


def test_forty_questions_twenty_eight_of_them_answerable() -> None:
    asked = questions()
    assert len(asked) == 40
    assert sum(one.document is not None for one in asked) == 28
    assert len({one.question for one in asked}) == 40
    assert all((one.document is None) == (one.says is None) for one in asked)
    assert sum(bool(re.match(r"(?:Wie|Warum|Ab|Was)\b", one.question)) for one in asked) >= 5, "some are German"


@pytest.mark.parametrize("one", [one for one in questions() if one.document], ids=lambda one: one.question[:40])
def test_what_a_question_expects_really_stands_in_its_document(one: Question) -> None:
    assert one.document in written()
    assert squeezed(one.says or "") in squeezed(text_of(one.document or ""))


def test_every_document_the_asker_may_read_is_asked_about() -> None:
    granted = {dataset for person, dataset, _ in GRANTS if person == ASKER}
    open_to_them = {name for dataset in granted for name in by_dataset()[dataset]} - set(REFUSED)
    assert {one.document for one in questions() if one.document} == open_to_them


@pytest.mark.parametrize(
    ("question", "document", "says"),
    [
        ("Wie viele Sirenen hat der Kreis?", "sirenennetz.txt", "87 Sirenen"),
        (
            "Wie viele Stellen für Lehrkräfte sind unbesetzt?",
            "schulentwicklungsplan-2026.pdf",
            "47 Stellen für Lehrkräfte unbesetzt",
        ),
    ],
)
def test_some_questions_nothing_answers_for_the_asker_have_their_answer_where_they_may_not_look(
    question: str, document: str, says: str
) -> None:
    assert next(one for one in questions() if one.question == question).document is None
    assert squeezed(says) in squeezed(text_of(document))
    (dataset,) = (slug for slug, names in by_dataset().items() if document in names)
    assert dataset not in {granted for person, granted, _ in GRANTS if person == ASKER}


def test_the_example_is_one_of_the_questions() -> None:
    assert EXAMPLE in {one.question for one in questions()}


def test_a_refusal_is_right_only_where_nothing_answers() -> None:
    for one in questions():
        for kind in RefusalKind:
            assert _right(one, refusal(kind)) == (one.document is None)
