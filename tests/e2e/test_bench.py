"""`hub bench` on a small index: it measures a hub of its own, says what it found, and leaves nothing behind."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("HUB_DATA_DIR", REPOSITORY / ".hub"))


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hub.cli", "bench", *arguments]
    environment = {**os.environ, "HUB_DATA_DIR": str(DATA)}
    return subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def throwaways() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("hub-eval-*")}


@pytest.mark.long
def test_a_small_index_is_searched_exactly_and_the_hub_is_gone_afterwards() -> None:
    assert (DATA / "models" / "registry.json").exists(), f"no weights in {DATA}: make install"
    before = throwaways()
    done = bench("search", "--sizes", "300,600", "--questions", "10", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [size["chunks"] for size in found["sizes"]] == [300, 600]
    few, more = (size["visible"] for size in found["sizes"])
    assert (list(few), list(more)) == (["100 %", "10 %", "1 %"], ["100 %", "10 %", "1 %", "0.1 %"])
    assert list(found["half_closed"]["visible"]) == list(more)
    for size in found["sizes"]:
        for name, visible in size["visible"].items():
            share = float(name.removesuffix(" %")) / 100
            assert visible["chunks"] == pytest.approx(size["chunks"] * share, abs=1)
            assert visible["recall"] >= 0.98
            assert visible["fewest_rows"] == min(10, visible["chunks"])
            assert 0 < visible["dense_p50_ms"] <= visible["dense_p95_ms"]
    assert throwaways() - before == set()


@pytest.mark.parametrize("name", ["disclose", "embed", "search"])
def test_each_bench_has_an_example_and_speaks_json(name: str) -> None:
    told = bench(name, "--help").stdout
    assert f"hub bench {name}" in told
    assert "--json" in told
