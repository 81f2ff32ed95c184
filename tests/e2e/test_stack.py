"""The whole hub, started as a person starts it: four parts inside their walls, each brought back when it dies."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.stack.status import PartStatus, status

pytestmark = pytest.mark.model

PARTS = ("postgres", "model", "parser", "worker")
REPOSITORY = Path(__file__).parents[2]
WEIGHTS = Path(os.environ.get("HUB_DATA_DIR", REPOSITORY / ".hub")) / "models"


def hub(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hub.cli", *arguments]
    environment = {**os.environ, "HUB_DATA_DIR": str(root)}
    return subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def part(root: Path, name: str) -> PartStatus:
    (found,) = [one for one in status(root).parts if one.name == name]
    return found


def pids(root: Path) -> dict[str, int | None]:
    return {one.name: one.pid for one in status(root).parts}


def eventually(true: Callable[[], bool], *, within_s: float = 40) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    assert (WEIGHTS / "registry.json").exists(), f"no weights in {WEIGHTS}: make install"
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    same_disk = WEIGHTS.stat().st_dev == top.stat().st_dev
    shutil.copytree(WEIGHTS, top / "models", copy_function=os.link if same_disk else shutil.copy2)
    started = hub(top, "up", "--jurisdiction", "DE", "--detach")
    assert started.returncode == 0, started.stderr
    yield top
    hub(top, "down")
    shutil.rmtree((top / "state" / "run_dir").read_text(), ignore_errors=True)
    shutil.rmtree(top)


def test_all_parts_run_inside_their_walls_within_two_gibibytes(root: Path) -> None:
    found = json.loads(hub(root, "status", "--json").stdout)
    assert [(one["name"], one["state"]) for one in found["parts"]] == [(name, "running") for name in PARTS]
    walls = {"filter": True, "capabilities": True, "namespace": True, "landlock": True}
    assert {one["name"]: one["walls"] for one in found["parts"]} == dict.fromkeys(PARTS, walls)
    assert found["memory_bytes"] <= 2 << 30
    assert found["served"] == ["public", "internal", "restricted", "secret"]


def test_no_part_listens_on_tcp_or_sees_an_interface(root: Path) -> None:
    for name, pid in pids(root).items():
        process = Path(f"/proc/{pid}/net")
        for table in ("tcp", "tcp6", "udp", "udp6"):
            assert len((process / table).read_text().splitlines()) == 1, (name, table)
        interfaces = [line.split(":")[0].strip() for line in (process / "dev").read_text().splitlines()[2:]]
        assert set(interfaces) <= {"lo"}


def test_a_second_up_says_it_is_running_with_an_exit_code_of_its_own(root: Path) -> None:
    second = hub(root, "up")
    assert second.returncode == 8
    assert "already running" in second.stderr


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_killed_comes_back_and_the_others_stay(root: Path, name: str) -> None:
    before = pids(root)
    restarts = part(root, name).restarts
    killed = before[name]
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: part(root, name).restarts > restarts and part(root, name).state == "running")
    after = pids(root)
    assert after.pop(name) != before.pop(name)
    assert after == before
    assert f"{name} was ended by signal 9" in (root / "logs" / "hub.log").read_text()


def test_down_ends_every_process_within_seconds_and_the_next_up_goes_on(root: Path) -> None:
    running = pids(root).values()
    before = time.monotonic()
    assert hub(root, "down").returncode == 0
    assert time.monotonic() - before < 15
    assert not any(Path(f"/proc/{pid}").exists() for pid in running)
    assert hub(root, "status").returncode == 1
    assert hub(root, "up", "--detach").returncode == 0
    assert status(root).up
