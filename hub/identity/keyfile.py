"""The issuer's public keys as a file: a process without a route out reads what another one brings."""

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from catalog.errors import DependencyError

MAX_BYTES: Final = 64 << 10
MAX_KEYS: Final = 32
MIN_KEY_BITS: Final = 2048
#: Whoever sends tokens with made-up keys makes us ask no more often than this.
WANT_EVERY_S: Final = 30.0
#: After asking, whoever brought a token with an unknown key waits so long for newer ones.
GRACE_S: Final = 1.5
LOOK_EVERY_S: Final = 0.05
#: Keys that nobody could renew for so long are no keys any more: a key the issuer has given up would live on.
MAX_AGE_S: Final = 3_600.0
#: Beside the keys: how many seconds this machine's clock is ahead of the issuer's; beyond a year somebody jokes.
CLOCK_AHEAD: Final = "clock_ahead_s"
MOST_AHEAD_S: Final = 366 * 86_400


def wanted_beside(path: Path) -> Path:
    """Return the file whose touch asks for newer keys than `path` holds."""
    return path.with_suffix(".wanted")


def signing_keys(content: bytes) -> KeySet:
    """Return the public RSA signing keys of a JWKS, nothing else of it; ValueError when that leaves none."""
    try:
        listed = json.loads(content)["keys"][:MAX_KEYS]
        kept = [
            _public(jwk) for jwk in listed if jwk.get("use") == "sig" and jwk.get("kty") == "RSA" and jwk.get("kid")
        ]
    except (JoseError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("That is no list of keys.") from error
    found = [key for key in kept if key.get("alg") in {None, "RS256"} and _bits(key) >= MIN_KEY_BITS]
    if not found:
        raise ValueError("There is no RSA signing key among the keys.")
    return KeySet(list(found))


def clock_ahead_in(content: bytes) -> float:
    """Return what whoever brought the keys found of the two clocks; 0 where it says nothing that can be believed."""
    try:
        told = json.loads(content).get(CLOCK_AHEAD, 0)
    except (ValueError, AttributeError, RecursionError):
        return 0.0
    return float(told) if type(told) is int and abs(told) <= MOST_AHEAD_S else 0.0


class KeyFile:
    """Reads `path` again when it has changed; DependencyError while it isn't there or can't be read.

    `wanted` may lie in another folder, so that a sealed process need not be able to write where the keys are.
    """

    def __init__(
        self,
        path: Path,
        *,
        wanted: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._wanted = wanted or wanted_beside(path)
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._ahead_s = 0.0

    def clock_ahead_s(self) -> float:
        """Return how far this machine's clock was ahead of the issuer's when the keys came."""
        return self._ahead_s

    def current(self) -> KeySet:
        """Return the keys the file holds now."""
        try:
            seen = self._fresh()
            with self._lock:
                if self._keys is None or seen != self._seen:
                    self._keys, self._seen = self._read(), seen
                return self._keys
        except (OSError, ValueError) as error:
            self.want()
            raise DependencyError(
                "The issuer's public keys are not here yet, so nobody can be recognised. Try again in a moment."
            ) from error

    def want(self) -> None:
        """Ask for newer keys, at most once in WANT_EVERY_S."""
        with self._lock:
            if self._clock() - self._asked_at < WANT_EVERY_S:
                return
            self._asked_at = self._clock()
        try:
            self._wanted.touch(0o600)
        except OSError:
            return  # asking is a courtesy: the keys come every minute anyway

    def renewed(self, known: KeySet) -> bool:
        """Ask for newer keys than these, wait a moment for them, and say whether there are."""
        self.want()
        if self._clock() - self._asked_at < GRACE_S:
            for _ in range(int(GRACE_S / LOOK_EVERY_S)):
                if self._are_newer(known):
                    return True
                time.sleep(LOOK_EVERY_S)
        return self._are_newer(known)

    def _are_newer(self, known: KeySet) -> bool:
        try:
            return self._keys is not known or self._state() != self._seen
        except OSError:
            return False

    def _fresh(self) -> tuple[int, int, int]:
        seen = self._state()
        if self._now() - seen[1] / 1e9 > MAX_AGE_S:
            raise ValueError("The keys are too old.")
        return seen

    def _state(self) -> tuple[int, int, int]:
        state = self._path.stat()
        return state.st_ino, state.st_mtime_ns, state.st_size

    def _read(self) -> KeySet:
        with self._path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise ValueError("The file of keys is too long.")
            content = file.read(MAX_BYTES)
        self._ahead_s = clock_ahead_in(content)
        return signing_keys(content)


def _public(jwk: dict[str, object]) -> RSAKey:
    """Return the key with what verifying needs: no private part, no certificate, no address."""
    return RSAKey.import_key({name: str(jwk[name]) for name in ("kty", "use", "kid", "alg", "n", "e") if name in jwk})


def _bits(key: RSAKey) -> int:
    return int(key.public_key.key_size)
