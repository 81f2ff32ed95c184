"""Through which network zone a request came: the socket it was accepted on says so, and nothing a client can write.

Each zone has a socket of its own, which its listener of the ingress and its screens reach and nobody else. No header,
address or token is asked: a zone can't be claimed, only come in by.
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

#: Where a request's zone is kept; whatever stands there before is not read.
KEPT: Final = "hub.zone"


class Zones:
    """Writes the zone of the socket into each request, none for a socket nobody named."""

    def __init__(self, app: ASGIApp, by_socket: Mapping[str, str]) -> None:
        self._app, self._by_socket = app, by_socket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, with its zone."""
        accepted_on = (scope.get("server") or ("",))[0]
        scope[KEPT] = self._by_socket.get(accepted_on, "")
        await self._app(scope, receive, send)


def zone_of(scope: Mapping[str, Any]) -> str:
    """Return the zone a request came in through; empty where its socket is of no zone."""
    return str(scope.get(KEPT, ""))
