"""Keys are brought whole or not at all, from the told address only, and never more often than promised."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalog.errors import DependencyError
from hub.identity import KeyFile
from hub.identity.fetch_keys import Fetcher, KeyFetcherSettings, run
from hub.identity.keyfile import MAX_BYTES, wanted_beside
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.settings import IssuerSettings
from tests.hub.identity.answering import Answer, answering
from tests.hub.identity.forge import rsa
from tests.hub.stack.issuer.served import on_socket

REPOSITORY = Path(__file__).parents[3]


def jwks(*names: str) -> bytes:
    return json.dumps({"keys": [rsa(name).as_dict(private=False) for name in names]}).encode()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jwks.json"


def fetcher(path: Path, url: str, clock: Clock | None = None, **more: Any) -> Fetcher:
    settings = KeyFetcherSettings(url=url, file=path, **more)
    return Fetcher(settings, clock=clock or time.monotonic)


def gives(body: bytes, status: int = 200, **headers: str) -> Any:
    return lambda _: (status, headers, body)


def test_signing_keys_are_brought_and_nothing_else(path: Path) -> None:
    with answering(gives(jwks("issuer", "locks"))) as url:
        fetcher(path, url).fetch()
    (key,) = json.loads(path.read_text())["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    assert [held.kid for held in KeyFile(path).current().keys] == ["issuer"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def dated(seconds: float) -> dict[str, str]:
    return {"Date": formatdate(time.time() - seconds, usegmt=True)}


@pytest.mark.parametrize(("ahead_s", "told"), [(600, 600), (-600, -600), (0, 0), (31_536_000, 31_536_000)])
def test_with_the_keys_comes_how_far_the_clocks_are_apart(path: Path, ahead_s: float, told: float) -> None:
    with answering(gives(jwks("issuer"), **dated(ahead_s))) as url:
        fetcher(path, url).fetch()
    held = KeyFile(path)
    held.current()
    assert abs(held.clock_ahead_s() - told) <= 5


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 99 Nov 2026 20:00:00 GMT", "1700000000", "x" * 5000])
def test_a_date_that_is_none_says_nothing_of_the_clocks(path: Path, date: str) -> None:
    with answering(gives(jwks("issuer"), Date=date)) as url:
        fetcher(path, url).fetch()
    held = KeyFile(path)
    assert [key.kid for key in held.current().keys] == ["issuer"]
    assert held.clock_ahead_s() == 0


@pytest.mark.parametrize("told", ['"600"', "null", "1e9", "99999999999", "[600]", "true"])
def test_what_can_not_be_believed_of_the_clocks_is_not(path: Path, told: str) -> None:
    path.write_bytes(jwks("issuer")[:-1] + f', "clock_ahead_s": {told}}}'.encode())
    held = KeyFile(path)
    held.current()
    assert held.clock_ahead_s() == 0


def test_keys_come_over_the_issuers_socket_under_its_public_name(path: Path, tmp_path: Path) -> None:
    issuer = Issuer(IssuerSettings(socket="/unused", secrets_dir=tmp_path / "secrets"))
    with on_socket(issuer, tmp_path / "issuer.sock"):
        url = f"{issuer.url}/protocol/openid-connect/certs"
        fetcher(path, url, issuer_socket=tmp_path / "issuer.sock").fetch()
    assert KeyFile(path).current().as_dict(private=False) == issuer.key.public_keys().as_dict(private=False)


BAD_ANSWERS: dict[str, Answer] = {
    "an error": (500, {}, jwks("next")),
    "absent": (404, {}, jwks("next")),
    "a redirect": (302, {"Location": "/elsewhere"}, b""),
    "no JSON": (200, {}, b"<html>"),
    "empty": (200, {}, b""),
    "no keys": (200, {}, b'{"keys": []}'),
    "only for encryption": (200, {}, jwks("locks")),
    "a secret": (200, {}, b'{"keys": [{"kty": "oct", "use": "sig", "kid": "x", "k": "c2VjcmV0"}]}'),
    "too long": (200, {}, jwks("next") + b" " * MAX_BYTES),
    "packed": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b" + b"\0" * 100),
    "cut short": (200, {"Content-Length": "9999"}, jwks("next")),
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_of_a_bad_answer_nothing_is_taken_and_the_old_keys_stay(answer: Answer, path: Path) -> None:
    path.write_bytes(jwks("issuer"))
    asked: list[str] = []

    def answers(handler: BaseHTTPRequestHandler) -> Answer:
        asked.append(handler.path)
        return answer if handler.path == "/keys" else (200, {}, jwks("next"))

    with answering(answers) as url, pytest.raises(DependencyError, match="old keys stay"):
        fetcher(path, f"{url}/keys", timeout_s=1).fetch()
    assert asked == ["/keys"]
    assert [key.kid for key in KeyFile(path).current().keys] == ["issuer"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_where_nobody_answers_the_old_keys_stay(path: Path) -> None:
    path.write_bytes(jwks("issuer"))
    with pytest.raises(DependencyError, match="does not answer"):
        fetcher(path, "http://127.0.0.1:9/keys").fetch()
    assert KeyFile(path).current()


def test_no_proxy_exchanges_the_keys(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(gives(jwks("issuer"))) as url, answering(gives(jwks("next"))) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        fetcher(path, url).fetch()
    assert [key.kid for key in KeyFile(path).current().keys] == ["issuer"]


@pytest.mark.parametrize("url", [
    "http://issuer.example/keys", "ftp://127.0.0.1/keys", "file:///etc/passwd", "//127.0.0.1/keys", "", "https://",
    "http://127.0.0.1.evil.example/keys", "https://user:word@issuer.example/keys", "http://0.0.0.0/keys",
])  # fmt: skip
def test_keys_come_from_nowhere_they_could_be_exchanged(url: str, path: Path) -> None:
    with pytest.raises(ValidationError):
        KeyFetcherSettings(url=url, file=path)


# how often


def test_keys_come_every_minute_and_on_demand_at_most_twice_a_minute(path: Path) -> None:
    clock = Clock()
    fetched: list[float] = []
    with answering(gives(jwks("issuer"))) as url:
        one = fetcher(path, url, clock)
        for second in range(301):
            clock.now = 1000.0 + second
            if second >= 120:
                wanted_beside(path).touch()
            if one.due():
                one.fetch()
                fetched.append(second)
    assert fetched == [0, 60, 120, 150, 180, 210, 240, 270, 300]


def test_a_demand_is_met_at_once_and_then_no_third_fetch_begins_within_the_minute(path: Path) -> None:
    clock = Clock()
    fetched: list[float] = []
    with answering(gives(jwks("issuer"))) as url:
        one = fetcher(path, url, clock)
        for second in range(240):
            clock.now = 1000.0 + second
            if second >= 61:
                wanted_beside(path).touch()
            if one.due():
                one.fetch()
                fetched.append(second)
    assert fetched[:4] == [0, 60, 61, 120]
    assert max(sum(start <= when < start + 60 for when in fetched) for start in range(240)) == 2


def test_whoever_asked_is_answered_once(path: Path) -> None:
    clock = Clock()
    with answering(gives(jwks("issuer"))) as url:
        one = fetcher(path, url, clock)
        one.fetch()
        wanted_beside(path).touch()
        clock.now += 31
        assert one.due()
        one.fetch()
        clock.now += 31
        assert not one.due()


def test_asking_may_happen_in_another_folder_than_the_keys(path: Path, tmp_path: Path) -> None:
    clock, wanted = Clock(), tmp_path / "asks" / "jwks.wanted"
    wanted.parent.mkdir()
    with answering(gives(jwks("issuer"))) as url:
        one = fetcher(path, url, clock, wanted=wanted)
        one.fetch()
        KeyFile(path, wanted=wanted).want()
        clock.now += 1
        assert one.due()
        one.fetch()
    assert not wanted.exists()


def test_while_there_are_no_keys_yet_it_asks_each_second_and_says_so_once(path: Path) -> None:
    clock, ended, told = Clock(), threading.Event(), []
    one = fetcher(path, "http://127.0.0.1:9/keys", clock)
    tries = 0

    def wait(_: float) -> None:
        nonlocal tries
        clock.now += 1
        tries += 1
        if tries == 5:
            ended.set()

    ended.wait = wait  # type: ignore[method-assign,assignment]  # a clock instead of time
    run(one, ended, tell=told.append)
    assert len(told) == 1
    assert "does not answer" in told[0]


def start(**variables: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hub.identity.fetch_keys"],
        cwd=REPOSITORY, env={**kept, **variables}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_the_process_brings_keys_and_ends_on_a_signal(path: Path) -> None:
    with answering(gives(jwks("issuer"))) as url, start(HUB_KEYS_URL=url, HUB_KEYS_FILE=str(path)) as process:
        for _ in range(200):
            if path.exists():
                break
            time.sleep(0.05)
        assert [key.kid for key in KeyFile(path).current().keys] == ["issuer"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_wrong_setting_is_one_sentence(path: Path) -> None:
    process = start(HUB_KEYS_URL="http://issuer.example", HUB_KEYS_FILE=str(path))
    _, told = process.communicate(timeout=20)
    assert process.returncode == 78
    assert "HUB_KEYS_URL" in told
    assert told.count("\n") == 1
