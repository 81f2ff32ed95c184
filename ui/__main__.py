"""Starts the UI on its UNIX socket: `python -m ui`."""

import logging
import os
import socket
import sys
from pathlib import Path
from typing import Final

from ui.settings import UiSettings, UiSettingsError, settings

EXIT_REFUSED: Final = 78


def main() -> int:
    """Serve until a signal; EXIT_REFUSED with one sentence when a setting is wrong."""
    logging.basicConfig(level=logging.WARNING)
    try:
        told = settings()
    except UiSettingsError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    _serve(told)
    return 0


def _serve(told: UiSettings) -> None:
    import uvicorn

    from ui.serve import create_app

    config = uvicorn.Config(
        create_app(told),
        log_level="warning",
        access_log=False,  # the id token travels in the sign-out address
        server_header=False,
        lifespan="on",
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run(sockets=[listen(told.ui_socket)])


def listen(path: Path) -> socket.socket:
    """Listen on a socket only this user can reach; it is there once it answers, and replaces a dead server's."""
    unready = path.with_suffix(".new")
    unready.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(unready))
    finally:
        os.umask(before)
    listener.listen(128)
    unready.rename(path)
    return listener


if __name__ == "__main__":
    sys.exit(main())
