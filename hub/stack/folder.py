"""The data folder: one place that holds all state of a hub on one machine, closed to everybody else."""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from catalog.errors import SettingsError
from hub.stack.service_user import service_user, shut_door

#: A UNIX socket's address holds 107 bytes; the longest name below the run folder is `/pg/.s.PGSQL.5432`.
RUN_DIR_MAX_CHARS: Final = 80
#: Parts with a folder of their own for what others reach them by.
SOCKETS: Final = ("model", "parser", "issuer", "keys", "reader", "api", "ui", "ingress")

#: What lies in each folder; `backups` holds what was made from documents, each with its label in `backups/labels`.
FOLDERS: Final = (
    *("secrets", "state", "logs", "objects", "models", "incoming", "secrets/issuer"),
    *("backups", "backups/labels"),
)


@dataclass(frozen=True, kw_only=True)
class DataFolder:
    """Paths below the data folder; only the sockets may have to live elsewhere."""

    root: Path
    run_dir: Path

    @classmethod
    def prepare(cls, root: Path, *, account: str = "nobody", free_min_bytes: int = 0) -> "DataFolder":
        """Make what is missing. SettingsError when the folder can't be used, in a sentence that says what to do."""
        root = make_root(root)
        try:
            for name in FOLDERS:
                (root / name).mkdir(mode=0o700, exist_ok=True)
            _refuse_if_full(root, free_min_bytes)
            folder = cls(root=root, run_dir=_run_dir(root, account))
            for part in SOCKETS:  # each part may write to its own folder only
                folder.socket(part).parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise SettingsError(trouble(root, error)) from error
        return folder

    @classmethod
    def existing(cls, root: Path) -> "DataFolder":
        """Open one that was made before; SettingsError where there is none."""
        root = root.absolute()
        try:
            return cls(root=root, run_dir=Path((root / "state" / "run_dir").read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise SettingsError(f"There is no hub in {root}. Start one with `hub up`, or set HUB_DATA_DIR.") from None
        except OSError as error:
            raise SettingsError(trouble(root, error)) from error

    @property
    def postgres_dir(self) -> Path:
        """PGDATA."""
        return self.root / "postgres"

    @property
    def objects_dir(self) -> Path:
        """The local object store."""
        return self.root / "objects"

    @property
    def models_dir(self) -> Path:
        """Weights and their registry."""
        return self.root / "models"

    @property
    def secrets_dir(self) -> Path:
        """Passwords and keys."""
        return self.root / "secrets"

    @property
    def incoming_dir(self) -> Path:
        """Where uploads wait until they are stored whole."""
        return self.root / "incoming"

    @property
    def backups_dir(self) -> Path:
        """Copies of the database, each with a label that names its tags."""
        return self.root / "backups"

    @property
    def issuer_dir(self) -> Path:
        """The development issuer's own secrets: its key, and the demo's password."""
        return self.secrets_dir / "issuer"

    @property
    def keys_file(self) -> Path:
        """The issuer's public keys, as the key-fetcher brings them."""
        return self.run_dir / "keys" / "jwks.json"

    @property
    def model_socket(self) -> Path:
        """Where the model server listens."""
        return self.socket("model")

    @property
    def parser_socket(self) -> Path:
        """Where the parser listens."""
        return self.socket("parser")

    def socket(self, part: str) -> Path:
        """Return where a part listens."""
        return self.run_dir / part / f"{part}.sock"

    def zone_sockets(self, zones: Iterable[str]) -> dict[str, Path]:
        """Return where the API listens for each further network zone; numbered, for a socket's path is short."""
        return {zone: self.run_dir / "api" / f"z{number}.sock" for number, zone in enumerate(sorted(zones))}

    def clear_run_dir(self) -> None:
        """Remove a run folder that lies elsewhere: sockets and copied programs, nothing that is missed."""
        if self.root not in self.run_dir.parents:
            shutil.rmtree(self.run_dir, ignore_errors=True)

    def log(self, part: str) -> Path:
        """One log per part."""
        return self.root / "logs" / f"{part}.log"

    def state(self, part: str) -> Path:
        """Return the file of what the supervisor last knew of a part."""
        return self.root / "state" / f"{part}.json"

    def walls(self, part: str) -> Path:
        """Which walls the launcher raised around a part."""
        return self.root / "state" / f"{part}.walls.json"


def make_root(root: Path) -> Path:
    """Make the folder itself, closed to others also when it was made before by another means."""
    root = root.absolute()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if root.stat().st_mode & 0o077:
            root.chmod(0o700)
    except OSError as error:
        raise SettingsError(trouble(root, error)) from error
    return root


def write_private(path: Path, content: Any) -> None:  # noqa: ANN401  # any JSON value
    """Write JSON whole or not at all, for the owner's eyes only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_json(path: Path) -> dict[str, Any]:
    """Return what is there, or nothing when it is absent or not whole."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _run_dir(root: Path, account: str) -> Path:
    """Sockets lie in the data folder unless its name is too long or the service user can't come that far."""
    record = root / "state" / "run_dir"
    beside = root / "run"
    if len(os.fsencode(beside)) <= RUN_DIR_MAX_CHARS and shut_door(root, service_user(account)) is None:
        beside.mkdir(mode=0o700, exist_ok=True)
        chosen = beside
    elif record.exists() and _is_ours(known := Path(record.read_text(encoding="utf-8"))):
        return known
    else:
        base = "/run" if os.access("/run", os.W_OK) else tempfile.gettempdir()
        chosen = Path(tempfile.mkdtemp(prefix="hub-", dir=base))
    record.write_text(str(chosen), encoding="utf-8")
    return chosen


def _is_ours(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and path.stat().st_uid == os.geteuid()


def _refuse_if_full(root: Path, free_min_bytes: int) -> None:
    free = shutil.disk_usage(root).free
    if free < free_min_bytes:
        raise SettingsError(
            f"The disk of {root} has {free >> 20} MiB left; the hub wants {free_min_bytes >> 20} MiB to start. "
            "Free some space or set HUB_DATA_DIR to another disk. Nothing was changed."
        )


def trouble(root: Path, error: OSError) -> str:
    """Return what happened to the data folder and what to do."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk of {root} is full. Free some space; what was stored is still there."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return (
                f"The data folder {root} can't be used by this account ({error.strerror}). "
                "Set HUB_DATA_DIR to a folder you may write to."
            )
        case _:
            return f"The data folder {root} can't be used: {error.strerror}. Set HUB_DATA_DIR to another one."
