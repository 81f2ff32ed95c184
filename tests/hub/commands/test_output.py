"""What a person sees: sentences that keep paths whole, tables that fit or become blocks, JSON a program can read."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from catalog import errors as tree
from catalog.errors import DataHubError
from catalog.vocabulary import Classification, HoldReason, RefusalReason
from hub.commands import output
from hub.commands.output import EXIT_CODES, UNEXPECTED, counted, exit_code, printable, say, show_json, show_table

PATH = "/srv/a-rather-long-folder-name/with-another-one-below-it/and-one-more-still-because/it-happens/data"
COLUMNS = ("part", "state", "walls")
ROWS = [
    {"part": "postgres", "state": "running", "walls": "4 of 4 hold"},
    {"part": "model", "state": "waiting", "walls": None},
]


def shown(show: Callable[[Console], None], *, width: int | None = 80) -> str:
    """What a terminal of that width would show; None: a pipe."""
    held = io.StringIO()
    terminal = width is not None
    show(Console(file=held, force_terminal=terminal, width=width, color_system=None, legacy_windows=False))
    return held.getvalue()


@dataclass(frozen=True)
class Thing:
    id: UUID
    when: datetime
    level: Classification
    parts: tuple[str, ...]


@pytest.mark.parametrize("width", [20, 40, 80, 140])
def test_a_path_in_a_sentence_is_never_broken(width: int) -> None:
    text = shown(lambda to: say(f"The data folder {PATH} is in use: stop it with `hub down`.", to=to), width=width)
    assert PATH in text
    assert " ".join(text.split()) == f"The data folder {PATH} is in use: stop it with `hub down`."


@pytest.mark.parametrize("width", [20, 40, 80, 140])
def test_words_are_wrapped_between_words(width: int) -> None:
    words = "one two three four five six seven eight nine ten " * 5
    text = shown(lambda to: say(words, to=to), width=width)
    assert text.split() == words.split()
    assert max(map(len, text.splitlines())) <= width


def test_into_a_pipe_a_sentence_is_one_line() -> None:
    words = "one two three " * 50
    assert shown(lambda to: say(words, to=to), width=None) == words + "\n"


def test_lines_of_a_sentence_stay_lines_and_keep_their_indent() -> None:
    text = shown(lambda to: say("one\n    two " + "x " * 40 + "\n\nthree", to=to), width=40)
    lines = text.splitlines()
    assert lines[0] == "one"
    assert all(line.startswith("    ") for line in lines[1:-2])
    assert lines[-2:] == ["", "three"]


@pytest.mark.parametrize("text", ["[bold]not markup[/bold]", "[1] Harbour", "50 % of {it}", ":smile:", "a\\b"])
def test_nothing_in_a_sentence_is_markup(text: str) -> None:
    assert shown(lambda to: say(text, to=to)) == text + "\n"
    assert text in shown(lambda to: show_table([{"x": text}], columns=("x",), empty="", to=to))


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("\x1b[2Jgone", "[2Jgone"),
        ("\x1b]0;title\x07x", "]0;titlex"),
        ("a\rb", "ab"),
        ("a\x08b", "ab"),
        ("a\x9b31mb", "a31mb"),
        ("a\u202eb\u2066c", "abc"),
        ("Mühle\nzwei", "Mühle\nzwei"),
        ("می\u200cرود", "می\u200cرود"),
    ],
)
def test_a_document_can_not_command_the_terminal(hostile: str, seen: str) -> None:
    assert printable(hostile) == seen
    assert "\x1b" not in shown(lambda to: say(hostile, to=to))
    assert "\x1b" not in shown(lambda to: show_table([{"x": hostile}], columns=("x",), empty="", to=to))


def test_a_table_that_fits_is_a_table() -> None:
    text = shown(lambda to: show_table(ROWS, columns=COLUMNS, empty="", to=to))
    assert text.splitlines() == [
        "part      state    walls",
        "postgres  running  4 of 4 hold",
        "model     waiting  –",  # noqa: RUF001  # a dash for nothing
    ]


def test_an_empty_table_is_a_sentence() -> None:
    assert shown(lambda to: show_table([], columns=COLUMNS, empty="Nobody yet.", to=to)) == "Nobody yet.\n"


def test_the_widest_column_is_wrapped_between_words_where_that_is_enough() -> None:
    rows = [{"name": "disk", "to_do": "free some space on the disk or set the variable to another one that has more"}]
    text = shown(lambda to: show_table(rows, columns=("name", "to_do"), empty="", to=to), width=50)
    lines = text.splitlines()
    assert lines[0] == "name  to do"
    assert len(lines) == 3
    assert max(map(len, lines)) <= 50
    assert lines[2].startswith(" " * 6)


def test_where_that_is_not_enough_each_row_is_a_block() -> None:
    rows = [{"a": "first", "b": "x" * 30, "c": "y" * 30}, {"a": "second", "b": "x", "c": "y"}]
    text = shown(lambda to: show_table(rows, columns=("a", "b", "c"), empty="", to=to), width=50)
    assert text.splitlines() == [
        "first", "  b  " + "x" * 30, "  c  " + "y" * 30, "second", "  b  x", "  c  y",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 140])
def test_no_width_breaks_an_id_or_folds_a_column_to_letters(width: int) -> None:
    rows = [
        {"id": str(UUID(int=n)), "dataset": "dyke-inspections", "purpose": "research", "to": "ada"} for n in range(3)
    ]
    text = shown(lambda to: show_table(rows, columns=("dataset", "to", "purpose", "id"), empty="", to=to), width=width)
    for row in rows:
        assert all(value in text for value in row.values())
    assert not [line for line in text.splitlines() if len(line.strip()) < 3]


def test_a_block_leaves_out_what_is_nothing() -> None:
    rows = [{"a": "first", "b": None, "c": "y" * 60}]
    text = shown(lambda to: show_table(rows, columns=("a", "b", "c"), empty="", to=to), width=50)
    assert text.splitlines() == ["first", "  c  " + "y" * 60]


def test_into_a_pipe_a_row_is_a_line_however_long() -> None:
    rows = [{"a": "x" * 300, "b": "y " * 200}] * 2
    text = shown(lambda to: show_table(rows, columns=("a", "b"), empty="", to=to), width=None)
    assert len(text.splitlines()) == 3


def test_wide_characters_keep_the_columns_straight() -> None:
    rows = [{"a": "堤坝", "b": "1"}, {"a": "dyke", "b": "2"}]
    assert shown(lambda to: show_table(rows, columns=("a", "b"), empty="", to=to)).splitlines()[1:] == [
        "堤坝  1",
        "dyke  2",
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, "–"),  # noqa: RUF001  # a dash for nothing
        ((), "–"),  # noqa: RUF001  # the same
        (("DE", "FR"), "DE, FR"),
        (["EU"], "EU"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (Decimal("0.5"), "0.5"),
        (Classification.SECRET, "secret"),
        (datetime(2026, 5, 3, 14, 7, 59, tzinfo=UTC), "2026-05-03 14:07"),
        (datetime(2026, 5, 3, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-05-02 23:00"),
    ],
)
def test_a_cell_is_what_a_person_reads(value: object, cell: str) -> None:
    assert output._cell(value) == cell


def test_json_takes_dataclasses_dates_ids_and_other_alphabets(capsys: pytest.CaptureFixture[str]) -> None:
    when = datetime(2026, 5, 3, tzinfo=UTC)
    thing = Thing(UUID(int=1), when, Classification.SECRET, ("堤坝",))
    show_json({"things": [thing], "by": {UUID(int=2): thing}})
    text = capsys.readouterr().out
    found = json.loads(text)["things"][0]
    assert found == {"id": str(UUID(int=1)), "when": str(when), "level": "secret", "parts": ["堤坝"]}
    assert "堤坝" in text


def test_json_is_not_wrapped_however_narrow_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    show_json({"path": PATH, "text": "word " * 50})
    assert json.loads(capsys.readouterr().out) == {"path": PATH, "text": "word " * 50}


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 passages"), (1, "1 passage"), (2, "2 passages"), (1200, "1,200 passages")]
)
def test_one_is_one_and_more_are_more(number: int, words: str) -> None:
    assert counted(number, "passage") == words


ERRORS = [kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, DataHubError)]


def made(kind: type[DataHubError]) -> DataHubError:
    match kind:
        case tree.PermanentError:
            return kind(RefusalReason.EMPTY)
        case tree.OutOfPlaceError:
            return tree.OutOfPlaceError("place.unregistered", [])
        case tree.HeldError:
            return tree.HeldError(HoldReason.MARKED, "A marking asks for more.")
        case _:
            return kind("What happened.")


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_an_exit_code_a_shell_can_tell_from_success(kind: type[DataHubError]) -> None:
    code = exit_code(made(kind))
    assert 1 <= code <= 125
    assert code != 2  # a mistake on the command line


def test_the_table_of_exit_codes_has_no_row_that_is_never_reached() -> None:
    for kind, code in EXIT_CODES:
        assert exit_code(made(kind)) == code
    assert exit_code(DataHubError()) == UNEXPECTED


@pytest.mark.parametrize("as_json", [False, True])
def test_an_error_goes_to_standard_error(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    output.show_error(DataHubError(f"The folder {PATH} is gone [sic]."), as_json=as_json)
    said = capsys.readouterr()
    assert said.out == ""
    assert f"The folder {PATH} is gone [sic]." in said.err
    if as_json:
        assert json.loads(said.err) == {"error": "DataHubError", "message": f"The folder {PATH} is gone [sic]."}


def test_an_error_has_no_colours_outside_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_error(DataHubError("Red."), as_json=False)
    assert not re.search("\x1b", capsys.readouterr().err)


def test_rows_may_lack_a_column() -> None:
    rows: list[dict[str, Any]] = [{"a": 1}]
    assert "–" in shown(lambda to: show_table(rows, columns=("a", "b"), empty="", to=to))  # noqa: RUF001  # a dash


def test_a_pipe_that_is_closed_while_json_is_written_is_left_to_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    left: list[bool] = []
    console = Console(file=Closed())
    monkeypatch.setattr(console, "on_broken_pipe", lambda: left.append(True))  # it would end this process
    monkeypatch.setattr(output, "console", console)
    show_json({"a": 1})
    assert left == [True]
