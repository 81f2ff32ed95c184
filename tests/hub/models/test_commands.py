"""`hub models` at the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from catalog.errors import DataHubError
from hub.commands import models
from hub.models.development import EMBEDDER, SMALL_CHAT
from hub.models.registry import ModelRecord, Registry
from tests.hub.fakes import real_models, weights


def run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(models.app, [*arguments, "--data-dir", str(tmp_path / "hub")], env={"HUB_MODELS_DIR": ""})


def import_tiny(tmp_path: Path, sha256: str | None = None) -> Result:
    source = weights.gguf(tmp_path / "m.gguf")
    papers = ["--licence", "MIT", "--source", "a stick", "--kind", "chat", "--name", "tiny"]
    papers += ["--origin", "FR", "--ancestor", "org/base=US", "--ancestor", "older"]
    return run(tmp_path, "import", str(source), *papers, "--sha256", sha256 or weights.sha256(source), "--json")


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    assert "hub models fetch" in run(tmp_path, "list").output
    assert json.loads(run(tmp_path, "list", "--json").stdout) == []


def test_what_is_imported_is_listed_with_its_papers(tmp_path: Path) -> None:
    imported = import_tiny(tmp_path)
    assert imported.exit_code == 0, imported.output
    (listed,) = json.loads(run(tmp_path, "list", "--json").stdout)
    assert listed == json.loads(imported.stdout)
    assert (listed["licence"], listed["origin"]) == ("MIT", "FR")
    assert listed["ancestry"] == [{"name": "org/base", "origin": "US"}, {"name": "older", "origin": None}]
    assert "tiny" in run(tmp_path, "list").output


def test_origins_nobody_told_are_unknown_and_from_scratch_is_told(tmp_path: Path) -> None:
    source = weights.gguf(tmp_path / "m.gguf")
    papers = ["--licence", "MIT", "--source", "a stick", "--kind", "chat", "--name", "tiny"]
    papers += ["--sha256", weights.sha256(source), "--json"]
    for more, told in (([], None), (["--from-scratch"], [])):
        said = json.loads(run(tmp_path, "import", str(source), *papers, *more).stdout)
        assert (said["origin"], said["ancestry"]) == (None, told)
    both = run(tmp_path, "import", str(source), *papers, "--from-scratch", "--ancestor", "base=US")
    assert isinstance(both.exception, DataHubError)
    assert isinstance(run(tmp_path, "import", str(source), *papers, "--origin", "USA").exception, DataHubError)


def test_a_wrong_digest_fails_with_a_sentence(tmp_path: Path) -> None:
    result = import_tiny(tmp_path, sha256="0" * 64)
    assert result.exit_code != 0
    assert isinstance(result.exception, DataHubError)
    assert "is not the file you named" in str(result.exception)


def test_every_command_shows_an_example(tmp_path: Path) -> None:
    for command in ("list", "import", "fetch"):
        assert f"Example: hub models {command}" in " ".join(run(tmp_path, command, "--help").output.split())


@pytest.mark.model
def test_fetching_what_is_there_costs_a_check_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> ModelRecord:
        raise AssertionError("it was fetched again")

    monkeypatch.setattr(models, "_fetch", never)
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "models").mkdir()
    source = Registry(real_models.models_dir())
    target = Registry(tmp_path / "hub" / "models")
    chat = real_models.chat_name(source.folder)
    for model in source.all():
        if model.name in {EMBEDDER.provenance.name, chat}:
            (target.folder / model.name).symlink_to(source.folder / model.name)
            target.add(model)
    result = run(tmp_path, "fetch", *(["--small"] if chat == SMALL_CHAT.provenance.name else []))
    assert result.exit_code == 0, result.output
    assert target.all()[-1].name == chat
