"""A bar is for a person who waits: on a terminal it moves and goes, a pipe gets not even an empty line."""

import ast
import io
from pathlib import Path

import pytest
from rich.console import Console

from hub.commands import bars
from hub.commands.bars import Counting, progress_bar

COMMANDS = Path(bars.__file__).parent


def heard(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> io.StringIO:
    """What standard error gets from now on."""
    monkeypatch.setenv("TERM", "xterm")  # whatever runs the tests: on one that can't move its cursor no bar is drawn
    heard = io.StringIO()
    made = Console(file=heard, force_terminal=terminal, width=100, color_system=None, legacy_windows=False)
    monkeypatch.setattr(bars, "errors", made)
    return heard


def count_three() -> None:
    with Counting("Storing", "files", quiet=False) as bar:
        for done in (1, 2, 3):
            bar.show(done, 3)


@pytest.mark.parametrize("kept", [False, True])
def test_a_pipe_gets_nothing_at_all(monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    out = heard(monkeypatch, terminal=False)
    count_three()
    with progress_bar(kept=kept) as bar:
        bar.add_task("Fetching", total=3)
    assert out.getvalue() == ""


def test_who_wants_json_gets_no_bar_even_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = heard(monkeypatch, terminal=True)
    with Counting("Storing", "files", quiet=True) as bar:
        bar.show(1, 3)
    assert out.getvalue() == ""


def test_a_terminal_sees_count_and_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    out = heard(monkeypatch, terminal=True)
    count_three()
    assert "Storing" in out.getvalue()
    assert "3/3" in out.getvalue()
    assert " files/s" in out.getvalue()


def test_nobody_builds_a_bar_of_their_own() -> None:
    """A second place would print empty lines into pipes again."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(COMMANDS.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Progress"
    ]
    assert len(found) == 1
    assert found[0].startswith("bars.py")
