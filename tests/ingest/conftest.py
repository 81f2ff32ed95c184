"""A real parser behind its walls, shared by the tests of one process."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PYTHON = (sys.executable, "-P", "-m")


@pytest.fixture(scope="session")
def parser_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("p")
    path = folder / "parser.sock"
    program = [*PYTHON, "hub.seal.forkserver", "--socket", str(path), "--cpu-s", "600", "--wall-s", "2400"]
    program += ["--entry", "ingest.parse:serve_one", "--preload", "ingest.parse:warm"]
    process = subprocess.Popen([*PYTHON, "hub.seal", "parser", "--write", str(folder), "--", *program])
    deadline = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline, "the parser did not start"
        time.sleep(0.05)
    yield path
    process.send_signal(signal.SIGTERM)
    process.wait(20)
