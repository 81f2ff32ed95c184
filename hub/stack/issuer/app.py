"""The development issuer's routes, and what holds for every one of them."""

from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.stack.issuer import pages
from hub.stack.issuer.admin import ADMIN, close_client, new_key, open_client
from hub.stack.issuer.authorize import authorize
from hub.stack.issuer.device import begin, verify
from hub.stack.issuer.discovery import configuration, health, keys
from hub.stack.issuer.issuer import PROTOCOL, Issuer
from hub.stack.issuer.logout import logout
from hub.stack.issuer.requests import OAuthError, PageError
from hub.stack.issuer.signin import words_of
from hub.stack.issuer.token import revoke, token

#: `same-origin` and not `no-referrer`: a browser would then name no site with a form, and every form needs one.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(issuer: Issuer) -> Starlette:
    """Build the routes, under Keycloak's paths."""
    at = f"{issuer.path}{PROTOCOL}"
    app = Starlette(
        routes=[
            Route("/health", health),
            Route(f"{issuer.path}/.well-known/openid-configuration", configuration),
            Route(f"{at}/certs", keys),
            Route(f"{at}/auth", authorize, methods=["GET", "POST"]),
            Route(f"{at}/auth/device", begin, methods=["POST"]),
            Route(f"{issuer.path}/device", verify, methods=["GET", "POST"]),
            Route(f"{at}/token", token, methods=["POST"]),
            Route(f"{at}/revoke", revoke, methods=["POST"]),
            Route(f"{at}/logout", logout, methods=["GET", "POST"]),
            Route(f"{ADMIN}{issuer.path}/clients", open_client, methods=["POST"]),
            Route(f"{ADMIN}{issuer.path}/clients/{{id}}/client-secret", new_key, methods=["POST"]),
            Route(f"{ADMIN}{issuer.path}/clients/{{id}}", close_client, methods=["DELETE"]),
        ],
        exception_handlers={OAuthError: _told_to_a_program, PageError: _told_to_a_person},
    )
    app.state.issuer = issuer
    app.add_middleware(Guard, host=urlsplit(issuer.url).netloc)
    return app


class Guard:
    """Answers under the issuer's own name only (a page elsewhere could have renamed itself to us), with HEADERS."""

    def __init__(self, app: ASGIApp, *, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for us."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            await send(message)

        app = self._app
        if scope["path"] != "/health" and Headers(scope=scope).getlist("host") != [self._host]:
            app = PlainTextResponse(f"The issuer answers as {self._host} only.\n", 421)
        await app(scope, receive, send_guarded)


async def _told_to_a_program(_: Request, error: Exception) -> Response:
    assert isinstance(error, OAuthError)  # noqa: S101  # for the type checker
    return JSONResponse({"error": error.code, "error_description": str(error)}, error.status)


async def _told_to_a_person(request: Request, error: Exception) -> Response:
    assert isinstance(error, PageError)  # noqa: S101  # for the type checker
    words = words_of(request)
    said = pages.sentence(words[error.sentence], kind="wrong")
    return pages.page(words, words["trouble"], said, status=error.status)
