"""What the issuer remembers while it runs: sessions, and things that are good for one use and a short while."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from hub.stack.issuer.realm import Person

T = TypeVar("T")

#: Whoever asks for codes without end pushes out the oldest ones, not the machine.
MOST: Final = 10_000


class Shelf(Generic[T]):
    """Values under secrets that are handed out once and end by themselves; only a secret's hash is kept."""

    def __init__(self, life_s: float, clock: Callable[[], float]) -> None:
        self._life_s = life_s
        self._clock = clock
        self._held: dict[bytes, tuple[float, T]] = {}

    def put(self, value: T, secret: str | None = None) -> str:
        """Keep a value; returns its secret."""
        secret = secret or secrets.token_urlsafe(32)
        self._sweep()
        self._held[_hash(secret)] = (self._clock() + self._life_s, value)
        return secret

    def get(self, secret: str) -> T | None:
        """Return the value while it lasts."""
        ends, value = self._held.get(_hash(secret), (float("-inf"), None))
        return value if self._clock() < ends else None

    def take(self, secret: str) -> T | None:
        """Return the value and forget it."""
        value = self.get(secret)
        self._held.pop(_hash(secret), None)
        return value

    def _sweep(self) -> None:
        now = self._clock()
        while self._held:  # every value has the same life: the first is the oldest
            first = next(iter(self._held))
            if self._held[first][0] > now and len(self._held) < MOST:
                return
            del self._held[first]


@dataclass(kw_only=True)
class BrowserSession:
    """One person signed in at the issuer. The cookie's value is another secret than `id`, which tokens name."""

    id: str
    person: Person
    signed_in_at: float
    used_at: float
    ended: bool = False
    clients: set[str] = field(default_factory=set)  # who has had tokens of it, and is told when it ends


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """Sessions by cookie and by id; they end by idling, by age and by signing out."""

    idle_s: float
    life_s: float
    clock: Callable[[], float]
    #: Told of each session that is ended, once.
    farewell: Callable[[BrowserSession], object] = lambda _: None
    _by_cookie: Shelf[BrowserSession] = field(init=False)
    _by_id: Shelf[BrowserSession] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_cookie", Shelf(self.life_s, self.clock))
        object.__setattr__(self, "_by_id", Shelf(self.life_s, self.clock))

    def start(self, person: Person, *, instead_of: str) -> tuple[str, BrowserSession]:
        """Return a new cookie and session; the one of the old cookie ends."""
        if old := self._by_cookie.take(instead_of):
            self.end(old)
        now = self.clock()
        made = BrowserSession(id=secrets.token_urlsafe(18), person=person, signed_in_at=now, used_at=now)
        self._by_id.put(made, made.id)
        return self._by_cookie.put(made), made

    def end(self, session: BrowserSession) -> None:
        """End a session, whoever asks for it; those who have had tokens of it are told."""
        if not session.ended:
            session.ended = True
            self.farewell(session)

    def of_cookie(self, cookie: str) -> BrowserSession | None:
        """Return the live session of a browser."""
        return self._live(self._by_cookie.get(cookie))

    def of_id(self, session_id: str) -> BrowserSession | None:
        """Return the live session tokens name."""
        return self._live(self._by_id.get(session_id))

    def _live(self, session: BrowserSession | None) -> BrowserSession | None:
        if session is None or session.ended or self.clock() - session.used_at > self.idle_s:
            return None
        session.used_at = self.clock()
        return session


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
