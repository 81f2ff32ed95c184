"""What the issuer says of itself: its endpoints and its public keys."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.stack.issuer.exchange import EXCHANGE_GRANT
from hub.stack.issuer.issuer import PROTOCOL
from hub.stack.issuer.own_key import KEY_GRANT
from hub.stack.issuer.signin import issuer_of
from hub.stack.issuer.token import DEVICE_GRANT


async def configuration(request: Request) -> Response:
    """Return the metadata (RFC 8414); without the line about PKCE, Streamlit would send none."""
    issuer = issuer_of(request)
    endpoints = f"{issuer.url}{PROTOCOL}"
    return JSONResponse(
        {
            "issuer": issuer.url,
            "authorization_endpoint": f"{endpoints}/auth",
            "token_endpoint": f"{endpoints}/token",
            "device_authorization_endpoint": f"{endpoints}/auth/device",
            "end_session_endpoint": f"{endpoints}/logout",
            "revocation_endpoint": f"{endpoints}/revoke",
            "jwks_uri": f"{endpoints}/certs",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT, EXCHANGE_GRANT, KEY_GRANT],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid"],
            "prompt_values_supported": ["none", "login"],
            "ui_locales_supported": ["en", "de"],
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
    )


async def keys(request: Request) -> Response:
    """Return the public half of the signing key."""
    return JSONResponse(issuer_of(request).key.public_keys().as_dict(private=False))


async def health(_: Request) -> Response:
    """Say that the issuer answers."""
    return JSONResponse({"status": "ok"})
