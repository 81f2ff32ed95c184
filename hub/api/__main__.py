"""Starts the API on its UNIX sockets, one a network zone: `python -m hub.api`."""

import gc
import logging
import socket
import sys
from typing import Final

import structlog
import uvicorn

from catalog.errors import DataHubError
from catalog.settings import load
from hub.app import build, create_app
from hub.seal.sockets import listen
from hub.settings import DoorSettings

EXIT_REFUSED: Final = 78


def main() -> int:
    """Serve until a signal; EXIT_REFUSED with one sentence when a setting is wrong."""
    logging.basicConfig(level=logging.WARNING)
    structlog.configure(
        processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        settings = load(DoorSettings)
        hub = build(settings)
        listeners = listening(settings)
        app = create_app(hub, {listener.getsockname(): zone for listener, zone in listeners.items()})
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    # What was made until here stays: the collector needn't look through it again in the middle of a question.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, date_header=False)
    try:
        uvicorn.Server(config).run(sockets=list(listeners))
    finally:
        hub.close()
    return 0


def listening(settings: DoorSettings) -> dict[socket.socket, str]:
    """Listen for each network zone on its own socket."""
    return {listen(path): zone for zone, path in settings.sockets.items()}


if __name__ == "__main__":
    sys.exit(main())
