"""HTTP to a part of the hub, over its UNIX socket."""

import ssl
from pathlib import Path

import httpx


def over(socket: Path) -> httpx.HTTPTransport:
    """Return the way to whoever listens on `socket`.

    No part speaks TLS there, so no authority is trusted; httpx would read all of the system's, 17 ms for each client.
    """
    return httpx.HTTPTransport(uds=str(socket), verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
