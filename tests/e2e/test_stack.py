"""The whole hub, started as a person starts it: its parts inside their walls, each brought back when it dies."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.stack.folder import DataFolder
from hub.stack.status import PartStatus, part_status, status

pytestmark = pytest.mark.model

PARTS = ("postgres", "model", "parser", "worker", "issuer", "keys", "reader", "api", "ui", "ingress")
#: The one that listens stands on the machine's own network.
APART = PARTS[:-1]
REPOSITORY = Path(__file__).parents[2]
WEIGHTS = Path(os.environ.get("HUB_DATA_DIR", REPOSITORY / ".hub")) / "models"


def hub(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hub.cli", *arguments]
    environment = {**os.environ, **PORTS, "HUB_DOORS": "true", "HUB_DATA_DIR": str(root)}
    return subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in taken]


PORTS = dict(zip(("HUB_UI_PORT", "HUB_API_PORT", "HUB_ISSUER_PORT"), map(str, free_ports(3)), strict=True))


def part(root: Path, name: str) -> PartStatus:
    return part_status(DataFolder.existing(root), name, weighed=False)


def pids(root: Path) -> dict[str, int | None]:
    return {name: part(root, name).pid for name in PARTS}


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
    listening = {name: holds for name, holds in walls.items() if name != "namespace"}
    assert {one["name"]: one["walls"] for one in found["parts"]} == {
        **dict.fromkeys(APART, walls),
        "ingress": listening,
    }
    assert found["memory_bytes"] <= 2 << 30
    assert found["served"] == ["public", "internal", "restricted", "secret"]


def test_people_and_programs_find_their_doors(root: Path) -> None:
    assert root
    for name, path, words in (
        ("HUB_UI_PORT", "/", b"<title>"),
        ("HUB_API_PORT", "/health", b'"status":"ok"'),
        ("HUB_ISSUER_PORT", "/realms/hub/.well-known/openid-configuration", b'"issuer"'),
    ):
        host = "127.0.0.1" if name == "HUB_ISSUER_PORT" else "localhost"
        connection = http.client.HTTPConnection(host, int(PORTS[name]), timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, words in answer.read()) == (200, True), name
        connection.close()


def test_no_part_but_the_ingress_listens_on_tcp_or_sees_an_interface(root: Path) -> None:
    for name in APART:
        process = Path(f"/proc/{part(root, name).pid}/net")
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
