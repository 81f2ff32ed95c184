"""A person's browser and a program's requests, against the real issuer."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.testclient import TestClient

from hub.stack.issuer.app import create_app
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.passwords import demo_password
from hub.stack.issuer.settings import IssuerSettings

URL = "http://127.0.0.1:8082/realms/hub"
ORIGIN = "http://127.0.0.1:8082"
CALLBACK = "http://localhost:8080/oauth2callback"
AUTH, TOKEN, DEVICE, LOGOUT = (
    f"{URL}/protocol/openid-connect/{name}" for name in ("auth", "token", "auth/device", "logout")
)
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
VERIFIER = "the-proof-of-whoever-began-this-is-what-ends-it-too"


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def part(token: str, at: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[at] + "=="))
    return found


def answer_in(response: Any) -> dict[str, str]:
    """What the program at the callback is told."""
    assert response.status_code == 303, response.text
    assert response.headers["location"].startswith(f"{CALLBACK}?"), response.headers["location"]
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def said(response: Any) -> str:
    """The text of a page."""
    body = re.sub(r"<style>.*?</style>", "", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """One browser; `another()` is somebody else's at the same issuer."""

    issuer: Issuer
    password: str
    clock: Clock
    http: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = TestClient(create_app(self.issuer), base_url=ORIGIN, follow_redirects=False)

    @classmethod
    def of_realm(cls, raw: dict[str, Any], folder: Path, secrets_dir: Path) -> "Browser":
        """A browser at an issuer with another realm."""
        (folder / "realm.json").write_text(json.dumps(raw))
        settings = IssuerSettings(socket="/unused", secrets_dir=secrets_dir, realm_file=folder / "realm.json")
        clock = Clock()
        return cls(Issuer(settings, clock=clock), demo_password(secrets_dir), clock)

    def another(self) -> "Browser":
        return Browser(self.issuer, self.password, self.clock)

    @staticmethod
    def asked(**changes: str | None) -> dict[str, str]:
        known = {
            "client_id": "hub-ui", "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid",
            "state": "a state", "nonce": "a nonce", "code_challenge": challenge(), "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in {**known, **changes}.items() if value is not None}

    def authorize(self, **changes: str | None) -> Any:
        return self.http.get(AUTH, params=self.asked(**changes))

    def sign_in(
        self, name: str = "ada", password: str | None = None, *, origin: str | None = ORIGIN, **changes: str | None
    ) -> Any:
        sent = {"username": name, "password": self.password if password is None else password}
        headers = {"Origin": origin} if origin else {}
        return self.http.post(AUTH, params=self.asked(**changes), data=sent, headers=headers)

    def code(self, name: str = "ada", **changes: str | None) -> str:
        return answer_in(self.sign_in(name, **changes))["code"]

    def redeem(self, code: str, /, **changes: str | None) -> Any:
        known = {
            "grant_type": "authorization_code", "client_id": "hub-ui", "code": code, "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }  # fmt: skip
        return self.post({**known, **changes})

    def tokens(self, name: str = "ada") -> dict[str, Any]:
        answer = self.redeem(self.code(name))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, form: dict[str, str | None], to: str = TOKEN, **more: Any) -> Any:
        return self.http.post(to, data={name: value for name, value in form.items() if value is not None}, **more)

    # a terminal

    def begin_device(self, **changes: str | None) -> Any:
        known = {"client_id": "hub-cli", "code_challenge": challenge(), "code_challenge_method": "S256"}
        return self.post({**known, **changes}, DEVICE)

    def poll(self, codes: dict[str, Any], **changes: str | None) -> Any:
        known = {
            "grant_type": DEVICE_GRANT, "client_id": "hub-cli", "device_code": codes["device_code"],
            "code_verifier": VERIFIER,
        }  # fmt: skip
        return self.post({**known, **changes})

    def say(self, codes: dict[str, Any], answer: str = "yes", *, origin: str = ORIGIN) -> Any:
        address = f"{URL}/device?user_code={codes['user_code']}"
        return self.http.post(address, data={"answer": answer}, headers={"Origin": origin})

    def connect(self, name: str = "ada") -> dict[str, Any]:
        """Everything from the first request of a terminal to its tokens."""
        codes = self.begin_device().json()
        self.sign_in(name)
        assert self.say(codes).status_code == 200
        answer = self.poll(codes)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def parameters(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)
