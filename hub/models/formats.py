"""Which weight files are taken in: GGUF and safetensors, which hold numbers only. Nothing that could hold code."""

import json
import struct
from enum import StrEnum
from pathlib import Path
from typing import Final

from catalog.errors import ModelFileError


class WeightFormat(StrEnum):
    """A file format of weights."""

    GGUF = "gguf"  # llama.cpp: chat models
    SAFETENSORS = "safetensors"  # sentence-transformers: embedding models


_GGUF_VERSIONS: Final = (2, 3)
_MAX_GGUF_ENTRIES: Final = 1_000_000
_LEAST_HEADER_BYTES: Final = 2  # {}
_MAX_HEADER_BYTES: Final = 100 << 20
_PICKLES: Final = (".bin", ".pt", ".pth", ".pkl", ".ckpt", ".joblib", ".npy", ".h5", ".keras")
_ALLOWED: Final = "The hub takes GGUF (chat) and safetensors (embedding) only: formats that hold numbers, never code."


def check(path: Path) -> WeightFormat:
    """Return the format of a weights file by its content, not its name; ModelFileError for any other kind."""
    if not path.is_file():
        raise ModelFileError(f"There is no weights file {path}. Check the path.")
    with path.open("rb") as file:
        head = file.read(24)
    if head[:4] == b"GGUF":
        _check_gguf(path, head)
        return WeightFormat.GGUF
    if _is_safetensors(path, head):
        return WeightFormat.SAFETENSORS
    if head[:2] in (b"\x80\x02", b"PK") or path.suffix.lower() in _PICKLES:
        raise ModelFileError(f"{path.name} is a pickle or an archive of pickles: loading it runs code. {_ALLOWED}")
    raise ModelFileError(f"{path.name} is neither GGUF nor safetensors. {_ALLOWED}")


def _check_gguf(path: Path, head: bytes) -> None:
    if len(head) < struct.calcsize("<4sIQQ"):
        raise ModelFileError(f"{path.name} begins as GGUF and ends at once: it is cut off. Fetch it again.")
    _, version, tensors, entries = struct.unpack("<4sIQQ", head)
    if version not in _GGUF_VERSIONS:
        raise ModelFileError(f"{path.name} is GGUF of version {version}; versions 2 and 3 can be read.")
    if not 0 < tensors < _MAX_GGUF_ENTRIES or entries >= _MAX_GGUF_ENTRIES:
        raise ModelFileError(f"{path.name} has an impossible GGUF header. Fetch it again.")


def _is_safetensors(path: Path, head: bytes) -> bool:
    """Eight bytes of length, a JSON object, and every tensor inside the file."""
    size = path.stat().st_size
    if len(head) < struct.calcsize("<Q"):
        return False
    (length,) = struct.unpack("<Q", head[:8])
    if not _LEAST_HEADER_BYTES <= length <= min(_MAX_HEADER_BYTES, size - 8):
        return False
    with path.open("rb") as file:
        file.seek(8)
        raw = file.read(length)
    try:
        ends = [_end(entry) for name, entry in json.loads(raw).items() if name != "__metadata__"]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return False
    if ends and max(ends) + 8 + length != size:
        raise ModelFileError(f"{path.name} is a safetensors file that is cut off. Fetch it again.")
    return bool(ends)


def _end(entry: dict[str, list[int]]) -> int:
    """Return where a tensor ends; ValueError for what is no pair of places."""
    begin, end = entry["data_offsets"]
    if type(begin) is not int or type(end) is not int or not 0 <= begin <= end:
        raise ValueError("no pair of places")
    return end


def check_folder(folder: Path) -> Path:
    """Return the one safetensors file of a sentence-transformers folder that holds no code and names none."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".so"}:
            raise ModelFileError(f"{folder.name} holds code ({path.name}). The hub never runs a model's own code.")
    for path in sorted(folder.rglob("*.json")):
        _check_configuration(path)
    weights = sorted(folder.glob("*.safetensors"))
    if len(weights) != 1:
        raise ModelFileError(
            f"{folder.name} needs exactly one safetensors file and has {len(weights)}. {_ALLOWED} "
            "A model in several parts must be merged first."
        )
    if check(weights[0]) is not WeightFormat.SAFETENSORS:
        raise ModelFileError(f"{weights[0].name} is no safetensors file. {_ALLOWED}")
    return weights[0]


def _check_configuration(path: Path) -> None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{path.name} is no JSON: the folder is damaged. Fetch it again.") from error
    if isinstance(found, dict) and {"auto_map", "custom_pipelines"} & found.keys():
        raise ModelFileError(f"{path.name} points to the model's own code (auto_map). The hub never runs it.")
    modules = found if path.name == "modules.json" and isinstance(found, list) else []
    for module in modules:
        kind = module.get("type") if isinstance(module, dict) else None
        if not str(kind).startswith("sentence_transformers."):
            raise ModelFileError(f"{path.name} names a module outside sentence-transformers. The hub never runs it.")
