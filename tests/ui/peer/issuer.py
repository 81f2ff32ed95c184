"""An issuer's side of the wire, for tests: discovery, keys, code with PKCE; whoever comes is signed in."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.ui.peer.people import PEOPLE, me


@dataclass
class Issuing:
    """Who comes next, and how long a token lives."""

    url: str
    who: str = "ada"
    life_s: float = 3600
    down: bool = False
    logins: int = 0
    verified: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


def create(issuing: Issuing) -> FastAPI:
    app = FastAPI(openapi_url=None)
    key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
    codes: dict[str, dict[str, str]] = {}

    @app.middleware("http")
    async def up(_: Request, go: Any) -> Response:
        if issuing.down:
            return Response(status_code=503)
        answer: Response = await go(_)
        return answer

    @app.get("/realms/hub/.well-known/openid-configuration")
    def _discovery() -> Any:
        return {
            "issuer": issuing.url,
            "authorization_endpoint": f"{issuing.url}/auth",
            "token_endpoint": f"{issuing.url}/token",
            "jwks_uri": f"{issuing.url}/certs",
            "end_session_endpoint": f"{issuing.url}/logout",
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    @app.get("/realms/hub/certs")
    def _certs() -> Any:
        return {"keys": [key.as_dict(private=False)]}

    @app.get("/realms/hub/auth")
    def _auth(request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        codes[code] = asked
        issuing.logins += 1
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    @app.post("/realms/hub/token")
    async def _token(request: Request) -> Any:
        told = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = codes.pop(told["code"])
        digest = hashlib.sha256(told["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        issuing.verified.append(asked["code_challenge_method"])
        now = int(time.time())
        claims = {
            "iss": issuing.url,
            "aud": "hub-ui",
            "azp": "hub-ui",
            "sub": me(issuing.who)["id"],
            "name": PEOPLE[issuing.who][0],
            "nonce": asked["nonce"],
            "sid": "s",
            "iat": now,
            "exp": now + int(issuing.life_s),
        }
        id_token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)
        access = f"{issuing.who}.{secrets.token_urlsafe(8)}"
        issuing.tokens += [access, id_token]
        return {"access_token": access, "id_token": id_token, "token_type": "Bearer", "expires_in": int(issuing.life_s)}

    @app.get("/realms/hub/logout")
    def _logout(request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)

    return app
