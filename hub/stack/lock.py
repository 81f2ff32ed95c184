"""One hub per data folder: whoever holds the lock runs it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import ConflictError, SettingsError
from hub.stack.folder import read_json, trouble


@contextmanager
def folder_lock(root: Path) -> Iterator[None]:
    """Hold the folder; ConflictError when another process does. The kernel lets go of it however its holder ends."""
    try:
        descriptor = os.open(root / "stack.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SettingsError(trouble(root, error)) from error
    with os.fdopen(descriptor) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = read_json(root / "state" / "supervisor.json").get("pid", "unknown")
            raise ConflictError(
                f"The data folder {root} is in use: the hub is already running on it (process {holder}). "
                "See `hub status`; stop it with `hub down`, or set HUB_DATA_DIR to another folder."
            ) from None
        yield
