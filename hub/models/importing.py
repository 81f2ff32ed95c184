"""Takes a model in from a file or folder: checked, digest compared, copied whole or not at all, registered."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from catalog.ancestry import Ancestor
from catalog.errors import ConflictError, ModelFileError
from catalog.residency import place
from catalog.vocabulary import ModelKind
from hub.models import formats
from hub.models.export import Exported, export_sealed
from hub.models.registry import NAME, ModelFile, ModelRecord, Progress, Registry, digest

#: What is taken from a sentence-transformers folder, beside the weights.
_WANTED: Final = (
    *("config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "sentencepiece.bpe.model"),
)

Exporter = Callable[[Path, Path], Exported]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What the person who imports a model vouches for."""

    name: str
    sha256: str  # of the weights file
    licence: str
    source: str  # where the file came from
    origin: str | None  # the place of its maker
    ancestry: tuple[Ancestor, ...] | None  # what it was made from


def import_model(  # noqa: PLR0913  # clock, progress and exporter are arguments, by the house
    registry: Registry,
    source: Path,
    kind: ModelKind,
    provenance: Provenance,
    *,
    now: datetime,
    progress: Progress = lambda _: None,
    exporter: Exporter = export_sealed,
) -> ModelRecord:
    """Register the model at source: a GGUF file (chat) or a sentence-transformers folder (embedding)."""
    if not re.fullmatch(NAME, provenance.name):
        raise ModelFileError(
            "A model's name has small letters, digits and . _ - only, and begins with one of the first."
        )
    for code in (provenance.origin, *(one.origin for one in provenance.ancestry or ())):
        if code is not None:
            place(code)
    weights = _checked(source, kind)
    found = digest(weights, progress)
    if found != provenance.sha256.lower():
        raise ModelFileError(
            f"{weights.name} is not the file you named: its digest is {found}, not {provenance.sha256}. "
            "Fetch it again, or check the digest at its source."
        )
    registry.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = registry.folder / provenance.name
    with tempfile.TemporaryDirectory(dir=registry.folder, prefix=".import-") as unfinished:
        staged = Path(unfinished) / provenance.name
        exported = _stage(source, weights, staged, kind, exporter)
        record = _record(staged, kind, provenance, exported, now)
        _swap(staged, target, Path(unfinished) / "old")
    registry.add(record)
    return record


def _checked(source: Path, kind: ModelKind) -> Path:
    if kind is ModelKind.EMBEDDING:
        if not source.is_dir():
            raise ModelFileError(f"{source} is no folder. An embedding model is a sentence-transformers folder.")
        return formats.check_folder(source)
    if formats.check(source) is not formats.WeightFormat.GGUF:
        raise ModelFileError(f"{source.name} is no GGUF file. A chat model is one GGUF file.")
    return source


def _stage(source: Path, weights: Path, staged: Path, kind: ModelKind, exporter: Exporter) -> Exported | None:
    staged.mkdir(mode=0o700)
    _check_space(source, staged)
    if kind is ModelKind.CHAT:
        shutil.copyfile(source, staged / "model.gguf")
        return None
    folder = staged / "source"
    for path in (weights, *(source / name for name in _WANTED), *source.glob("[0-9]_*/config.json")):
        if path.is_file():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (staged / "openvino").mkdir()
    return exporter(folder, staged / "openvino")


def _check_space(source: Path, staged: Path) -> None:
    """Expect room for an embedder twice: as it came and as it is run."""
    weights = [source] if source.is_file() else 2 * list(source.rglob("*.safetensors"))
    size = sum(path.stat().st_size for path in weights)
    free = shutil.disk_usage(staged).free
    if free < size + (64 << 20):
        raise ModelFileError(f"The disk is too full: the model needs {size >> 20} MiB, {free >> 20} MiB are free.")


def _record(
    staged: Path, kind: ModelKind, provenance: Provenance, exported: Exported | None, now: datetime
) -> ModelRecord:
    files = [
        ModelFile(path=str(path.relative_to(staged.parent)), sha256=digest(path), bytes=path.stat().st_size)
        for path in sorted(staged.rglob("*"))
        if path.is_file() and (kind is ModelKind.CHAT or path.parent.name == "openvino")
    ]
    return ModelRecord(
        name=provenance.name,
        kind=kind,
        sha256=provenance.sha256.lower(),
        licence=provenance.licence,
        source=provenance.source,
        origin=provenance.origin,
        ancestry=provenance.ancestry,
        imported_at=now,
        files=tuple(files),
        dimensions=exported.dimensions if exported else None,
        max_tokens=exported.max_tokens if exported else None,
        prompts=_prompts(staged / "source"),
    )


def _prompts(folder: Path) -> dict[str, str]:
    """Find what the model wants before a question and before a passage, in its own configuration."""
    with suppress(OSError, ValueError):
        found = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        prompts = found.get("prompts") or {}
        return {str(name): str(text) for name, text in prompts.items() if text}
    return {}


def _swap(staged: Path, target: Path, old: Path) -> None:
    try:
        if target.exists():
            target.rename(old)
        staged.rename(target)
    except OSError as error:
        raise ConflictError(f"{target} could not be replaced: {error}. Stop the hub and import again.") from error
