"""Brings the issuer's public keys as a file to processes that have no way out (`python -m hub.identity.fetch_keys`)."""

import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Final

import httpx
from joserfc.jwk import KeySet
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.errors import DataHubError, DependencyError
from catalog.settings import load
from hub.identity.addresses import is_safe_address
from hub.identity.keyfile import CLOCK_AHEAD, MAX_BYTES, signing_keys, wanted_beside

EXIT_REFUSED: Final = 78
#: How often keys are brought, how often at most on demand, and how soon again while there are none yet. Of all
#: fetches, no more than two begin within EVERY_S.
EVERY_S: Final = 60.0
ON_DEMAND_S: Final = 30.0
AT_START_S: Final = 1.0
LOOK_EVERY_S: Final = 0.2


class KeyFetcherSettings(BaseSettings):
    """Variables `HUB_KEYS_…`."""

    model_config = SettingsConfigDict(env_prefix="HUB_KEYS_", frozen=True, extra="forbid", hide_input_in_errors=True)

    url: Annotated[str, Field(description="the issuer's JWKS address")]
    issuer_socket: Annotated[Path | None, Field(description="the UNIX socket the issuer listens on, if it does")] = None
    file: Annotated[Path, Field(description="where the keys are put")]
    wanted: Annotated[Path | None, Field(description="the file whose touch asks for keys; else beside `file`")] = None
    timeout_s: Annotated[float, Field(gt=0, le=60, description="how long one fetch may take")] = 5.0

    @field_validator("url")
    @classmethod
    def _nobody_can_exchange_the_keys(cls, value: str) -> str:
        if is_safe_address(value):
            return value
        raise ValueError("keys come by https://, or by http:// from a loopback address")


class Fetcher:
    """Fetches keys and puts them into the file: now and then, and when somebody asks."""

    def __init__(
        self,
        settings: KeyFetcherSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._now = now
        self._settings = settings
        self._wanted = settings.wanted or wanted_beside(settings.file)
        self._clock = clock
        self._fetched_at = self._before_that = self._demanded_at = float("-inf")
        self._has_keys = False

    def due(self) -> bool:
        """Say whether it is time: by the minute, at once on demand but seldom, at the start until it works."""
        now = self._clock()
        if not self._has_keys:
            return now - self._fetched_at >= AT_START_S
        if now - self._fetched_at >= EVERY_S:
            return True
        seldom = now - self._demanded_at >= ON_DEMAND_S and now - self._before_that >= EVERY_S
        return seldom and self._wanted.exists()

    def fetch(self) -> None:
        """Replace the file's keys whole; raises DependencyError, and then the old ones stay."""
        self._before_that, self._fetched_at = self._fetched_at, self._clock()
        if self._wanted.exists():
            self._demanded_at = self._fetched_at
            self._wanted.unlink(missing_ok=True)
        try:
            content, ahead_s = self._content()
            _write(self._settings.file, signing_keys(content), ahead_s)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DependencyError(f"The issuer does not answer ({type(error).__name__}); its old keys stay.") from error
        except ValueError as error:
            raise DependencyError(f"The issuer's keys can't be used: {error} Its old keys stay.") from error
        except OSError as error:
            raise DependencyError(f"The keys can't be written to {self._settings.file}: {error.strerror}.") from error
        self._has_keys = True

    def _content(self) -> tuple[bytes, int]:
        socket, deadline = self._settings.issuer_socket, self._clock() + self._settings.timeout_s
        # trust_env is off: no proxy variable may exchange the keys on their way
        with (
            httpx.HTTPTransport(uds=str(socket) if socket else None) as transport,
            httpx.Client(transport=transport, timeout=self._settings.timeout_s, trust_env=False) as http,
            http.stream("GET", self._settings.url, follow_redirects=False) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise ValueError(f"the answer was {answer.status_code}.")
            body = bytearray()
            for piece in answer.iter_raw():
                body += piece
                if len(body) > MAX_BYTES or self._clock() > deadline:
                    raise ValueError("the answer is too long.")
            return bytes(body), _ahead_s(answer.headers.get("date", ""), self._now())


def _ahead_s(told: str, now: float) -> int:
    """Return how far `now` is ahead of an answer's Date; 0 for an issuer that tells none, or none that can be read."""
    try:
        then = parsedate_to_datetime(told)
    except ValueError:
        return 0
    return round(now - then.timestamp()) if then.tzinfo else 0


def _write(path: Path, keys: KeySet, ahead_s: int) -> None:
    """Write whole or not at all; the keys are public, so whoever verifies may read them."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({**keys.as_dict(private=False), CLOCK_AHEAD: ahead_s}, file)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def main() -> int:
    """Fetch until a signal; EXIT_REFUSED when a setting is wrong."""
    try:
        settings = load(KeyFetcherSettings)
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    run(Fetcher(settings), ended, tell=sys.stderr.write)
    return 0


def run(fetcher: Fetcher, ended: threading.Event, *, tell: Callable[[str], object]) -> None:
    """Fetch whenever it is due; say what is wrong once, not every second."""
    said = ""
    while not ended.is_set():
        if fetcher.due():
            try:
                fetcher.fetch()
                said = ""
            except DependencyError as error:
                if str(error) != said:
                    said = str(error)
                    tell(f"{said}\n")
        ended.wait(LOOK_EVERY_S)


if __name__ == "__main__":
    sys.exit(main())
