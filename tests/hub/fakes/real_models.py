"""The real model server on the development weights, for tests marked `model`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hub.models.development import CHAT, EMBEDDER, SMALL_CHAT
from hub.models.registry import Registry

ROOT = Path(__file__).resolve().parents[3]
PYTHON = (sys.executable, "-P", "-m")


def models_dir() -> Path:
    """The folder of the development weights. Without them the test fails: a skipped proof is no proof."""
    data = Path(os.environ.get("HUB_DATA_DIR", ROOT / ".hub"))
    folder = Path(os.environ.get("HUB_MODELS_DIR", data / "models"))
    if not {EMBEDDER.provenance.name} < {model.name for model in Registry(folder).all()}:
        pytest.fail(f"The development weights are not in {folder}. Fetch them: make install", pytrace=False)
    return folder


def chat_name(folder: Path) -> str:
    """The smallest chat model that is there."""
    names = {model.name for model in Registry(folder).all()}
    return next(one.provenance.name for one in (SMALL_CHAT, CHAT) if one.provenance.name in names)


def start(run_dir: Path, folder: Path, *, sealed: bool = True, chat: str | None = None) -> subprocess.Popen[str]:
    seal = [*PYTHON, "hub.seal", "model", "--read", str(folder), "--write", str(run_dir), "--"] if sealed else []
    return subprocess.Popen(
        [*seal, *PYTHON, "hub.serving"],
        env={
            **os.environ,
            "HUB_MODEL_SOCKET": str(run_dir / "model.sock"),
            "HUB_MODEL_FOLDER": str(folder),
            **({"HUB_MODEL_CHAT": chat or chat_name(folder)} if (folder / "registry.json").exists() else {}),
        },
        stderr=subprocess.PIPE,
        text=True,
    )


def client(socket_path: Path) -> httpx.Client:
    transport = httpx.HTTPTransport(uds=str(socket_path))
    return httpx.Client(transport=transport, base_url="http://model", timeout=120, trust_env=False)


@contextmanager
def running(run_dir: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(run_dir, folder)
    try:
        deadline = time.monotonic() + 60
        while not (run_dir / "model.sock").exists():
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            assert time.monotonic() < deadline, "the model server did not start"
            time.sleep(0.02)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)
