"""No file of the screens hides a package, imports anything of ours, or reaches a network but through its door."""

import ast
import importlib.metadata
import sys
from pathlib import Path

UI = Path(__file__).parents[2] / "ui"
FILES = sorted(UI.rglob("*.py"))
OURS = {"catalog", "hub", "ingest", "migrations"}
NETWORK = {"httpx", "httpx2", "socket", "urllib3", "requests", "http", "asyncio", "authlib", "uvicorn"}
MAY = {
    "client.py": {"httpx"},
    "issuer.py": {"httpx2", "authlib"},
    "__main__.py": {"socket", "uvicorn"},
    "events.py": {"asyncio"},
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_nothing_beside_the_script_is_named_after_a_package() -> None:
    taken = set(sys.stdlib_module_names) | set(importlib.metadata.packages_distributions())
    beside = {path.stem for path in UI.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert beside & taken - {"__init__", "__main__"} == set()


def test_the_screens_import_nothing_of_ours() -> None:
    assert {path.name: imports(path) & OURS for path in FILES if imports(path) & OURS} == {}


def test_only_the_doors_reach_a_network() -> None:
    reach = {path.name: imports(path) & NETWORK for path in FILES if imports(path) & NETWORK}
    assert {name: libraries - MAY.get(name, set()) for name, libraries in reach.items()} == {
        name: set() for name in reach
    }


def test_html_of_the_screens_is_made_in_few_places() -> None:
    """Where text of others could become a tag: `st.html` takes our own escaped pieces, Markdown never takes HTML."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            assert all(one.arg not in {"unsafe_allow_html", "unsafe_allow_javascript"} for one in node.keywords), path
            if ast.unparse(node.func) == "st.html":
                assert path.parent.name in {"components", "screens"}, path


def test_nothing_is_cached_across_people() -> None:
    for path in FILES:
        assert "cache_data" not in path.read_text(encoding="utf-8"), path
        assert "cache_resource" not in path.read_text(encoding="utf-8"), path
