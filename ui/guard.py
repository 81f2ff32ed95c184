"""What stands in front of Streamlit: which paths exist, who may name this host, and the headers of every answer."""

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ui.opened import COOKIE, remembering
from ui.theme import answer_theme

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Streamlit's own paths that people need; whatever is not named here or a page does not exist.
OPEN: Final = frozenset({"/", "/favicon.png", "/_stcore/health", "/auth/login", "/auth/logout", "/oauth2callback"})
LOGIN: Final = "/auth/login"
BAD_REQUEST: Final = 400
ASSETS: Final = "/static/"
UPLOAD: Final = "/_stcore/upload_file/"
#: A file to take along: named by the digest of what is in it, forgotten with the session that offered it.
DOWNLOAD: Final = re.compile(r"/media/[0-9a-f]{32,128}\.(?:csv|html|json)")
STREAM: Final = "/_stcore/stream"
HOST_CONFIG: Final = "/_stcore/host-config"
READ: Final = frozenset({"GET", "HEAD"})

#: All the front end needs to know of its host; nobody may embed it or talk to it from another window.
OWN_HOST_CONFIG: Final = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}


def script_hashes(index: Path) -> list[str]:
    """Return the CSP sources of the inline scripts the installed front end begins with."""
    inline = re.findall(r"<script>(.*?)</script>", index.read_text(encoding="utf-8"), re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inline]


def security_headers(hashes: Iterable[str], *, https: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers every answer carries."""
    policy = {
        "default-src": "'none'",
        "script-src": " ".join(("'self'", *hashes)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        **dict.fromkeys(("worker-src", "media-src", "manifest-src", "form-action"), "'none'"),
        **dict.fromkeys(("base-uri", "frame-ancestors", "object-src"), "'none'"),
    }
    features = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
    headers = {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in features.split()),
    }
    if https:
        headers["strict-transport-security"] = "max-age=31536000"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class Guard:
    """An ASGI application around Streamlit's: a path that isn't listed, a foreign host or origin gets no further."""

    def __init__(
        self, app: Asgi, *, url: str, pages: Iterable[str], index: Path, signed_in: Callable[[dict[str, str]], bool]
    ) -> None:
        self._app = app
        self._url = url
        self._host = urlsplit(url).netloc
        self._https = url.startswith("https://")
        self._pages = frozenset(f"/{page}" for page in pages)
        self._paths = OPEN | self._pages
        self._signed_in = signed_in
        self._headers = security_headers(script_hashes(index), https=self._https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or hand on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, headers)
            return
        send = _or_back(self._hardened(send)) if scope["path"] == LOGIN else self._hardened(send)
        send = self._remembering(send, scope["path"], _cookies(headers))
        status, body, kind = self._answer(scope, headers)
        if status is None:
            await self._app(scope, receive, send)
        else:
            await _respond(send, status, body, kind)

    def _remembering(self, send: Send, path: str, cookies: dict[str, str]) -> Send:
        return remembering(send, path, cookies.get(COOKIE, ""), self._pages, signed_in=self._signed_in(cookies))

    def _answer(self, scope: Scope, headers: dict[str, str]) -> tuple[int | None, bytes, str]:
        """Return the answer given here, or None as its status where Streamlit answers."""
        path, method = scope["path"], scope["method"]
        if headers.get("host") != self._host:
            return 400, f"This is {self._url}".encode(), "text/plain"
        if path == HOST_CONFIG and method in READ:
            return 200, json.dumps(OWN_HOST_CONFIG).encode(), "application/json"
        if path.startswith("/theme/") and method in READ:
            return answer_theme(path, scope.get("query_string", b""), sorted(self._paths))
        if _carries(path, method):
            return (None, b"", "") if self._signed_in(_cookies(headers)) else (403, b"Sign in first.", "text/plain")
        if (path in self._paths or path.startswith(ASSETS)) and method in READ:
            return None, b"", ""
        return 404, b"There is nothing here.", "text/plain"

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        """Let a browser that shows this very origin through; without an origin it is no browser of ours."""
        if scope["path"] == STREAM and headers.get("host") == self._host and headers.get("origin") == self._url:
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": ""})

    def _hardened(self, send: Send) -> Send:
        own = {name for name, _ in self._headers}

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in own]
                message["headers"] = [self._cookie(name, value) for name, value in kept] + self._headers
            await send(message)

        return sender

    def _cookie(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        """Streamlit never marks its cookies Secure."""
        if self._https and name.lower() == b"set-cookie" and b"; secure" not in value.lower():
            value += b"; Secure"
        return name, value


def _carries(path: str, method: str) -> bool:
    """Tell whether a file is handed in or taken along: both for who is signed in."""
    if path.startswith(UPLOAD):
        return method in {"PUT", "DELETE"}
    return DOWNLOAD.fullmatch(path) is not None and method in READ


def _or_back(send: Send) -> Send:
    """Where the issuer can't be reached, Streamlit answers with an English word on a blank page: go back instead."""
    failed = False

    async def sender(message: Message) -> None:
        nonlocal failed
        if message["type"] == "http.response.start" and message["status"] >= BAD_REQUEST:
            failed = True
            kept = [(name, value) for name, value in message["headers"] if not name.lower().startswith(b"content-")]
            message = {**message, "status": 303, "headers": [*kept, (b"location", b"/?problem=issuer")]}
        elif failed:
            message = {**message, "body": b""}
        await send(message)

    return sender


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name: value.strip('"') for name, _, value in pairs if name}


async def _respond(send: Send, status: int, body: bytes, kind: str) -> None:
    headers = [(b"content-type", f"{kind}; charset=utf-8".encode()), (b"cache-control", b"no-store")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
