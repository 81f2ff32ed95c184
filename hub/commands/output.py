"""How commands speak: a table or JSON to standard output, one sentence and an exit code when something is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    ConflictError,
    DataHubError,
    DependencyError,
    IngestError,
    InvalidTransitionError,
    ModelFileError,
    NotFoundError,
    SettingsError,
)

console = Console()
errors = Console(stderr=True)

#: Exit codes, as README lists them; 0 is done, 2 is a mistake on the command line (typer's own).
REFUSED = 3
UNEXPECTED = 1
EXIT_CODES: Sequence[tuple[type[DataHubError], int]] = (
    (SettingsError, 4),
    (NotFoundError, 5),
    (BudgetExhaustedError, REFUSED),
    (AccessDeniedError, 6),
    (DependencyError, 7),
    (ConflictError, 8),
    (InvalidTransitionError, 8),
    (ModelFileError, 9),
    (IngestError, 10),
)


def exit_code(error: DataHubError) -> int:
    """Return the number a script can tell this error by."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNEXPECTED)


def show_json(value: object) -> None:
    """Print `value` as JSON, dataclasses and dates included."""
    console.print_json(json.dumps(_plain(value), default=str, ensure_ascii=False))


def show_table(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], empty: str) -> None:
    """Print rows under `columns`; an empty list says what to do instead."""
    if not rows:
        console.print(empty)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console.print(table)


def show_error(error: DataHubError, *, as_json: bool) -> None:
    """Say what happened on standard error."""
    if as_json:
        errors.print_json(json.dumps({"error": type(error).__name__, "message": str(error)}))
    else:
        errors.print(str(error), style="red", markup=False, highlight=False)


def _cell(value: object) -> str:
    match value:
        case None:
            return "–"  # noqa: RUF001  # a dash for nothing
        case list() | tuple():
            return ", ".join(str(item) for item in value)
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
