"""A copy of the tree in which one thing at a time is changed, and tests run on it by this interpreter."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.code import ROOT

PARTS = ("catalog", "hub", "ingest", "migrations", "tests", "ui")
FAILED = re.compile(r"^FAILED (.+?)(?: - .*)?$", re.MULTILINE)

#: How long one run of tests may take, in seconds: one mutant's, and every mutant's tests together.
ONE, ALL = 600, 1500

#: Sealed processes get neither our environment nor the copy's folder; in the copy, and there only, they do.
SO_THAT_SEALED_PROCESSES_IMPORT_THE_COPY = (
    (
        "hub/seal/__main__.py",
        '    environment["HUB_SEALED"] =',
        '    environment["PYTHONPATH"] = {copy!r}\n    environment["HUB_SEALED"] =',
    ),
    (
        "hub/seal/plan.py",
        "packages = Path(catalog.__file__).parent,",
        "packages = Path(catalog.__file__).parent.parent,",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a run of tests ended: a test failed (which), or something else went wrong, which proves nothing."""

    failed: str
    passed: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class Copy:
    """The copied tree."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> "Copy":
        """Copy the tree into a folder that isn't there yet."""
        for part in PARTS:
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", root)
        copy = cls(root=root)
        for file, before, after in SO_THAT_SEALED_PROCESSES_IMPORT_THE_COPY:
            copy.replace(file, before, after.format(copy=str(root)))
        return copy

    def replace(self, file: str, before: str, after: str) -> None:
        """Change the one place where `before` stands."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{file} holds {text.count(before)} times, not once: {before}"
        path.write_text(text.replace(before, after), encoding="utf-8")

    @contextmanager
    def changed(self, file: str, before: str, after: str) -> Iterator[None]:
        """Change it for a while."""
        kept = (self.root / file).read_text(encoding="utf-8")
        self.replace(file, before, after)
        try:
            yield
        finally:
            (self.root / file).write_text(kept, encoding="utf-8")

    def run(self, *tests: str, workers: int = 0, seconds: int = ONE) -> Ran:
        """Run tests until the first that fails."""
        how = ("-x", "-q", "-n", str(workers), "--no-header", "--tb=line", "--timeout=120")
        ended = self._python("-m", "pytest", *how, *tests, seconds=seconds)
        failed = FAILED.search(ended.stdout) if ended.returncode == 1 else None
        return Ran(failed=failed[1] if failed else "", passed=ended.returncode == 0, said=ended.stdout)

    def imported_from(self) -> list[str]:
        """Where our packages come from, in a plain process and in a sealed one."""
        look = "import catalog, hub.seal, ingest; print(catalog.__file__, hub.seal.__file__, ingest.__file__)"
        sealed = ("-P", "-m", "hub.seal", "parser", "--", sys.executable)
        return [self._python(*before, "-P", "-c", look, seconds=ONE).stdout for before in ((), sealed)]

    def _python(self, *arguments: str, seconds: int) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
