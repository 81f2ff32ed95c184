"""How commands speak: a table or JSON to standard output, one sentence and an exit code when something is wrong."""

import json
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    ConflictError,
    DataHubError,
    DependencyError,
    GuardrailError,
    IngestError,
    InvalidTransitionError,
    ModelFileError,
    NotFoundError,
    ReasonNeededError,
    SettingsError,
)

console = Console()
errors = Console(stderr=True)

#: Exit codes, as README lists them; 0 is done, 2 is a mistake on the command line (typer's own).
REFUSED = 3
UNEXPECTED = 1
NOT_TAKEN_IN = 10
EXIT_CODES: Sequence[tuple[type[DataHubError], int]] = (
    (SettingsError, 4),
    (NotFoundError, 5),
    (BudgetExhaustedError, REFUSED),
    (ReasonNeededError, REFUSED),
    (GuardrailError, REFUSED),
    (AccessDeniedError, 6),
    (DependencyError, 7),
    (ConflictError, 8),
    (InvalidTransitionError, 8),
    (ModelFileError, 9),
    (IngestError, NOT_TAKEN_IN),
)
#: A column is wrapped by words down to this; where that is not enough, a row becomes a block of lines.
NARROWEST = 24
_GAP = 2
NOTHING = "–"  # noqa: RUF001  # a dash for nothing
#: Characters that turn the direction of what follows: a document could show one thing and hold another.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def exit_code(error: DataHubError) -> int:
    """Return the number a script can tell this error by."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNEXPECTED)


def say(sentence: str, *, style: str = "", to: Console = console) -> None:
    """Print a sentence wrapped between words, so that a path or an id in it stays whole; unwrapped into a pipe."""
    sentence = printable(sentence)
    paragraphs = sentence.split("\n") if to.is_terminal else []
    wrapped = (
        textwrap.fill(line, to.width, break_long_words=False, break_on_hyphens=False, subsequent_indent=_indent(line))
        for line in paragraphs
    )
    to.print(Text("\n".join(wrapped) if paragraphs else sentence, style), soft_wrap=True)


def counted(number: int, noun: str) -> str:
    """Return `1 passage`, `3 passages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def show_json(value: object) -> None:
    """Print `value` as JSON, dataclasses and dates included."""
    text = json.dumps(_plain(value), default=str, ensure_ascii=False, indent=2)
    if console.is_terminal:
        console.print_json(text)
        return
    try:  # not by rich, which would cut each line into pieces: 40 ms for 500 events
        console.file.write(f"{text}\n")
        console.file.flush()
    except BrokenPipeError:
        console.on_broken_pipe()


def show_table(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], empty: str, to: Console = console) -> None:
    """Print rows under `columns`, or each as a block where the terminal is too narrow; none: `empty` says what to do.

    Into a pipe the table is as wide as it needs: a line is a row.
    """
    if not rows:
        say(empty, to=to)
        return
    names = [column.replace("_", " ") for column in columns]
    cells = [[printable(_cell(row.get(column))) for column in columns] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    over = sum(widths) + _GAP * (len(names) - 1) - to.width if to.is_terminal else 0
    widest = widths.index(max(widths))
    least = max([NARROWEST, *(cell_len(word) for row in cells for word in row[widest].split())])
    if over > 0 and widths[widest] - over < least:
        _show_blocks(names, cells, to)
        return
    widths[widest] -= max(over, 0)
    _show_row(names, widths, to, style="bold")
    for row in cells:
        _show_row(row, widths, to)


def show_error(error: DataHubError, *, as_json: bool) -> None:
    """Say what happened on standard error."""
    if as_json:
        errors.out(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False))
    else:
        say(str(error), style="red", to=errors)


def printable(text: str) -> str:
    """Return the text without what a terminal would obey: control characters and marks that turn its direction."""
    return "".join(c for c in text if c == "\n" or (unicodedata.category(c) != "Cc" and c not in _TURNING))


def _show_row(row: Sequence[str], widths: Sequence[int], to: Console, *, style: str = "") -> None:
    columns = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    for parts in zip_longest(*columns, fillvalue=""):
        line = (" " * _GAP).join(set_cell_size(part, width) for part, width in zip(parts, widths, strict=True))
        to.print(Text(line.rstrip(), style), soft_wrap=True)


def _show_blocks(names: Sequence[str], cells: Sequence[Sequence[str]], to: Console) -> None:
    label = max(map(cell_len, names[1:]), default=0) + _GAP
    for first, *rest in cells:
        to.print(Text(first, "bold"), soft_wrap=True)
        for name, cell in zip(names[1:], rest, strict=True):
            if cell == NOTHING:
                continue
            lines = ("\n" + " " * (label + _GAP)).join(_wrapped(cell, max(to.width - label - _GAP, NARROWEST)))
            to.print(Text(f"{'':{_GAP}}{name:{label}}", "dim") + Text(lines), soft_wrap=True)


def _wrapped(text: str, width: int) -> list[str]:
    """Return lines broken between words; what is longer than a line stays whole, to be copied."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" ")))


def _cell(value: object) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
        case list() | tuple():
            return ", ".join(str(item) for item in value) or NOTHING
        case _:
            return str(value)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value
