"""The one way a part of the hub listens: a UNIX socket of its own user, there only once it answers."""

import os
import socket
from pathlib import Path


def listen(path: Path) -> socket.socket:
    """Listen on a UNIX socket that only this user can reach; one left by a dead server is replaced."""
    unready = path.with_suffix(".new")
    unready.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(unready))
    finally:
        os.umask(before)
    listener.listen(64)
    unready.rename(path)
    return listener
