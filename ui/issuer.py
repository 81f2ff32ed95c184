"""How the UI reaches the issuer: authlib's client, carried by the issuer's UNIX socket."""

from typing import Any

import httpx2
from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]
from authlib.integrations.starlette_client import StarletteOAuth2App  # type: ignore[import-untyped]

from ui.settings import UiSettings


def carry(settings: UiSettings) -> None:
    """Make every call to the issuer go through its socket; its addresses stay the public ones.

    Streamlit makes a client of this class for each request and closes it again: each has a transport of its own.
    """
    socket = str(settings.issuer_socket)

    class SocketClient(AsyncOAuth2Client):  # type: ignore[misc]  # authlib ships no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # authlib's own arguments
            kwargs["transport"] = httpx2.AsyncHTTPTransport(uds=socket)
            super().__init__(*args, **kwargs)

    StarletteOAuth2App.client_cls = SocketClient


def secrets(settings: UiSettings) -> dict[str, Any]:
    """Return what Streamlit reads as `[auth]`: a public client with PKCE, nothing but the cookie's key is secret."""
    return {
        "auth": {
            "redirect_uri": f"{settings.ui_url}/oauth2callback",
            "cookie_secret": settings.ui_cookie_secret.get_secret_value(),
            "expose_tokens": ["access"],
            "hub": {
                "client_id": "hub-ui",
                "client_secret": "",
                "server_metadata_url": f"{settings.issuer_url}/.well-known/openid-configuration",
                "client_kwargs": {
                    "scope": "openid",
                    "token_endpoint_auth_method": "none",
                    # Streamlit's default asks which account each time: a session could not be renewed in silence.
                    "prompt": "",
                    "timeout": 10,
                },
            },
        }
    }
