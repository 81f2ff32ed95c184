"""A copy of the database as one file, beside its label; written whole or not at all."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from catalog import labels
from catalog.errors import DependencyError
from catalog.labels import Label
from catalog.scan import GRACE
from hub.stack.folder import DataFolder
from hub.stack.postgres import DATABASE, SUPERUSER, PostgresFolder

#: What a scan looks into of the data folder, and why it does not look into the rest.
WALKED: Final = frozenset({"objects", "incoming", "backups", "backups/labels"})
EXEMPT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("secrets", "secrets/issuer"), "keys and passwords"),
    "state": "what the supervisor knows of its parts",
    "logs": "no text stands in a log",
    "models": "weights as they were imported; none is trained here",
}
SUFFIX: Final = ".dump"
_LONGEST_S: Final = 24 * 3600


def back_up(folder: DataFolder, postgres: PostgresFolder, label: Label) -> Path:
    """Write the copy: its label first, then the file whole or not at all. DependencyError when it can't be made."""
    path = folder.backups_dir / label.file
    beside = path.with_suffix(".part")
    labels.write(folder.backups_dir, label)
    dump = [str(postgres.programs / "pg_dump"), "--format=custom", "--host", str(postgres.socket_dir)]
    try:
        with beside.open("xb") as file:
            beside.chmod(0o600)
            subprocess.run(  # noqa: S603  # the wheel's own program
                [*dump, "--username", SUPERUSER, "--dbname", DATABASE], check=True, stdout=file, timeout=_LONGEST_S
            )
        beside.rename(path)
    except (OSError, subprocess.SubprocessError) as error:
        beside.unlink(missing_ok=True)
        labels.forget(folder.backups_dir, label.file)
        raise DependencyError(
            f"The backup could not be made ({type(error).__name__}). Nothing was kept in part."
        ) from error
    return path


def relabel(folder: DataFolder, label: Label) -> None:
    """Replace the label of a copy."""
    labels.write(folder.backups_dir, label)


def discard(folder: DataFolder, name: str) -> None:
    """Remove a copy, then its label; DependencyError where the file can't be removed, and all is as it was."""
    try:
        (folder.backups_dir / name).unlink(missing_ok=True)
    except OSError as error:
        raise DependencyError(f"{folder.backups_dir / name} can't be removed ({error.strerror}).") from error
    labels.forget(folder.backups_dir, name)


def named(at: datetime) -> str:
    """Return the name of a copy made at this moment."""
    return f"hub-{at:%Y%m%dT%H%M%SZ}{SUFFIX}"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One file among the backups; no label: nobody says what it holds."""

    file: str
    made_at: datetime
    size: int  # bytes
    label: Label | None


def kept(folder: DataFolder) -> list[Kept]:
    """Return every file among the backups, the oldest first."""
    labelled = {label.file: label for label in labels.read(folder.backups_dir / labels.FOLDER)}
    there = ((path.name, path.stat()) for path in folder.backups_dir.iterdir() if path.is_file())
    found = [
        Kept(file=name, made_at=datetime.fromtimestamp(at.st_mtime, UTC), size=at.st_size, label=labelled.get(name))
        for name, at in there
    ]
    return sorted(found, key=lambda one: (one.made_at, one.file))


def files(folder: DataFolder, now: datetime) -> tuple[list[Label], list[str]]:
    """Return the labels of the copies that are there, and the names of files nobody labelled.

    An upload that waits longer than one can take is such a file, too: somebody's text, left behind.
    """
    there = kept(folder)
    told = [one.label for one in there if one.label]
    left = (path for path in folder.incoming_dir.rglob("*") if path.is_file())
    old = [f"incoming/{path.name}" for path in left if path.stat().st_mtime < (now - GRACE).timestamp()]
    return told, sorted([*(one.file for one in there if not one.label), *old])
