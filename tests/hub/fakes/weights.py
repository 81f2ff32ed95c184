"""Small files in the shape of weights: good ones, cut ones, and ones that are something else."""

import hashlib
import json
import struct
from pathlib import Path
from zipfile import ZipFile


def gguf(path: Path, *, version: int = 3, tensors: int = 1, entries: int = 1) -> Path:
    path.write_bytes(struct.pack("<4sIQQ", b"GGUF", version, tensors, entries) + b"\0" * 64)
    return path


def safetensors(path: Path, *, cut: int = 0) -> Path:
    header = json.dumps({"weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    whole = struct.pack("<Q", len(header)) + header + b"\0" * 16
    path.write_bytes(whole[: len(whole) - cut])
    return path


def folder(path: Path) -> Path:
    """A sentence-transformers folder that could be one."""
    path.mkdir(parents=True)
    safetensors(path / "model.safetensors")
    (path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    (path / "tokenizer.json").write_text("{}", encoding="utf-8")
    kinds = ["sentence_transformers.models.Transformer", "sentence_transformers.models.Pooling"]
    (path / "modules.json").write_text(json.dumps([{"type": kind} for kind in kinds]), encoding="utf-8")
    (path / "1_Pooling").mkdir()
    (path / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
    return path


def wheel(path: Path, members: dict[str, bytes]) -> str:
    """A wheel with these files; its sha256."""
    name, version = path.name.split("-")[:2]
    info = f"{name}-{version}.dist-info"
    with ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return sha256(path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
