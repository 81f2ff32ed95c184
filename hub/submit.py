"""Hands files in: each into the object store and, in one transaction, into quarantine and the queue."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from catalog import documents, jobs
from catalog.addresses import Stored
from catalog.errors import AccessDeniedError, DependencyError, SettingsError
from catalog.objects import ObjectStore
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.settings import SiteSettings
from catalog.vocabulary import DatasetId, SubmissionId

#: Files a system leaves behind, which nobody means to hand in.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(kw_only=True)
class Handed:
    """What was handed in; `unreadable` names files that could not even be opened, with the reason."""

    submission_id: SubmissionId
    files: int = 0
    unchanged: int = 0
    size_bytes: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list)


def files_below(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield each file with the name it will have: its path below the folder that was given.

    Raises SettingsError for a path that is not there or can't be listed. Links are not followed.
    """
    for path in paths:
        if path.is_file():
            yield path.name, path
        elif path.is_dir():
            yield from _in_folder(path)
        else:
            raise SettingsError(f"There is no file or folder {path}. Nothing was handed in.")


def require_allowed(session: Session, dataset_id: DatasetId, site: SiteSettings) -> None:
    """Raise AccessDeniedError unless the dataset's tags allow this site to store and process it: before any byte."""
    ruling = ingest_ruling(session, dataset_id, surroundings(session, site, sealed=site.sealed))
    if not ruling.permitted:
        raise AccessDeniedError(
            f"This site may not take documents of that dataset in: {' '.join(ruling.reasons)} "
            f"({', '.join(ruling.rules)}). Nothing was stored."
        )


def hand_in(
    session: Session,
    store: ObjectStore,
    dataset_id: DatasetId,
    files: Sequence[tuple[str, Path]],
    tell: Callable[[str], None] = lambda _: None,
) -> Handed:
    """Store, register and enqueue each file; unchanged ones are skipped, unreadable ones are listed."""
    handed = Handed(submission_id=documents.open_submission(session, dataset_id))
    for name, path in files:
        try:
            source = path.open("rb")
        except OSError as error:
            handed.unreadable.append((name, error.strerror or "can't be read"))
            continue
        with source:
            stored = _stored(store, source)
        submitted = documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=handed.submission_id,
            name=name,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
        )
        handed.files += 1
        handed.unchanged += submitted.unchanged
        handed.size_bytes += stored.size_bytes
        if not submitted.unchanged:
            jobs.enqueue(session, version_id=submitted.version_id, dataset_id=dataset_id)
        tell(name)
    return handed


def _stored(store: ObjectStore, source: BinaryIO) -> Stored:
    try:
        return store.put(source)
    except DependencyError as error:
        raise DependencyError(f"{error} Nothing of this run was registered: run the same command again.") from error


def _in_folder(folder: Path) -> Iterator[tuple[str, Path]]:
    def failed(error: OSError) -> None:
        raise SettingsError(
            f"The folder {error.filename} can't be read ({error.strerror}). Nothing was handed in; "
            "give yourself the right to read it, then run the same command again."
        ) from error

    for here, folders, names in os.walk(folder, onerror=failed):
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            if name not in LITTER and path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path
