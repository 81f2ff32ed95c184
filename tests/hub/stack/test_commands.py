"""What a person reads from `hub status`, `down`, `doctor` and `migrate`."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from catalog.errors import SettingsError
from hub.commands import stack
from hub.stack.folder import DataFolder

app = typer.Typer()
stack.register(app)


@pytest.fixture
def root() -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    yield top / "data"
    record = top / "data" / "state" / "run_dir"
    if record.exists():
        shutil.rmtree(record.read_text(), ignore_errors=True)
    shutil.rmtree(top)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("name", ["up", "down", "status", "doctor", "migrate"])
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    code, text = run(name, "--help")
    assert code == 0
    assert f"Example: hub {name}" in text
    assert "--json" in text


def test_status_of_a_stopped_hub_says_so_with_its_own_exit_code(root: Path) -> None:
    DataFolder.prepare(root)
    code, text = run("status", "--data-dir", str(root))
    assert code == 1
    assert "not up (never started)" in text
    code, text = run("status", "--json", "--data-dir", str(root))
    found = json.loads(text)
    assert (code, found["up"], found["parts"], found["memory_bytes"], found["served"]) == (1, False, [], 0, [])


def test_down_without_a_running_hub_is_no_error(root: Path) -> None:
    DataFolder.prepare(root)
    assert run("down", "--data-dir", str(root)) == (0, "The hub was not running.\n")
    assert json.loads(run("down", "--json", "--data-dir", str(root))[1]) == {"stopped": False}


def test_up_without_a_jurisdiction_is_refused_also_in_the_background(root: Path) -> None:
    for more in ((), ("--detach",)):
        with pytest.raises(SettingsError, match="--jurisdiction DE"):
            run("up", "--data-dir", str(root), *more)


def test_doctor_lists_what_it_found_and_what_to_do(root: Path) -> None:
    code, text = run("doctor", "--data-dir", str(root))
    assert code == 4  # no models there
    assert "postgresql" in text
    assert "wrong" in text
    code, text = run("doctor", "--json", "--data-dir", str(root))
    found = json.loads(text)
    assert (code, found["fit"]) == (4, False)
    assert any("hub models fetch" in one["remedy"] for one in found["findings"])
    assert {"postgresql", "pgvector", "libseccomp", "models"} <= {one["name"] for one in found["findings"]}


def test_migrate_makes_a_hub_that_was_never_started(root: Path) -> None:
    code, text = run("migrate", "--data-dir", str(root))
    assert (code, text) == (0, "The schema is today's.\n")
    assert (root / "postgres" / "PG_VERSION").exists()
