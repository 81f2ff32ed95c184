"""One password for the demo's people and one secret for the API, random for each data folder; guesses wait."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from catalog.errors import SettingsError
from hub.stack.issuer.realm import Person

FILE: Final = "demo-password"
API_FILE: Final = "api-secret"
REGISTRAR_FILE: Final = "registrar-secret"
#: Nothing that looks like something else in another typeface; three groups of five hold 74 bits.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
FREE_TRIES: Final = 5
FIRST_WAIT_S: Final = 30
LONGEST_WAIT_S: Final = 900


def demo_password(secrets_dir: Path) -> str:
    """Return the password, made at the first call. SettingsError when others could read it."""
    return _kept(secrets_dir / FILE)


def api_secret(secrets_dir: Path) -> str:
    """Return what the API proves itself by when it exchanges a token, made at the first call."""
    return _kept(secrets_dir / API_FILE)


def registrar_secret(secrets_dir: Path) -> str:
    """Return what the API proves itself by when it opens and closes programs' clients, made at the first call."""
    return _kept(secrets_dir / REGISTRAR_FILE)


def _kept(path: Path) -> str:
    if not path.exists():
        _write_new(path)
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others. Remove it; a new one is made at the next start.")
    found = path.read_text(encoding="utf-8").strip()
    if not found:
        raise SettingsError(f"{path} is empty. Remove it; a new one is made at the next start.")
    return found


def _write_new(path: Path) -> None:
    made = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(made + "\n")
        with suppress(FileExistsError):  # another start was first: its password is the password
            os.link(beside, path)
    finally:
        beside.unlink()


class WrongPasswordError(Exception):
    """Name and password don't fit; which of them, nobody is told."""


class TooManyTriesError(Exception):
    """There were too many wrong ones."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class Tries:
    """Counts wrong ones; after FREE_TRIES each further one waits twice as long."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._wrong = 0
        self._until = self._last = float("-inf")

    def check(self) -> None:
        """Raise TooManyTriesError while there is a wait, right or wrong."""
        now = self._clock()
        if now < self._until:
            raise TooManyTriesError(int(self._until - now) + 1)
        if now - self._last > LONGEST_WAIT_S:
            self._wrong = 0

    def failed(self) -> None:
        """Count one."""
        now = self._clock()
        self._wrong, self._last = self._wrong + 1, now
        if self._wrong >= FREE_TRIES:
            self._until = now + min(FIRST_WAIT_S * 2 ** min(self._wrong - FREE_TRIES, 10), LONGEST_WAIT_S)

    def passed(self) -> None:
        """Begin anew."""
        self._wrong = 0


class Door:
    """Lets people in by name and password."""

    def __init__(self, password: str, people: Mapping[str, Person], clock: Callable[[], float]) -> None:
        self._digest = _digest(password)
        self._people = people
        self._tries = {name: Tries(clock) for name in (*people, "")}  # all unknown names share one

    def enter(self, name: str, password: str) -> Person:
        """Return the person; raises WrongPasswordError or TooManyTriesError."""
        person = self._people.get(name)
        tries = self._tries[name if person else ""]
        tries.check()
        fits = hmac.compare_digest(_digest(password), self._digest)
        if person is None or not fits:
            tries.failed()
            raise WrongPasswordError
        tries.passed()
        return person


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()
