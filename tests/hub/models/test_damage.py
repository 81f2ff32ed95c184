"""Weights and registries that were damaged or forged: a sentence each time, never a traceback, never a way outside."""

import json
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import DataHubError, ModelFileError
from catalog.vocabulary import ModelKind
from hub.models.formats import WeightFormat, check, check_folder
from hub.models.registry import ModelFile, ModelRecord, Registry, digest
from tests.hub.fakes import weights


def forged(path: Path, header: object, *, body: int = 16) -> Path:
    """A file in the shape of safetensors with this header."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(raw)) + raw + b"\0" * body)
    return path


def tensor(**more: object) -> dict[str, object]:
    return {"weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16], **more}}


@pytest.mark.parametrize(
    "header",
    [
        tensor(data_offsets=[0]),
        tensor(data_offsets=[0, 8, 16]),
        tensor(data_offsets="ab"),
        tensor(data_offsets=["0", "16"]),
        tensor(data_offsets=[None, None]),
        tensor(data_offsets=7),
        tensor(data_offsets={}),
        tensor(data_offsets=[]),
        tensor(data_offsets=[0, 1e300]),
        tensor(data_offsets=[0, True]),
        {"weight": None},
        {"weight": []},
        {"weight": {}},
        {"__metadata__": {"format": "pt"}},
        {},
        [],
        [[1, 2]],
        "weights",
        7,
        None,
        b"{",
        b"\xff\xfe{}",
        b"[" * 50_000,
        b'{"weight": {"data_offsets": [0, 1e999]}}',
        b'{"weight": {"data_offsets": [0, NaN]}}',
    ],
)
def test_a_header_that_is_no_table_of_tensors_is_a_sentence(tmp_path: Path, header: object) -> None:
    with pytest.raises(ModelFileError):
        check(forged(tmp_path / "m.safetensors", header))


def test_an_honest_header_is_taken_with_and_without_metadata(tmp_path: Path) -> None:
    for header in (tensor(), {"__metadata__": {"format": "pt"}, **tensor()}):
        assert check(forged(tmp_path / "m.safetensors", header)) is WeightFormat.SAFETENSORS


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("make", [weights.gguf, weights.safetensors])
def test_damaged_weights_are_taken_or_refused_in_words(tmp_path: Path, make: Any, seed: int) -> None:  # a maker
    drawn = random.Random(seed)  # noqa: S311  # repeatable
    path: Path = make(tmp_path / "m")
    data = bytearray(path.read_bytes())
    for _ in range(drawn.randint(1, 8)):
        data[drawn.randrange(len(data))] = drawn.randrange(256)
    path.write_bytes(bytes(data[: drawn.randint(0, len(data))]))
    try:
        check(path)
    except DataHubError as refused:
        assert "m" in str(refused)  # noqa: PT017  # either end is right; another error is not


@pytest.mark.parametrize("size", range(25))
def test_a_file_of_a_few_bytes_is_no_weights(tmp_path: Path, size: int) -> None:
    for whole in (weights.gguf(tmp_path / "g").read_bytes(), weights.safetensors(tmp_path / "s").read_bytes()):
        path = tmp_path / "m"
        path.write_bytes(whole[:size])
        if size >= 24 and whole.startswith(b"GGUF"):
            continue  # its header is whole
        with pytest.raises(ModelFileError):
            check(path)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[", "null", "7", '"x"', "[7]", '[{"type": 7}]', "[null]", '["x"]', '[["x"]]', "[{}]", "[" * 50_000],
)
def test_a_list_of_modules_that_is_none_is_a_sentence_or_names_nothing(tmp_path: Path, content: str) -> None:
    found = weights.folder(tmp_path / "m")
    (found / "modules.json").write_text(content, encoding="utf-8")
    if content in {"null", "7", '"x"'}:
        assert check_folder(found)
        return
    with pytest.raises(ModelFileError):
        check_folder(found)


@pytest.mark.parametrize("name", ["modeling.py", "sub/modeling.py", "native.so", "sub/deep/native.so"])
def test_code_is_found_wherever_it_lies(tmp_path: Path, name: str) -> None:
    path = weights.folder(tmp_path / "m") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    with pytest.raises(ModelFileError, match="holds code"):
        check_folder(tmp_path / "m")


def record(**more: Any) -> dict[str, Any]:  # fields of a record
    return {
        "name": "m",
        "kind": "chat",
        "sha256": "a" * 64,
        "licence": "MIT",
        "source": "here",
        "origin": "FR",
        "ancestry": [{"name": "base", "origin": "US"}],
        "imported_at": "2026-01-01T00:00:00Z",
        "files": [{"path": "m/model.gguf", "sha256": "a" * 64, "bytes": 1}],
        **more,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../m"},
        {"name": "M"},
        {"name": ""},
        {"name": ".hidden"},
        {"name": "m" * 81},
        {"kind": "reranker"},
        {"sha256": "a" * 63},
        {"sha256": "A" * 64},
        {"licence": ""},
        {"source": ""},
        {"origin": ""},
        {"origin": "EU"},
        {"ancestry": "none"},
        {"ancestry": [{"name": "base", "origin": "USA"}]},
        {"ancestry": [{"name": "base"}]},
        {"imported_at": "yesterday"},
        {"files": []},
        {"files": [{"path": "../../etc/passwd", "sha256": "a" * 64, "bytes": 1}]},
        {"files": [{"path": "m/../../x", "sha256": "a" * 64, "bytes": 1}]},
        {"files": [{"path": "/etc/passwd", "sha256": "a" * 64, "bytes": 1}]},
        {"files": [{"path": "..", "sha256": "a" * 64, "bytes": 1}]},
        {"files": [{"path": ".", "sha256": "a" * 64, "bytes": 1}]},
        {"files": [{"path": "m//x", "sha256": "a" * 64, "bytes": 1}]},
        {"files": [{"path": "m/x", "sha256": "a" * 64, "bytes": -1}]},
        {"files": [{"path": "m/x", "sha256": "a" * 64, "bytes": 1, "url": "http://x/"}]},
        {"dimensions": 0},
        {"max_tokens": 0},
        {"prompts": {"query": 7}},
        {"remote_code": True},
    ],
)
def test_a_forged_registry_is_refused_before_a_file_is_opened(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / "registry.json").write_text(json.dumps({"models": [record(**change)]}), encoding="utf-8")
    with pytest.raises(ModelFileError, match="import the models again"):
        Registry(tmp_path).all()


def test_an_honest_registry_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "registry.json").write_text(json.dumps({"models": [record(), record(name="n")]}), encoding="utf-8")
    assert [model.name for model in Registry(tmp_path).all()] == ["m", "n"]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"models": 7}', '{"model": []}', "\x00"])
def test_a_registry_that_is_none_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "registry.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelFileError, match="import the models again"):
        Registry(tmp_path).all()


def test_a_model_of_the_other_kind_is_not_chosen_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "registry.json").write_text(json.dumps({"models": [record()]}), encoding="utf-8")
    registry = Registry(tmp_path)
    assert registry.choose(ModelKind.CHAT, "m").name == "m"
    with pytest.raises(ModelFileError, match="no model named m"):
        registry.choose(ModelKind.EMBEDDING, "m")
    with pytest.raises(ModelFileError, match="no embedding model"):
        registry.choose(ModelKind.EMBEDDING)


def test_every_byte_of_a_file_counts_for_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "m"
    seen = set()
    for content in (b"", b"\0", b"\0" * (1 << 20), b"\0" * ((1 << 20) + 1), b"\0" * (1 << 20) + b"\1"):
        path.write_bytes(content)
        told: list[int] = []
        seen.add(digest(path, told.append))
        assert sum(told) == len(content)
    assert len(seen) == 5


def test_a_file_a_model_does_not_have_is_named() -> None:
    model = ModelRecord(**{**record(), "files": (ModelFile(path="m/model.gguf", sha256="a" * 64, bytes=1),)})
    assert model.file("model.gguf").path == "m/model.gguf"
    with pytest.raises(ModelFileError, match=r"no file tokenizer\.json"):
        model.file("tokenizer.json")


def test_what_was_registered_when_origin_was_a_word_tells_its_source_and_no_place() -> None:
    before = {name: value for name, value in record().items() if name not in {"source", "origin", "ancestry"}}
    found = ModelRecord(**before, origin="package tiny 1.0", ancestry="org/base, quantised")
    assert (found.source, found.origin, found.ancestry) == ("package tiny 1.0; org/base, quantised", None, None)
    assert ModelRecord(**found.model_dump()) == found
