"""Which weight files are taken in."""

import json
import pickle
import struct
from pathlib import Path

import pytest

from catalog.errors import ModelFileError
from hub.models.formats import WeightFormat, check, check_folder
from tests.hub.fakes import weights


def test_gguf_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    assert check(weights.gguf(tmp_path / "model.bin")) is WeightFormat.GGUF


def test_safetensors_is_known_by_its_header(tmp_path: Path) -> None:
    assert check(weights.safetensors(tmp_path / "model")) is WeightFormat.SAFETENSORS


@pytest.mark.parametrize("name", ["model.bin", "model.pt", "model.pkl", "weights.ckpt"])
def test_a_pickle_is_refused_because_loading_it_runs_code(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(pickle.dumps({"weight": [0.0] * 100}, protocol=2))
    with pytest.raises(ModelFileError, match="pickle"):
        check(path)


def test_an_archive_of_pickles_is_refused_under_any_name(tmp_path: Path) -> None:
    weights.wheel(tmp_path / "model-1-py3.safetensors", {"archive/data.pkl": b"x"})
    with pytest.raises(ModelFileError, match="pickle"):
        check(tmp_path / "model-1-py3.safetensors")


@pytest.mark.parametrize("content", [b"", b"G", b"GGU", b"hello world, this is no model", b"\x7fELF" + b"\0" * 64])
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.gguf").write_bytes(content)
    with pytest.raises(ModelFileError, match="neither GGUF nor safetensors"):
        check(tmp_path / "model.gguf")


@pytest.mark.parametrize(
    ("version", "tensors", "entries"), [(1, 1, 1), (99, 1, 1), (3, 0, 1), (3, 1 << 40, 1), (3, 1, 1 << 60)]
)
def test_a_gguf_header_that_can_not_be_is_refused(tmp_path: Path, version: int, tensors: int, entries: int) -> None:
    with pytest.raises(ModelFileError, match="GGUF"):
        check(weights.gguf(tmp_path / "model.gguf", version=version, tensors=tensors, entries=entries))


def test_a_gguf_that_ends_in_its_header_is_cut_off(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF\x03\0\0\0")
    with pytest.raises(ModelFileError, match="cut off"):
        check(tmp_path / "model.gguf")


def test_a_safetensors_file_whose_tensors_lie_outside_it_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cut off"):
        check(weights.safetensors(tmp_path / "model.safetensors", cut=3))


@pytest.mark.parametrize("header", [b"[]", b'{"a": 1}', b'{"a": {}}', b"{}", b"\xff\xff"])
def test_a_header_that_is_no_table_of_tensors_is_no_safetensors(tmp_path: Path, header: bytes) -> None:
    (tmp_path / "m.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 32)
    with pytest.raises(ModelFileError, match="neither"):
        check(tmp_path / "m.safetensors")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="There is no weights file"):
        check(tmp_path / "absent.gguf")


def test_a_folder_of_numbers_and_configuration_is_taken(tmp_path: Path) -> None:
    assert check_folder(weights.folder(tmp_path / "m")).name == "model.safetensors"


def test_a_folder_with_code_is_refused(tmp_path: Path) -> None:
    (weights.folder(tmp_path / "m") / "modeling_custom.py").write_text("", encoding="utf-8")
    with pytest.raises(ModelFileError, match="holds code"):
        check_folder(tmp_path / "m")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "1_Pooling/config.json"])
def test_a_configuration_that_points_to_code_is_refused_wherever_it_stands(tmp_path: Path, name: str) -> None:
    found = weights.folder(tmp_path / "m") / name
    found.write_text(json.dumps({"auto_map": {"AutoModel": "someone/code--modeling.Model"}}), encoding="utf-8")
    with pytest.raises(ModelFileError, match="auto_map"):
        check_folder(tmp_path / "m")


def test_a_module_of_others_is_refused(tmp_path: Path) -> None:
    (weights.folder(tmp_path / "m") / "modules.json").write_text('[{"type": "custom.Evil"}]', encoding="utf-8")
    with pytest.raises(ModelFileError, match="outside sentence-transformers"):
        check_folder(tmp_path / "m")


def test_a_folder_with_a_pickle_only_is_refused(tmp_path: Path) -> None:
    found = weights.folder(tmp_path / "m")
    (found / "model.safetensors").rename(found / "pytorch_model.bin")
    with pytest.raises(ModelFileError, match="exactly one safetensors"):
        check_folder(found)


def test_a_damaged_configuration_is_a_sentence(tmp_path: Path) -> None:
    (weights.folder(tmp_path / "m") / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelFileError, match="damaged"):
        check_folder(tmp_path / "m")


def test_a_pickle_named_safetensors_in_a_folder_is_refused(tmp_path: Path) -> None:
    (weights.folder(tmp_path / "m") / "model.safetensors").write_bytes(pickle.dumps([0.0] * 50, protocol=2))
    with pytest.raises(ModelFileError, match="pickle"):
        check_folder(tmp_path / "m")
