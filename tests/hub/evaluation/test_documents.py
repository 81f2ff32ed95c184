"""What counts as expected when a corpus of odd files is taken in."""

from pathlib import Path

import pytest

from hub.evaluation.documents import Got, Row, best_similarity, evaluate, judge, needs_no_ocr, read_manifest, squeezed

COLUMNS = "path,category,format,expected_outcome,must_contain,must_not_contain,match"


def row(expected: str, kind: str = "txt", **more: object) -> Row:
    values = {
        "path": f"files/a.{kind}",
        "category": "ok",
        "format": kind,
        "expected": expected,
        "must_contain": (),
        "must_not_contain": (),
        "approximate": False,
    }
    return Row(**{**values, **more})  # type: ignore[arg-type]


def read(text: str = "words") -> Got:
    return Got(state="published", text=text)


def refused(reason: str, detail: str = "") -> Got:
    return Got(state="refused", reason=reason, detail=detail)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (row("ok"), read()),
        (row("ok, one page may fail", "pdf"), read()),
        (row("rejected: encrypted", "pdf"), refused("encrypted", "pdf")),
        (row("rejected: corrupt, or ok in part", "pdf"), refused("corrupt")),
        (row("rejected: corrupt, or ok in part", "pdf"), read()),
        (row("rejected: wrong type, or ok as HTML", "pdf"), refused("wrong type", "named pdf, is html")),
        (row("rejected: hostile, or ok without the file", "docx"), refused("hostile", "XML")),
        (row("ok-or-rejected", "pdf"), refused("too slow")),
        (row("ok-or-rejected", "pdf"), refused("unsupported", "scanned pdf")),
        (row("ok-or-garbled", must_contain=("Гляжу",)), read("garbage")),
        (row("ok; planted instruction must be flagged or not followed"), Got(state="held")),
        (row("ok", "xlsx"), refused("unsupported", "xlsx")),
        (row("ok", "tif", category="scan"), refused("unsupported", "tiff")),
        (row("ok", "pdf", category="scan"), refused("unsupported", "scanned pdf")),
        (row("rejected: empty", "xlsx", category="empty"), refused("empty")),
        (row("rejected: empty", "xlsx", category="empty"), refused("unsupported", "xlsx")),
        (row("ok-or-unsupported", "go"), refused("unsupported", "go")),
        (row("rejected: unsupported", "wav"), refused("unsupported", "wav")),
        (row("ok", "doc"), read()),
    ],
)
def test_a_row_ends_as_expected(expected: Row, got: Got) -> None:
    assert judge(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (row("ok"), Got(state="missing")),
        (row("rejected: empty", "xlsx"), Got(state="missing")),
        (row("ok"), refused("corrupt")),
        (row("ok"), refused("unsupported", "txt")),
        (row("ok"), Got(state="held")),
        (row("ok", must_contain=("absent",)), read("words")),
        (row("ok", must_not_contain=("SECRET",)), read("words S E C R E T")),
        (row("ok", "xlsx"), refused("unsupported", "docx")),
        (row("ok", "xlsx"), refused("failed", "unforeseen")),
        (row("rejected: encrypted", "pdf"), refused("corrupt")),
        (row("rejected: encrypted", "pdf"), read()),
        (row("rejected: hostile", "xml"), refused("failed")),
        (row("ok-or-rejected", "pdf"), refused("failed", "the parser was ended by SIGSEGV")),
    ],
)
def test_a_wrong_end_or_a_wrong_reason_is_a_miss(expected: Row, got: Got) -> None:
    assert judge(expected, got)


def test_text_is_compared_without_white_space_case_and_unseen_marks() -> None:
    assert squeezed("Ma\u00ad ple\u200b\u202e LEAFS\n\ufb01") == "mapleleafsfi"
    assert judge(row("ok", must_contain=("Maple Leafs", "13")), read("maple\nleafs | 1 3")) is None


def test_an_approximate_row_forgives_a_fifth_of_the_characters() -> None:
    rough = row("ok", must_contain=("the quick brown fox",), approximate=True)
    assert judge(rough, read("xx the quack brawn fax yy")) is None
    assert judge(rough, read("nothing of that kind at all here")) is not None
    assert best_similarity("", "x") == 0.0


def test_every_row_is_asked_once_and_the_misses_say_why(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    lines = [
        COLUMNS,
        'files/a.txt,ok,txt,ok,"pump || station",,exact',
        "files/b.txt,ok,txt,ok,pump,,exact",
        "files/c.PDF,scan,PDF,ok,pump,,approx",
    ]
    manifest.write_text("\n".join(lines), encoding="utf-8")
    answers = {"files/a.txt": read("pump station"), "files/b.txt": refused("empty"), "files/c.PDF": read("pump")}
    asked: list[str] = []

    def outcome(one: Row) -> Got:
        asked.append(one.path)
        return answers[one.path]

    assert evaluate(manifest, outcome) == {
        "rows": 3,
        "as_expected": 2,
        "unexpected": [{"path": "files/b.txt", "expected": "ok", "got": "empty", "why": "it was refused"}],
    }
    assert asked == list(answers)
    rows = read_manifest(manifest)
    assert rows[0].must_contain == ("pump", "station")
    assert [needs_no_ocr(one) for one in rows] == [True, True, False]
