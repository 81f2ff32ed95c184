"""What a person typed, kept while their session is renewed: in memory, theirs alone, for minutes, taken once."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST: Final = 500
LIFE_S: Final = 600.0


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The page a person was on, and what they had typed and opened there."""

    page: str
    state: Mapping[str, Any]


class Keep:
    """A cloakroom: what is left under a person's id is handed back to that person, once."""

    def __init__(self, *, life_s: float = LIFE_S, most: int = MOST) -> None:
        self._life_s = life_s
        self._most = most
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, Kept]] = {}

    def leave(self, person: str, kept: Kept) -> None:
        """Keep it; what was left before under this person is replaced, the oldest of all gives way."""
        with self._lock:
            self._left.pop(person, None)
            while len(self._left) >= self._most:
                del self._left[next(iter(self._left))]
            self._left[person] = (time.monotonic() + self._life_s, kept)

    def take(self, person: str) -> Kept | None:
        """Hand it back, unless it has been too long."""
        with self._lock:
            until, kept = self._left.pop(person, (0.0, None))
        return kept if time.monotonic() < until else None


CLOAKROOM: Final = Keep()
