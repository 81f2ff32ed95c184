"""How one sees that a part answers."""

import http.client
import json
import socket
import sys
from pathlib import Path
from typing import Final

TIMEOUT_S: Final = 2.0
_GREETING_MAX_BYTES: Final = 64 << 10


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = _connected(self._path)


def answers_health(path: Path, route: str = "/health", host: str = "localhost") -> bool:
    """Say whether GET /health (or another route) on a UNIX socket is answered with 200, called by the name `host`."""
    connection = _UnixConnection(path)
    try:
        connection.request("GET", route, headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def listens(path: Path) -> bool:
    """Say whether somebody listens on a UNIX socket."""
    try:
        _connected(path).close()
    except OSError:
        return False
    return True


def greets_sealed(path: Path) -> bool:
    """Say whether the fork server's child proves its walls in its first line."""
    try:
        with _connected(path) as connection, connection.makefile("rb") as lines:
            greeting = json.loads(lines.readline(_GREETING_MAX_BYTES))
    except (OSError, ValueError):
        return False
    return isinstance(greeting, dict) and greeting.get("sealed") is True


def _connected(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(TIMEOUT_S)
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


if __name__ == "__main__":  # a container's health check: SOCKET [ROUTE [HOST]]
    sys.exit(not answers_health(Path(sys.argv[1]), *sys.argv[2:4]))
