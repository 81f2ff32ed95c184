"""The project's own source, as trees: what the architecture tests look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("catalog", "hub", "ingest", "migrations", "ui")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file, by its path below the root."""

    path: str
    tree: ast.Module

    def below(self, *prefixes: str) -> bool:
        """Say whether the file is one of these, or lies in one of these folders (written with a slash at the end)."""
        return any(self.path == one or (one.endswith("/") and self.path.startswith(one)) for one in prefixes)

    def at(self, node: ast.expr | ast.stmt) -> str:
        """Where a node stands, as an editor opens it."""
        return f"{self.path}:{node.lineno}"

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Everything that is imported, by its whole name, also inside functions and under TYPE_CHECKING."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.at(node)}: imports name their package in full"
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with the dotted name of what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, ast.unparse(node.func)

    def texts(self) -> Iterator[tuple[ast.expr, str]]:
        """Every string that is no docstring; of an f-string, what stands between its holes."""
        prose = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                yield node, node.value


@cache
def sources() -> tuple[Source, ...]:
    """Every file of the product."""
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(
        Source(path=path.relative_to(ROOT).as_posix(), tree=ast.parse(path.read_text(encoding="utf-8")))
        for path in found
    )


def source(text: str, path: str = "hub/made.py") -> Source:
    """A file that isn't there: to show that a test would see it."""
    return Source(path=path, tree=ast.parse(text))
