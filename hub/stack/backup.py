"""A copy of the database as one file, with a label that names the strictest tags of all it holds."""

import subprocess
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import labels, scan
from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, DependencyError
from catalog.labels import Label
from catalog.policy.facts import lying_breaches
from catalog.policy.model import Surroundings
from catalog.vocabulary import EventType
from hub.stack.folder import DataFolder
from hub.stack.postgres import DATABASE, SUPERUSER, PostgresFolder

SUFFIX: Final = ".dump"
_LONGEST_S: Final = 24 * 3600


def label_for(session: Session, here: Surroundings, name: str) -> Label:
    """Return the label of a copy of the whole database; ConflictError where it may not lie."""
    tags = scan.effective_tags(session)
    held = [row.id for row in session.execute(select(func.hub.scanned_holdings().table_valued("id")))]
    label = Label(
        file=name,
        datasets=tuple(str(tags[one]["slug"]) for one in held),
        tags=labels.strictest([tags[one] for one in held], here.groups),
    )
    forbidden = scan.may_not_lie({one: tags[one] for one in held}, here, here.database).datasets
    if forbidden or (held and lying_breaches(label.tags, here, here.database)):
        slugs = ", ".join(sorted(str(tags[one]["slug"]) for one in forbidden)) or "all of them together"
        raise ConflictError(
            f"No backup was made: it would hold data that may not lie in {here.database.name} ({slugs}). "
            "`hub residency scan` names them; move or erase them first."
        )
    return label


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


def named(at: datetime) -> str:
    """Return the name of a copy made at this moment."""
    return f"hub-{at:%Y%m%dT%H%M%SZ}{SUFFIX}"


def files(folder: DataFolder) -> tuple[list[Label], list[str]]:
    """Return the labels of the copies that are there, and the names of files without one."""
    there = {path.name for path in folder.backups_dir.iterdir() if path.is_file()}
    told = [label for label in labels.read(folder.backups_dir / labels.FOLDER) if label.file in there]
    return told, sorted(there - {label.file for label in told})


def write_down(session: Session, label: Label) -> None:
    """Write into the trail that a copy was made, under which label."""
    detail = {"datasets": list(label.datasets), "classification": label.tags["classification"]}
    record(session, AuditEvent(type=EventType.BACKUP_MADE, object=f"backup:{label.file}", detail=detail))
