"""A person's own sign-in on this machine: a file for their eyes only, renewed while its session lasts."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from catalog.errors import IdentityError, SettingsError
from hub.identity.device import IssuerClient, Tokens
from hub.stack.folder import read_json, write_private

SIGN_IN: Final = "You are not signed in. Run `hub login`."
#: A token that ends sooner than this is renewed before it is sent.
SPARE_S: Final = 10


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the file says."""

    issuer: str
    access_token: str = field(repr=False)
    expires_at: float
    refresh_token: str | None = field(default=None, repr=False)


def default_path() -> Path:
    """Return where a sign-in is kept unless HUB_TOKEN_FILE says otherwise (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
    return base / "sovereign-data-hub" / "token.json"


def keep(path: Path, issuer: str, tokens: Tokens, *, now: Callable[[], float] = time.time) -> Held:
    """Write a sign-in down; SettingsError when the place can't be used."""
    held = Held(
        issuer=issuer,
        access_token=tokens.access_token,
        expires_at=now() + tokens.expires_in_s,
        refresh_token=tokens.refresh_token,
    )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, asdict(held))
    except OSError as error:
        raise SettingsError(
            f"The sign-in can't be kept in {path} ({error.strerror}). Set HUB_TOKEN_FILE to a file you may write."
        ) from error
    return held


def held_in(path: Path) -> Held:
    """Return what is kept; IdentityError when nobody is signed in, SettingsError when others could read it."""
    if not path.exists():
        raise IdentityError(SIGN_IN)
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others. Run `hub logout`, then `hub login` again.")
    try:
        held = Held(**read_json(path))
    except TypeError as error:
        raise IdentityError(SIGN_IN) from error
    texts = all(isinstance(text, str) and text.isascii() for text in (held.issuer, held.access_token))
    if not texts or not isinstance(held.expires_at, int | float):
        raise IdentityError(SIGN_IN)
    return held


def own_token(path: Path, client_for: Callable[[str], IssuerClient], *, now: Callable[[], float] = time.time) -> str:
    """Return an access token that is good for a request, renewed if need be; raises IdentityError."""
    if (held := held_in(path)).expires_at - now() > SPARE_S:
        return held.access_token
    with _alone(path):  # a refresh token is good once: of two commands, the second takes what the first has brought
        if (held := held_in(path)).expires_at - now() > SPARE_S:
            return held.access_token
        if held.refresh_token is None:
            raise IdentityError("Your sign-in has ended. Run `hub login`.")
        with client_for(held.issuer) as client:
            return keep(path, held.issuer, client.renew(held.refresh_token), now=now).access_token


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget(path: Path, client_for: Callable[[str], IssuerClient]) -> None:
    """Remove the sign-in here, then at the issuer; raises IdentityError when there is none."""
    if not path.exists():
        raise IdentityError(SIGN_IN)
    kept = read_json(path)
    path.unlink()
    issuer, token = kept.get("issuer"), kept.get("refresh_token")
    if isinstance(issuer, str) and isinstance(token, str):
        with client_for(issuer) as client:
            client.revoke(token)
