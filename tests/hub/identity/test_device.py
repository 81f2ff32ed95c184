"""A terminal signs in against the real issuer, and is led astray by no other."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest

from catalog.errors import DependencyError, IdentityError
from hub.identity.device import Codes, IssuerClient, Tokens
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.passwords import demo_password
from tests.hub.identity.answering import Answer, answering
from tests.hub.stack.issuer.served import served


@pytest.fixture(scope="module")
def secrets_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets") / "secrets"


@pytest.fixture(scope="module")
def issuer(secrets_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    with served(secrets_dir, tmp_path_factory.mktemp("issuer")) as running:
        yield running


def say(issuer: Issuer, password: str, codes: Codes, answer: str) -> None:
    with httpx.Client(trust_env=False, headers={"Origin": issuer.origin}, follow_redirects=True) as browser:
        browser.post(codes.address_with_code, data={"username": "ada", "password": password})
        assert browser.post(codes.address_with_code, data={"answer": answer}).status_code == 200


def test_a_terminal_waits_until_a_person_says_yes(issuer: Issuer, secrets_dir: Path) -> None:
    password = demo_password(secrets_dir)
    with IssuerClient(issuer.url) as client:
        codes = client.begin()
        assert codes.address_with_code.startswith(f"{issuer.url}/device?user_code=")
        waits: list[float] = []

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            threading.Event().wait(1.05)
            if len(waits) == 2:
                say(issuer, password, codes, "yes")

        tokens = client.wait(codes, sleep=sleep)
        assert waits == [1, 1]
        assert (tokens.expires_in_s, tokens.access_token.count(".")) == (300, 2)
        assert tokens.refresh_token
        renewed = client.renew(tokens.refresh_token)
        assert renewed.refresh_token
        client.revoke(renewed.refresh_token)
        with pytest.raises(IdentityError, match=r"has ended\. Run `hub login`"):
            client.renew(renewed.refresh_token)


def test_no_is_said_in_a_sentence(issuer: Issuer, secrets_dir: Path) -> None:
    with IssuerClient(issuer.url) as client:
        codes = client.begin()
        say(issuer, demo_password(secrets_dir), codes, "no")
        with pytest.raises(IdentityError, match="declined"):
            client.wait(codes, sleep=lambda _: None)


def test_asking_too_soon_makes_it_patient(issuer: Issuer) -> None:
    clock, waits = [0.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds * 50

    with IssuerClient(issuer.url) as client, pytest.raises(IdentityError, match="Nobody said yes in time"):
        client.wait(client.begin(), sleep=sleep, now=lambda: clock[0])
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]


# an issuer that is not what it should be


def discovery(address: str, **changes: object) -> dict[str, Any]:
    names = ("device_authorization_endpoint", "token_endpoint", "revocation_endpoint")
    return {"issuer": address, **{name: f"{address}/{name}" for name in names}, **changes}


CODES = {"device_code": "d", "user_code": "B", "expires_in": 600, "interval": 1}


def replying(*, found: Any = None, codes: Any = None, token: Any = None, status: int = 200) -> Any:
    """A server that answers discovery, then the device endpoint, then the token endpoint."""

    def answer(handler: BaseHTTPRequestHandler) -> Answer:
        address = f"http://{handler.headers['Host']}"
        match handler.path.rpartition("/")[2]:
            case "openid-configuration":
                body = discovery(address) if found is None else found(address) if callable(found) else found
            case "device_authorization_endpoint":
                body = {**CODES, "verification_uri": f"{address}/device"} if codes is None else codes
            case _:
                body = token
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if handler.command == "GET":
            return 200, {}, raw
        return (400 if handler.path.endswith("token_endpoint") else status), {}, raw

    return answer


STRANGE: dict[str, dict[str, Any]] = {
    "another issuer": {"found": lambda _: discovery("http://127.0.0.1:1")},
    "its own addresses under another name": {"found": lambda own: discovery(own, issuer="https://issuer.example")},
    "an issuer that names nobody": {"found": {}},
    "an endpoint elsewhere": {"found": lambda own: discovery(own, token_endpoint="https://evil.example/token")},  # noqa: S106
    "an endpoint that only begins alike": {"found": lambda own: discovery(own, token_endpoint=f"{own}.evil.example/")},
    "an endpoint missing": {"found": lambda own: {"issuer": own}},
    "an endpoint no text": {"found": lambda own: discovery(own, token_endpoint=None)},
    "no JSON": {"found": b"<html>"},
    "a list": {"found": []},
    "nested": {"found": b"[" * 60_000},
    "too long": {"found": b" " * 70_000},
    "a page elsewhere": {"codes": {**CODES, "verification_uri": "https://evil.example/device"}},
    "a page elsewhere with the code": {
        "codes": {**CODES, "verification_uri": "http://127.0.0.1/device"},
    },
    "no codes": {"codes": {"x": 1}},
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_an_issuer_that_is_not_the_one_that_was_told_is_not_followed(strange: dict[str, Any]) -> None:
    with answering(replying(**strange)) as address, IssuerClient(address) as client:
        with pytest.raises(DependencyError) as refused:
            client.begin()
        assert "evil" not in str(refused.value)


def test_an_issuer_that_refuses_is_a_sentence() -> None:
    with (
        answering(replying(codes={"error": "invalid_client"}, status=401)) as address,
        IssuerClient(address) as client,
        pytest.raises(IdentityError, match="refused the sign-in"),
    ):
        client.begin()


@pytest.mark.parametrize("error", ["server_error", None, 7, ["access_denied"]])
def test_an_answer_nobody_expects_ends_the_waiting(error: object) -> None:
    with answering(replying(token={"error": error})) as address, IssuerClient(address) as client:
        codes = client.begin()
        with pytest.raises(IdentityError):
            client.wait(codes, sleep=lambda _: None)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("expired_token", "The code has ended. Run `hub login` again."),
        ("access_denied", "The sign-in was declined in the browser."),
    ],
)
def test_why_a_code_gains_no_token_is_one_sentence(error: str, sentence: str) -> None:
    with answering(replying(token={"error": error})) as address, IssuerClient(address) as client:
        codes = client.begin()
        with pytest.raises(IdentityError) as refused:
            client.wait(codes, sleep=lambda _: None)
    assert str(refused.value) == sentence


def test_where_nobody_answers_it_says_where_to_look() -> None:
    with IssuerClient("http://127.0.0.1:9") as client, pytest.raises(DependencyError, match="hub status"):
        client.begin()


@pytest.mark.parametrize("address", ["http://issuer.example", "ftp://127.0.0.1", "", "https://", "http://a@127.0.0.1"])
def test_a_token_travels_nowhere_it_could_be_read(address: str) -> None:
    with pytest.raises(DependencyError, match="https"):
        IssuerClient(address)


def test_no_proxy_reads_along(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with IssuerClient(issuer.url) as client:
        assert client.begin().user_code


def test_tokens_show_nothing_by_accident() -> None:
    assert "word" not in repr(Tokens(access_token="word", expires_in_s=1, refresh_token="word"))  # noqa: S106
