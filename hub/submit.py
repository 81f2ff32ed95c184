"""Hands files in: each into the object store, then a batch at a time into quarantine and the queue."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from catalog import document_laws, documents, jobs, violations
from catalog.addresses import Stored
from catalog.document_tags import NONE, DocumentTags
from catalog.errors import AccessDeniedError, DependencyError, SettingsError
from catalog.objects import ObjectStore
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.policy.model import Ruling
from catalog.settings import SiteSettings
from catalog.vocabulary import DatasetId, SubmissionId

#: Files a system leaves behind, which nobody means to hand in.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

#: A transaction holds this many files, or those of this long: what a crash may lose, and when work begins.
BATCH_FILES: Final = 50
BATCH_S: Final = 5.0


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


def ruling_here(
    session: Session,
    dataset_id: DatasetId,
    site: SiteSettings,
    tags: DocumentTags = NONE,
    names: Sequence[str] = (),
) -> Ruling:
    """Rule on taking documents in here, before any byte; what residency refuses is kept in this transaction.

    `tags` are what is declared with the files, `names` what they are called: a document may have stricter tags already.
    Raises SettingsError for tags that are unknown or looser than the dataset's.
    """
    here = surroundings(session, site, sealed=site.sealed)
    document_laws.check(session, dataset_id, tags)
    ruling = ingest_ruling(session, dataset_id, here, tags)
    for own in document_laws.of_names(session, dataset_id, names) if ruling.permitted else ():
        if ruling.permitted:
            ruling = ingest_ruling(session, dataset_id, here, own)
    violations.record(session, [([dataset_id], ruling.breaches)])
    return ruling


def require(ruling: Ruling) -> None:
    """Raise AccessDeniedError unless it is permitted: after the transaction, which keeps what was refused."""
    if not ruling.permitted:
        raise AccessDeniedError(
            f"This site may not take documents of that dataset in: {' '.join(ruling.reasons)} "
            f"({', '.join(ruling.rules)}). Nothing was stored."
        )


def hand_in(  # noqa: PLR0913  # what is handed in, where to, and who hears of it
    begin: Callable[[], AbstractContextManager[Session]],
    store: ObjectStore,
    dataset_id: DatasetId,
    files: Sequence[tuple[str, Path]],
    tell: Callable[[int], None] = lambda _: None,
    *,
    tags: DocumentTags = NONE,
) -> Handed:
    """Store, register and enqueue each file, a batch in each transaction `begin` opens; `tell` hears how many are done.

    The worker starts on the first batch while the next is stored. Unchanged files are skipped, unreadable ones listed.
    Raises DependencyError, which says how many were handed in.
    """
    with begin() as session:
        handed = Handed(submission_id=documents.open_submission(session, dataset_id))
    try:
        for batch in _batches(_stored_files(store, files, handed, tell)):
            _register(begin, dataset_id, handed, batch, tags)
    except DependencyError as error:
        raise DependencyError(
            f"{error} Of this run, {handed.files:,} of {len(files):,} files were handed in; "
            "run the same command again: they are skipped."
        ) from error
    return handed


def _stored_files(
    store: ObjectStore, files: Sequence[tuple[str, Path]], handed: Handed, tell: Callable[[int], None]
) -> Iterator[tuple[str, Stored]]:
    for number, (name, path) in enumerate(files, start=1):
        try:
            source = path.open("rb")
        except OSError as error:
            handed.unreadable.append((name, error.strerror or "can't be read"))
        else:
            with source:
                yield name, store.put(source)
        tell(number)


def _batches(stored: Iterator[tuple[str, Stored]]) -> Iterator[list[tuple[str, Stored]]]:
    """Yield what was stored whenever there is enough of it or it has waited long enough."""
    batch: list[tuple[str, Stored]] = []
    began = time.monotonic()
    try:
        for one in stored:
            batch.append(one)
            if len(batch) >= BATCH_FILES or time.monotonic() - began >= BATCH_S:
                yield batch
                batch, began = [], time.monotonic()
    except DependencyError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _register(
    begin: Callable[[], AbstractContextManager[Session]],
    dataset_id: DatasetId,
    handed: Handed,
    batch: Sequence[tuple[str, Stored]],
    tags: DocumentTags,
) -> None:
    unchanged = 0
    with begin() as session:
        for name, stored in batch:
            submitted = documents.submit(
                session,
                dataset_id=dataset_id,
                submission_id=handed.submission_id,
                name=name,
                sha256=stored.sha256,
                size_bytes=stored.size_bytes,
                tags=tags,
            )
            unchanged += submitted.unchanged
            if not submitted.unchanged:
                jobs.enqueue(session, version_id=submitted.version_id, dataset_id=dataset_id)
    handed.files += len(batch)
    handed.unchanged += unchanged
    handed.size_bytes += sum(stored.size_bytes for _, stored in batch)


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
