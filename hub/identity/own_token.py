"""A person's own sign-in on this machine: for their eyes only, renewed while its session lasts."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from catalog.errors import IdentityError, SettingsError
from hub.identity.device import IssuerClient, Tokens
from hub.identity.kept import Place, nobody

#: A token that ends sooner than this is renewed before it is sent.
SPARE_S: Final = 10


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is kept."""

    issuer: str
    access_token: str = field(repr=False)
    expires_at: float
    refresh_token: str | None = field(default=None, repr=False)


def keep(place: Place, issuer: str, tokens: Tokens, *, now: Callable[[], float] = time.time) -> Held:
    """Write a sign-in down; SettingsError when the place can't be used."""
    held = Held(
        issuer=issuer,
        access_token=tokens.access_token,
        expires_at=now() + tokens.expires_in_s,
        refresh_token=tokens.refresh_token,
    )
    place.write(asdict(held))
    return held


def held_in(place: Place) -> Held:
    """Return what is kept; IdentityError when nobody is signed in, SettingsError when others could read it."""
    if (kept := place.read()) is None:
        raise nobody()
    try:
        held = Held(**kept)
    except TypeError as error:
        raise nobody() from error
    texts = all(isinstance(text, str) and text.isascii() for text in (held.issuer, held.access_token))
    if not texts or not isinstance(held.expires_at, int | float):
        raise nobody()
    return held


def own_token(place: Place, client_for: Callable[[str], IssuerClient], *, now: Callable[[], float] = time.time) -> str:
    """Return an access token that is good for a request, renewed if need be; raises IdentityError."""
    if (held := held_in(place)).expires_at - now() > SPARE_S:
        return held.access_token
    with _alone(place.beside):  # a refresh token is good once: of two commands, the second takes what the first brought
        if (held := held_in(place)).expires_at - now() > SPARE_S:
            return held.access_token
        if held.refresh_token is None:
            raise IdentityError("Your sign-in has ended. Run `hub login`.")
        with client_for(held.issuer) as client:
            return keep(place, held.issuer, client.renew(held.refresh_token), now=now).access_token


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget(place: Place, client_for: Callable[[str], IssuerClient]) -> None:
    """Remove the sign-in here, then at the issuer; raises IdentityError when there is none."""
    try:
        kept = place.read()
    except SettingsError:
        kept = {}  # what others could read is removed all the more
    if kept is None:
        raise nobody()
    place.remove()
    issuer, token = kept.get("issuer"), kept.get("refresh_token")
    if isinstance(issuer, str) and isinstance(token, str):
        with client_for(issuer) as client:
            client.revoke(token)
