"""A real S3 server: VersityGW, built from its pinned source and started on a folder."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

VERSION = "v1.8.0"
MODULE = "github.com/versity/versitygw/cmd/versitygw"
REGION = "de-test-1"


@dataclass(frozen=True, kw_only=True)
class Server:
    endpoint: str
    access_key: str
    secret_key: str
    data: Path


def cache_dir() -> Path:
    default = Path.home() / ".cache" / "sovereign-data-hub"
    return Path(os.environ.get("HUB_TEST_CACHE_DIR", default)) / f"versitygw-{VERSION}"


def program() -> Path:
    """The server's program, built the first time (about 70 s). A machine that can't build it fails the test."""
    built = cache_dir() / "versitygw"
    if not built.exists():
        go = shutil.which("go")
        assert go, (
            "Go is needed to build VersityGW: apt-get install golang-go, or set HUB_TEST_CACHE_DIR to a built one"
        )
        built.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [go, "install", f"{MODULE}@{VERSION}"],
            env={**os.environ, "GOBIN": str(built.parent)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    return built


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server with fresh keys, its data and versions below the folder, stopped at the end."""
    data, versions, log = folder / "data", folder / "versions", folder / "versitygw.log"
    data.mkdir()
    versions.mkdir()
    port, access, secret = free_port(), "test", secrets.token_hex(16)
    keys = {"ROOT_ACCESS_KEY": access, "ROOT_SECRET_KEY": secret}
    command = [program(), "--port", f"127.0.0.1:{port}", "--region", REGION, "--health", "/health"]
    with log.open("wb") as sink:
        server = subprocess.Popen(
            [*command, "posix", "--versioning-dir", versions, data],
            env={"PATH": os.environ["PATH"], **keys}, stdout=sink, stderr=sink,
        )  # fmt: skip
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/health", server, log)
        yield Server(endpoint=f"127.0.0.1:{port}", access_key=access, secret_key=secret, data=data)
    finally:
        server.terminate()
        server.wait(20)


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            with opener.open(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"VersityGW did not start: {log.read_text()[-2000:]}")
