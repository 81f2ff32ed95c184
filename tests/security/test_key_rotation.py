"""Keys change under load, strangers ask for them, they stay away: nobody false gets in, hardly anyone stays out."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from catalog.errors import DependencyError, IdentityError
from hub.identity import KeyFile, Verifier
from hub.identity.development import RULES
from hub.identity.fetch_keys import Fetcher, KeyFetcherSettings, run
from hub.identity.keyfile import MAX_AGE_S
from tests.hub.identity.answering import Answer, answering
from tests.hub.identity.forge import Forged, rsa

REQUESTS_PER_S = 200
SECONDS = 12


@dataclass
class Issuer:
    """Which keys it shows, and how often it was asked."""

    shown: tuple[str, ...] = ("issuer",)
    fetches: list[float] = field(default_factory=list)
    down: bool = False

    def answer(self, _: BaseHTTPRequestHandler) -> Answer:
        self.fetches.append(time.monotonic())
        if self.down:
            return 503, {}, b""
        keys = [rsa(name).as_dict(private=False) for name in self.shown]
        return 200, {}, json.dumps({"keys": keys}).encode()


@contextmanager
def fetching(issuer: Issuer, path: Path) -> Iterator[Verifier]:
    """The real fetcher before the real file before the real verifier."""
    ended = threading.Event()
    with answering(issuer.answer) as url:
        fetcher = Fetcher(KeyFetcherSettings(url=f"{url}/keys", file=path))
        thread = threading.Thread(target=run, args=(fetcher, ended), kwargs={"tell": lambda _: None})
        thread.start()
        try:
            while not path.exists():
                time.sleep(0.01)
            yield Verifier(KeyFile(path), RULES)
        finally:
            ended.set()
            thread.join()


def token(key: str, *, life_s: int = 300, ago_s: int = 0) -> str:
    issued = int(time.time()) - ago_s
    return Forged(key=key, header={"kid": key}, claims={"iat": issued, "exp": issued + life_s}).token()


def taken(verifier: Verifier, one: str) -> bool:
    try:
        verifier.verify(one)
    except IdentityError:
        return False
    return True


@pytest.mark.long
def test_keys_change_under_load_without_a_false_accept_and_hardly_a_false_reject(tmp_path: Path) -> None:
    issuer, signs_with = Issuer(), "issuer"
    good: list[bool] = []
    bad: list[bool] = []
    with fetching(issuer, tmp_path / "jwks.json") as verifier, ThreadPoolExecutor(64) as pool:
        began, rotated_at = time.monotonic(), 0.0
        waiting = []
        for number in range(REQUESTS_PER_S * SECONDS):
            if not rotated_at and time.monotonic() - began > SECONDS / 3:
                issuer.shown, signs_with, rotated_at = ("next", "issuer"), "next", time.monotonic()
            stranger = number % 10 == 0
            # Under the name in use: of those who make names up, the next test tells.
            forged = Forged(key="stranger", header={"kid": signs_with}).token()
            one = forged if stranger else token(signs_with)
            waiting.append((stranger, pool.submit(taken, verifier, one)))
            time.sleep(max(0.0, began + number / REQUESTS_PER_S - time.monotonic()))
        for stranger, answer in waiting:
            (bad if stranger else good).append(answer.result())
    assert bad.count(True) == 0
    assert good.count(False) <= len(good) * 0.001, f"{good.count(False)} of {len(good)} were refused"
    assert len(good) > 2_000


def test_ten_thousand_unknown_keys_bring_at_most_two_fetches_a_minute(tmp_path: Path) -> None:
    issuer, first = Issuer(), Forged(key="stranger", header={"kid": "k"}).token()
    with fetching(issuer, tmp_path / "jwks.json") as verifier, ThreadPoolExecutor(16) as pool:
        strange = (token_with(f"kid-{number}", first) for number in range(10_000))
        assert not any(pool.map(lambda one: taken(verifier, one), strange))
        began = min(issuer.fetches)
        within = [one for one in issuer.fetches if one - began < 60]
        assert len(within) <= 2
        assert taken(verifier, token("issuer"))


def token_with(kid: str, of: str) -> str:
    """The same token under another key's name; its signature is never looked at."""
    head = Forged(header={"kid": kid}, how="none").token().split(".")[0]
    return f"{head}.{of.split('.', 1)[1]}"


@pytest.mark.long
def test_while_the_issuer_is_down_known_sessions_go_on_to_their_end_and_no_further(tmp_path: Path) -> None:
    issuer = Issuer()
    with fetching(issuer, tmp_path / "jwks.json") as verifier:
        issuer.down = True
        ending = token("issuer", life_s=10)
        until = time.time() + 10
        while time.time() < until - 1.5:
            assert taken(verifier, ending)
            time.sleep(0.5)
        time.sleep(max(0.0, until - time.time()) + 1)
        with pytest.raises(IdentityError, match=r"has expired\. Sign in again"):
            verifier.verify(ending)


def test_keys_nobody_could_renew_for_long_are_none(tmp_path: Path) -> None:
    path, ahead = tmp_path / "jwks.json", [0.0]
    path.write_bytes(Issuer().answer(None)[2])  # type: ignore[arg-type]
    verifier = Verifier(KeyFile(path, now=lambda: time.time() + ahead[0]), RULES)
    assert taken(verifier, token("issuer"))
    ahead[0] = MAX_AGE_S - 5
    assert taken(verifier, token("issuer"))
    ahead[0] = MAX_AGE_S + 5
    with pytest.raises(DependencyError, match="public keys are not here"):
        verifier.verify(token("issuer"))
