"""Importing and registering: the digest decides, and a failure leaves nothing half there."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.errors import ModelFileError
from catalog.vocabulary import ModelKind
from hub.models import importing
from hub.models.export import Exported
from hub.models.importing import Provenance, import_model
from hub.models.registry import ModelRecord, Registry
from tests.hub.fakes import real_models, weights

NOW = datetime(2026, 5, 3, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def provenance(path: Path, name: str = "tiny") -> Provenance:
    return Provenance(name=name, sha256=weights.sha256(path), licence="MIT", source="a stick", origin="FR", ancestry=())


def chat(registry: Registry, source: Path, name: str = "tiny") -> ModelRecord:
    return import_model(registry, source, ModelKind.CHAT, provenance(source, name), now=NOW)


def exported(source: Path, target: Path) -> Exported:
    assert (source / "config.json").is_file()
    for name in ("model.xml", "model.bin", "tokenizer.json"):
        (target / name).write_bytes(name.encode())
    return Exported(dimensions=384, max_tokens=256)


def leftovers(registry: Registry) -> list[str]:
    return [path.name for path in registry.folder.iterdir() if path.name not in {"registry.json", ".lock"}]


def test_a_chat_model_is_copied_and_its_papers_are_kept(registry: Registry, tmp_path: Path) -> None:
    model = chat(registry, weights.gguf(tmp_path / "m.gguf"))
    assert registry.all() == (model,)
    assert (model.licence, model.source, model.origin, model.ancestry) == ("MIT", "a stick", "FR", ())
    assert model.imported_at == NOW
    registry.verify(model)
    assert registry.folder.stat().st_mode & 0o777 == 0o700


def test_a_digest_that_differs_is_refused_and_nothing_is_left(registry: Registry, tmp_path: Path) -> None:
    source = weights.gguf(tmp_path / "m.gguf")
    wrong = replace(provenance(source), sha256="0" * 64)
    with pytest.raises(ModelFileError, match="is not the file you named"):
        import_model(registry, source, ModelKind.CHAT, wrong, now=NOW)
    assert not registry.folder.exists()


def test_a_digest_in_capitals_is_the_same_digest(registry: Registry, tmp_path: Path) -> None:
    source = weights.gguf(tmp_path / "m.gguf")
    found = provenance(source)
    model = import_model(registry, source, ModelKind.CHAT, replace(found, sha256=found.sha256.upper()), now=NOW)
    assert model.sha256 == found.sha256


def test_an_embedding_model_is_exported_and_only_what_is_needed_is_kept(registry: Registry, tmp_path: Path) -> None:
    source = weights.folder(tmp_path / "source")
    (source / "pytorch_model.bin").write_bytes(b"a pickle")
    found = provenance(source / "model.safetensors")
    model = import_model(registry, source, ModelKind.EMBEDDING, found, now=NOW, exporter=exported)
    assert (model.dimensions, model.max_tokens) == (384, 256)
    assert {Path(file.path).name for file in model.files} == {"model.xml", "model.bin", "tokenizer.json"}
    assert not list(registry.folder.rglob("pytorch_model.bin"))


def test_the_prompts_a_model_wants_are_remembered(registry: Registry, tmp_path: Path) -> None:
    source = weights.folder(tmp_path / "source")
    wanted = {"query": "query: ", "document": "passage: "}
    (source / "config_sentence_transformers.json").write_text(json.dumps({"prompts": wanted}), encoding="utf-8")
    found = provenance(source / "model.safetensors")
    model = import_model(registry, source, ModelKind.EMBEDDING, found, now=NOW, exporter=exported)
    assert model.prompts == wanted


def test_an_export_that_fails_leaves_nothing_behind(registry: Registry, tmp_path: Path) -> None:
    def failing(source: Path, target: Path) -> Exported:
        raise ModelFileError(f"{source.name} to {target.name}")

    source = weights.folder(tmp_path / "source")
    found = provenance(source / "model.safetensors")
    with pytest.raises(ModelFileError):
        import_model(registry, source, ModelKind.EMBEDDING, found, now=NOW, exporter=failing)
    assert leftovers(registry) == []
    assert registry.all() == ()


def test_importing_again_replaces_the_model_and_makes_it_the_chosen_one(registry: Registry, tmp_path: Path) -> None:
    first = chat(registry, weights.gguf(tmp_path / "a.gguf"), "first")
    second = chat(registry, weights.gguf(tmp_path / "b.gguf", tensors=2), "second")
    assert registry.choose(ModelKind.CHAT) == second
    again = chat(registry, weights.gguf(tmp_path / "c.gguf", tensors=3), "first")
    assert registry.choose(ModelKind.CHAT) == again != first
    assert len(registry.all()) == 2
    assert sorted(leftovers(registry)) == ["first", "second"]
    registry.verify(again)


def test_a_model_is_chosen_by_name_and_kind(registry: Registry, tmp_path: Path) -> None:
    chat(registry, weights.gguf(tmp_path / "a.gguf"), "first")
    assert registry.choose(ModelKind.CHAT, "first").name == "first"
    for kind, name in ((ModelKind.CHAT, "absent"), (ModelKind.EMBEDDING, None), (ModelKind.EMBEDDING, "first")):
        with pytest.raises(ModelFileError, match="hub models fetch"):
            registry.choose(kind, name)


def test_a_changed_or_missing_file_does_not_verify(registry: Registry, tmp_path: Path) -> None:
    model = chat(registry, weights.gguf(tmp_path / "a.gguf"))
    file = registry.folder / model.files[0].path
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"\1")
    with pytest.raises(ModelFileError, match="digest differs"):
        registry.verify(model)
    file.unlink()
    with pytest.raises(ModelFileError, match="missing"):
        registry.verify(model)


@pytest.mark.parametrize("kind", ModelKind)
def test_a_path_of_the_wrong_kind_is_a_sentence(registry: Registry, tmp_path: Path, kind: ModelKind) -> None:
    source = weights.safetensors(tmp_path / "m.safetensors")
    with pytest.raises(ModelFileError, match=r"is no (folder|GGUF file)"):
        import_model(registry, source, kind, provenance(source), now=NOW)


@pytest.mark.parametrize("name", ["../outside", "/root/x", "Has Space", "", "a/b"])
def test_a_name_that_is_a_path_is_refused_and_nothing_is_written_outside(
    registry: Registry, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ModelFileError, match="name"):
        chat(registry, weights.gguf(tmp_path / "m.gguf"), name)
    assert {path.name for path in tmp_path.iterdir()} <= {"m.gguf", "models"}


def test_a_full_disk_is_said_before_anything_is_copied(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = importing.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(importing.shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(ModelFileError, match="disk is too full"):
        chat(registry, weights.gguf(tmp_path / "m.gguf"))
    assert leftovers(registry) == []


def test_a_damaged_registry_is_a_sentence(registry: Registry, tmp_path: Path) -> None:
    chat(registry, weights.gguf(tmp_path / "m.gguf"))
    (registry.folder / "registry.json").write_text('{"models": [{}]}', encoding="utf-8")
    with pytest.raises(ModelFileError, match="import the models again"):
        registry.all()


def test_two_imports_at_once_lose_nothing(registry: Registry, tmp_path: Path) -> None:
    sources = [weights.gguf(tmp_path / f"{number}.gguf", tensors=number + 1) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda source: chat(registry, source, f"model-{source.stem}"), sources))
    assert len(registry.all()) == 8


@pytest.mark.long
@pytest.mark.model
def test_the_real_embedder_is_exported_in_a_sealed_process_and_agrees_with_the_original(registry: Registry) -> None:
    source = real_models.models_dir() / "all-minilm-l6-v2" / "source"
    found = provenance(source / "model.safetensors", "again")
    model = import_model(registry, source, ModelKind.EMBEDDING, found, now=NOW)
    assert (model.dimensions, model.max_tokens) == (384, 256)
    registry.verify(model)
