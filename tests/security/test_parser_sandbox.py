"""A parser taken over by a document tries twelve actions: none succeeds, and each would without the walls."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hub.fakes.owned_parser import ACTIONS
from tests.hub.fakes.sealed_server import FAKES, Server, running


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the owned parser is after; it is told where everything lies."""

    neighbour: subprocess.Popen[bytes]
    listener: socket.socket
    secret: Path
    outside: Path

    def header(self) -> dict[str, object]:
        return {
            "neighbour": self.neighbour.pid,
            "neighbour_socket": self.listener.getsockname(),
            "secret": str(self.secret),
            "outside": str(self.outside),
        }

    def untouched(self) -> bool:
        self.listener.settimeout(0.05)
        try:
            self.listener.accept()[0].close()
        except TimeoutError:
            return not self.outside.exists() and self.neighbour.poll() is None
        return False


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    secret = tmp_path / "secrets" / "database.json"
    secret.parent.mkdir(mode=0o700)
    secret.write_text("a password", encoding="utf-8")
    neighbour = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "database.sock"))
        listener.listen()
        yield Target(neighbour=neighbour, listener=listener, secret=secret, outside=tmp_path / "written")
    neighbour.kill()
    neighbour.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("run")) as server:
        yield server


def test_there_are_twelve_actions() -> None:
    assert len(ACTIONS) == 12


@pytest.mark.parametrize("action", ACTIONS)
def test_an_owned_parser_can_not(action: str, server: Server, target: Target) -> None:
    answer = server.ask("attempt", action.encode(), **target.header())
    assert answer["ok"], answer
    assert not answer["result"]["succeeded"]
    assert target.untouched()
    assert server.ask("echo")["ok"]


@pytest.mark.parametrize("action", ACTIONS)
def test_without_the_walls_it_could(action: str, target: Target) -> None:
    if action == "packet_socket" and os.geteuid() != 0:
        pytest.skip("a packet socket needs root even without the walls")
    program = "import json, sys; from owned_parser import attempt as a; h, n = sys.argv[1:]"
    program += "; print(json.dumps(a(json.loads(h), n.encode())))"
    inner = [sys.executable, "-c", program, json.dumps(target.header()), action]
    # A shell between us and it: the parent it attaches to is not the test.
    result = subprocess.run(
        ["/bin/sh", "-c", '"$@"; exit $?', "sh", *inner],
        env={**os.environ, "PYTHONPATH": str(FAKES)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert json.loads(result.stdout)["succeeded"], result.stdout
