"""The label of a file made from the hub's data: of which datasets, and the strictest of their tags, as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from catalog.errors import SettingsError
from catalog.residency import Groups, expand, shared
from catalog.vocabulary import Classification

#: Labels lie in a folder of their own, so that whoever checks them need not be able to read what they label.
FOLDER: Final = "labels"
RESIDENCIES: Final = ("store_in", "process_in", "access_from")
FORBIDDEN: Final = ("forbidden_legal_control", "forbidden_model_origins")


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a file was made from, and the strictest tags of all of it then; no moment: an old label."""

    file: str
    datasets: tuple[str, ...]
    tags: Mapping[str, Any]
    made_at: datetime | None = None


def strictest(sources: Iterable[Mapping[str, Any]], groups: Groups) -> dict[str, Any]:
    """Return the highest classification, the places all have in common, and every law one of them forbids.

    Of nothing: what anybody may know, anywhere is nowhere said, so no place.
    """
    found = list(sources)
    if not found:
        return {
            "classification": "public",
            "purposes": [],
            "forbidden_legal_control": [],
            "forbidden_model_origins": [],
            **{tag: [] for tag in RESIDENCIES},
        }
    levels = [Classification(one["classification"]) for one in found]
    return {
        "classification": str(max(levels, key=lambda level: level.level)),
        **{tag: sorted({code for one in found for code in one[tag]}) for tag in FORBIDDEN},
        "purposes": sorted(set.intersection(*(set(one["purposes"]) for one in found))),
        **{tag: list(shared([expand(one[tag], groups) for one in found], groups)) for tag in RESIDENCIES},
    }


def write(folder: Path, label: Label) -> None:
    """Write the label of a file in `folder`, before the file itself is there."""
    labels = folder / FOLDER
    labels.mkdir(mode=0o700, exist_ok=True)
    made = label.made_at.isoformat() if label.made_at else None
    whole = {"file": label.file, "made_at": made, "datasets": list(label.datasets), "tags": dict(label.tags)}
    (labels / f"{label.file}.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def forget(folder: Path, file: str) -> None:
    """Remove the label of a file that is not there."""
    (folder / FOLDER / f"{file}.json").unlink(missing_ok=True)


def read(labels: Path) -> Iterator[Label]:
    """Yield the labels of a folder of labels; SettingsError for one that can't be read."""
    for path in sorted(labels.glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            tags = {tag: tuple(map(str, told["tags"][tag])) for tag in (*RESIDENCIES, *FORBIDDEN, "purposes")}
            level = Classification(told["tags"]["classification"])
            datasets = tuple(map(str, told["datasets"]))
            made_at = datetime.fromisoformat(told["made_at"]) if told.get("made_at") else None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"The label {path.name} can't be read. Make the backup anew, then remove this one."
            ) from error
        yield Label(file=str(told["file"]), datasets=datasets, tags={**tags, "classification": level}, made_at=made_at)
