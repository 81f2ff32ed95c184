"""Starts the development issuer: read the realm, make what is missing, listen (`python -m hub.stack.issuer`)."""

import logging
import socket
import sys
from typing import Final

import uvicorn

from catalog.errors import DataHubError
from catalog.settings import load
from hub.seal.sockets import listen
from hub.stack.issuer.app import create_app
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.settings import IssuerSettings, listen_address

EXIT_REFUSED: Final = 78


def main() -> int:
    """Serve until a signal; EXIT_REFUSED with one sentence when a setting or a file is wrong."""
    logging.basicConfig(level=logging.WARNING)
    try:
        settings = load(IssuerSettings)
        app = create_app(Issuer(settings))
        listener = _listener(settings.socket)
    except (DataHubError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, lifespan="off"
    )
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _listener(told: str) -> socket.socket:
    address = listen_address(told)
    if isinstance(address, tuple):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        return socket.create_server(address, family=family)
    return listen(address)


if __name__ == "__main__":
    sys.exit(main())
