"""The model server as a process: it refuses to start on anything less than its walls and its own weights."""

import os
import shutil
import time
from pathlib import Path

import pytest

from catalog.vocabulary import ModelKind
from hub.models.registry import Registry
from tests.hub.fakes import real_models


def refusal(run_dir: Path, folder: Path, *, sealed: bool = True, chat: str | None = None) -> str:
    process = real_models.start(run_dir, folder, sealed=sealed, chat=chat)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 78
    assert "Traceback" not in said
    assert not (run_dir / "model.sock").exists()
    return said


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The smallest weights there are, to be spoilt."""
    source = real_models.models_dir()
    target = tmp_path / "models"
    small = real_models.chat_name(source)
    others = [model.name for model in Registry(source).all() if model.kind is ModelKind.CHAT and model.name != small]
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*others, "source", ".*"))
    return target


def test_without_its_filter_it_refuses(run_dir: Path, tmp_path: Path) -> None:
    assert "not sealed" in refusal(run_dir, tmp_path, sealed=False)


def test_without_weights_it_says_how_to_get_them(run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    assert "hub models fetch" in refusal(run_dir, tmp_path / "models")


def test_a_wrong_setting_is_named_by_its_variable(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_MODEL_THREADS", "many")
    assert "HUB_MODEL_THREADS" in refusal(run_dir, tmp_path)


@pytest.mark.model
def test_an_unknown_model_name_is_a_sentence(run_dir: Path) -> None:
    assert "no-such-model" in refusal(run_dir, real_models.models_dir(), chat="no-such-model")


@pytest.mark.model
def test_one_changed_byte_in_the_weights_is_refused(run_dir: Path, copied: Path) -> None:
    weights = copied / real_models.chat_name(copied) / "model.gguf"
    with weights.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    assert "digest differs" in refusal(run_dir, copied)


@pytest.mark.model
def test_a_missing_weights_file_is_named(run_dir: Path, copied: Path) -> None:
    (copied / real_models.chat_name(copied) / "model.gguf").unlink()
    said = refusal(run_dir, copied)
    assert "model.gguf" in said
    assert "missing" in said


@pytest.mark.model
def test_it_stands_inside_its_walls_and_starts_soon(run_dir: Path) -> None:
    before = time.monotonic()
    with real_models.running(run_dir, real_models.models_dir()) as process:
        assert time.monotonic() - before < 60
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        assert "Seccomp:\t2" in status
        if os.geteuid() == 0:
            assert Path(f"/proc/{process.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        tables = Path(f"/proc/{process.pid}/net/tcp").read_text(encoding="ascii").splitlines()
        assert len(tables) == 1  # a heading: no TCP socket at all
        assert [path.name for path in run_dir.iterdir()] == ["model.sock"]  # llama.cpp's own is gone


@pytest.mark.model
def test_its_log_never_holds_a_word_of_what_it_read(run_dir: Path) -> None:
    said = ""
    with real_models.running(run_dir, real_models.models_dir()) as process:
        with real_models.client(run_dir / "model.sock") as http:
            message = {"role": "user", "content": "canarybird"}
            for body in ({"messages": [message], "max_tokens": 4}, {"messages": [message] * 65}, {"messages": 1}):
                http.post("/v1/chat/completions", json=body)
            http.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "canarybird " * 6000}]})
            http.post("/v1/embeddings", json={"input": ["canarybird"]})
        process.terminate()
        assert process.stderr is not None
        said = process.stderr.read()
    assert "canarybird" not in said
