"""The arrows between rooms, as contracts in pyproject.toml, and that each of them would break."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.code import ROOT, sources

LINTER = Path(sys.executable).with_name("lint-imports")


def test_the_contracts_hold() -> None:
    ended = subprocess.run([LINTER, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stdout[-4000:]
    assert " 0 broken" in ended.stdout


def test_every_package_is_under_contract() -> None:
    roots = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "root_packages"
    ]
    packages = {file.path.partition("/")[0] for file in sources()}
    assert packages - {"ui"} <= set(roots)


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("catalog/audit.py", "import hub.ask", "catalog imports nothing of ours"),
        ("ingest/tag.py", "import hub.settings", "hub and ingest never import each other"),
        ("hub/ask.py", "import catalog.policy.decide", "one decision"),
        ("catalog/policy/decide.py", "import sqlalchemy", "the decision is pure"),
        ("hub/seal/filter.py", "import hub.stack.stack", "the seal knows nothing"),
    ],
)
def test_an_arrow_that_points_up_breaks_its_contract(file: str, line: str, contract: str, tmp_path: Path) -> None:
    import shutil

    for package in ("catalog", "hub", "ingest", "migrations"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / file
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    ended = subprocess.run(
        [LINTER, "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 1, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert any(contract in said and "BROKEN" in said for said in ended.stdout.splitlines())
