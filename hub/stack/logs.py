"""One log per part, bounded: when it has grown too long at a start, it becomes the older one."""

import os
from pathlib import Path


def open_log(path: Path, *, max_bytes: int) -> int:
    """Return a descriptor to append to; close it when the part has it."""
    if path.exists() and path.stat().st_size > max_bytes:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def last_line(path: Path) -> str:
    """Return the last line that says something, for a message; logs hold no document text."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 4096))
            lines = file.read().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
