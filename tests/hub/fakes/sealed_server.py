"""Starts a fork server inside its walls for a test, and speaks its protocol."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FAKES = Path(__file__).parent
PYTHON = (sys.executable, "-P", "-m")


@dataclass(frozen=True, kw_only=True)
class Server:
    socket_path: Path
    process: subprocess.Popen[bytes]

    def connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(60)
        connection.connect(str(self.socket_path))
        return connection

    def talk(self, name: str, data: bytes = b"", **header: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """The greeting and the answer."""
        line = json.dumps({"name": name, "media_type": "text/plain", "bytes": len(data), "wall_s": 20, **header})
        with self.connect() as connection, connection.makefile("rwb") as stream:
            greeting = json.loads(stream.readline())
            stream.write(line.encode() + b"\n" + data)
            stream.flush()
            return greeting, json.loads(stream.readline())

    def ask(self, name: str, data: bytes = b"", **header: object) -> dict[str, Any]:
        return self.talk(name, data, **header)[1]


def command(socket_path: Path, *options: str, sealed: bool = True) -> list[str]:
    program = [*PYTHON, "hub.seal.forkserver", "--socket", str(socket_path), "--search", str(FAKES)]
    program += ["--entry", "owned_parser:serve_one", "--memory-mib", "128", *options]
    if not sealed:
        return program
    return [*PYTHON, "hub.seal", "parser", "--read", str(FAKES), "--write", str(socket_path.parent), "--", *program]


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    path = folder / "parser.sock"
    process = subprocess.Popen(command(path, *options), stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 20
        while not path.exists():
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            assert time.monotonic() < deadline, "the fork server did not start"
            time.sleep(0.02)
        yield Server(socket_path=path, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
