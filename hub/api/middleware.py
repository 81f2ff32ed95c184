"""Around every request: an id, the headers, a limit on what a body may weigh, and one line of log without text."""

import time
from collections.abc import Iterable
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.problems import fault, problem

#: The one route that takes more than a few words; it counts for itself.
UPLOADS: Final = ("POST", "/documents")
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
log = structlog.get_logger()


class Frame:
    """Gives each request an id, each response its headers, and the log a line: the route's shape, never its values."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        status, began, kind = 0, time.monotonic(), None

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as error:  # noqa: BLE001  # its words and its trace may hold values: here it ends
            kind = type(error).__name__
            if not status:
                await fault(Request(scope))(scope, receive, framed)
        finally:
            route = getattr(scope.get("route"), "path", None)
            took_ms = round((time.monotonic() - began) * 1000, 1)
            line = {"id": request_id, "method": scope["method"], "route": route, "status": status, "took_ms": took_ms}
            log.info("request", **line, **({"fault": kind} if kind else {}))


class KnownHosts:
    """Refuses requests that call the API by a name it doesn't have (DNS rebinding)."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._known = [[host.lower()] for host in hosts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        named = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"]
        if scope["type"] != "http" or [name.partition(":")[0].lower() for name in named] in self._known:
            await self._app(scope, receive, send)
            return
        words = "That is not a name this API is called by."
        await problem(Request(scope), "invalid", 400, "Not understood", words)(scope, receive, send)


class SmallBodies:
    """Refuses a request body over `most_bytes`, before it is read and while it is."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) == UPLOADS:
            await self._app(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._most:
                words = f"A request may have at most {self._most} bytes."
                await problem(Request(scope), "too-large", 413, "Too large", words)(scope, receive, send)
                return
        given = False

        async def once() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, once, send)
