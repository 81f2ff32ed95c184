"""A person's browser and a program's requests at an issuer that may be either: the development issuer or Keycloak."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.hub.stack.issuer.browser import CALLBACK, DEVICE_GRANT, VERIFIER, challenge

Answer = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An issuer that runs: its address, everyone's password, the API's secret, and a person's one-time code."""

    issuer: str
    password: str = field(repr=False)
    api_secret: str = field(repr=False)
    code_for: Callable[[str], str | None] = lambda _: None

    @property
    def origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def at(self, name: str) -> str:
        return f"{self.issuer}/protocol/openid-connect/{name}"


def browser_alike() -> httpx.Client:
    """A client that sends Secure cookies to loopback, as browsers do, and ends no redirect by itself."""
    client = httpx.Client(trust_env=False, timeout=30)

    def trust_loopback(_: httpx.Response) -> None:
        for cookie in client.cookies.jar:
            cookie.secure = False

    client.event_hooks = {"response": [trust_loopback]}
    return client


@dataclass(kw_only=True)
class Visitor:
    """One browser and the programs its person uses."""

    desk: Desk
    http: httpx.Client = field(default_factory=browser_alike)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    # in a browser

    def asked(self, **changes: str | None) -> dict[str, str]:
        known = {
            "client_id": "hub-ui", "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid",
            "state": "a state", "nonce": "a nonce", "code_challenge": challenge(), "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in {**known, **changes}.items() if value is not None}

    def authorize(self, **changes: str | None) -> httpx.Response:
        return self.http.get(self.desk.at("auth"), params=self.asked(**changes))

    def sign_in(self, name: str = "ada", password: str | None = None, **changes: str | None) -> httpx.Response:
        """Fill in what is asked, until the browser is sent back or stays."""
        return self.fill_in(self.authorize(**changes), name, password)

    def fill_in(self, page: httpx.Response, name: str, password: str | None = None) -> httpx.Response:
        sent = self.submit(page, {"username": name, "password": password or self.desk.password})
        code = self.desk.code_for(name)
        return self.submit(sent, {"otp": code}) if code and 'name="otp"' in sent.text else sent

    def submit(self, page: httpx.Response, values: dict[str, str]) -> httpx.Response:
        """Send the page's form as a browser does, and follow whatever stays at the issuer."""
        action = form_action(page.text)
        answer = self.http.post(
            httpx.URL(str(page.url)).join(action), data={**hidden(page.text), **values},
            headers={"Origin": self.desk.origin},
        )  # fmt: skip
        while answer.is_redirect and answer.headers["location"].startswith((self.desk.origin, "/")):
            answer = self.http.get(httpx.URL(str(answer.url)).join(answer.headers["location"]))
        return answer

    # a program

    def token(self, **form: str | None) -> httpx.Response:
        return self.http.post(self.desk.at("token"), data={k: v for k, v in form.items() if v is not None})

    def redeem(self, code: str, **changes: str | None) -> httpx.Response:
        known: dict[str, str | None] = {
            "grant_type": "authorization_code", "client_id": "hub-ui", "code": code, "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }  # fmt: skip
        return self.token(**{**known, **changes})

    def tokens(self, name: str = "ada", **changes: str | None) -> Answer:
        answer = self.redeem(told(self.sign_in(name, **changes))["code"])
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def exchange(self, token: str, **changes: str | None) -> httpx.Response:
        known: dict[str, str | None] = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "client_id": "hub-api",
            "client_secret": self.desk.api_secret, "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token", "audience": "hub-agent-research",
        }  # fmt: skip
        return self.token(**{**known, **changes})

    # a terminal

    def begin(self, **changes: str | None) -> httpx.Response:
        known: dict[str, str | None] = {
            "client_id": "hub-cli", "code_challenge": challenge(), "code_challenge_method": "S256",
        }  # fmt: skip
        form = {name: value for name, value in {**known, **changes}.items() if value is not None}
        return self.http.post(self.desk.at("auth/device"), data=form)

    def poll(self, codes: Answer, **changes: str | None) -> httpx.Response:
        known: dict[str, str | None] = {
            "grant_type": DEVICE_GRANT, "client_id": "hub-cli", "device_code": codes["device_code"],
            "code_verifier": VERIFIER,
        }  # fmt: skip
        return self.token(**{**known, **changes})

    def say_yes(self, codes: Answer, name: str = "ada") -> httpx.Response:
        page = self.http.get(codes["verification_uri_complete"], follow_redirects=True)
        if 'name="password"' in page.text:
            page = self.fill_in(page, name)
        return self.submit(page, {"accept": "Yes"} if 'name="accept"' in page.text else {"answer": "yes"})

    def connect(self, name: str = "ada", **changes: str | None) -> Answer:
        codes = self.begin(**changes).json()
        self.say_yes(codes, name)
        while (answer := self.poll(codes)).json().get("error") in {"authorization_pending", "slow_down"}:
            time.sleep(1)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def form_action(text: str) -> str:
    found = re.search(r'<form[^>]*?action="([^"]*)"', text, re.DOTALL)
    assert found, f"there is no form on this page: {plain(text)[:300]}"
    return unescape(found[1])


def hidden(text: str) -> dict[str, str]:
    """What a page's form carries by itself."""
    fields = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", text)]
    return {one["name"]: unescape(one.get("value", "")) for one in fields if one.get("type") == "hidden"}


def plain(text: str) -> str:
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def told(response: httpx.Response) -> dict[str, str]:
    """What the program at the callback is told."""
    assert response.is_redirect, plain(response.text)[:500]
    assert response.headers["location"].startswith(f"{CALLBACK}?"), response.headers["location"]
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))
