"""The screen somebody opened before they signed in: kept in their browser, and where the sign-in leads them back to."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

COOKIE: Final = "hub_opened"
#: A sign-in that takes longer leads to the first screen, as does one that began there.
LIFE_S: Final = 900
_CALLBACK: Final = "/oauth2callback"


def remembering(send: Send, path: str, opened: str, pages: frozenset[str], *, signed_in: bool) -> Send:
    """Keep the page a stranger asks for; send who comes from the issuer to the page in `opened`, once."""
    if path == _CALLBACK and opened in pages:
        return _leading_to(send, opened)
    if path in pages and not signed_in:
        return _with(send, _cookie(path, LIFE_S))
    return send


def _leading_to(send: Send, page: str) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start" and (b"location", b"/") in message["headers"]:
            others = [one for one in message["headers"] if one != (b"location", b"/")]
            message = {**message, "headers": [*others, (b"location", page.encode()), _cookie(page, 0)]}
        await send(message)

    return sender


def _with(send: Send, header: tuple[bytes, bytes]) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], header]}
        await send(message)

    return sender


def _cookie(page: str, life_s: int) -> tuple[bytes, bytes]:
    return b"set-cookie", f"{COOKIE}={page}; Max-Age={life_s}; Path=/; HttpOnly; SameSite=Lax".encode()
