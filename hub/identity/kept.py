"""Where a person's sign-in is kept on this machine: the operating system's keyring if it has one, else a file."""

import json
import os
from pathlib import Path
from typing import Any, Final, Protocol

from catalog.errors import IdentityError, SettingsError
from hub.stack.folder import read_json, write_private

SERVICE: Final = "sovereign-data-hub"
ACCOUNT: Final = "sign-in"
#: The library recommends backends from here on; below are stand-ins that encrypt nothing or keep nothing.
LEAST_PRIORITY: Final = 1


class Place(Protocol):
    """One place for one sign-in; `beside` is a file next to which commands wait for each other."""

    beside: Path

    def read(self) -> dict[str, Any] | None:
        """Return what is kept, empty for what can't be read; None for nothing. SettingsError when others could read."""

    def write(self, held: dict[str, Any]) -> None:
        """Keep this instead; SettingsError when the place can't be used."""

    def remove(self) -> None:
        """Keep nothing."""


class FilePlace:
    """A file for its owner's eyes only."""

    def __init__(self, path: Path) -> None:
        self.beside = path

    def __str__(self) -> str:
        return str(self.beside)

    def read(self) -> dict[str, Any] | None:
        """Return what is kept."""
        if not self.beside.exists():
            return None
        if self.beside.stat().st_mode & 0o077:
            raise SettingsError(f"{self.beside} can be read by others. Run `hub logout`, then `hub login` again.")
        return read_json(self.beside)

    def write(self, held: dict[str, Any]) -> None:
        """Keep this instead."""
        try:
            self.beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self.beside, held)
        except OSError as error:
            raise SettingsError(
                f"The sign-in can't be kept in {self.beside} ({error.strerror}). "
                "Set HUB_TOKEN_FILE to a file you may write."
            ) from error

    def remove(self) -> None:
        """Keep nothing."""
        self.beside.unlink(missing_ok=True)


class KeyringPlace:
    """The operating system's keyring; a file that was used before there was one is taken away."""

    def __init__(self, instead_of: Path) -> None:
        self.beside = instead_of

    def __str__(self) -> str:
        return f"the keyring ({SERVICE})"

    def read(self) -> dict[str, Any] | None:
        """Return what is kept."""
        from keyring import get_password
        from keyring.errors import KeyringError

        try:
            text = get_password(SERVICE, ACCOUNT)
        except KeyringError as error:
            raise _shut(error) from error
        if text is None:
            return None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, held: dict[str, Any]) -> None:
        """Keep this instead."""
        from keyring import set_password
        from keyring.errors import KeyringError

        try:
            set_password(SERVICE, ACCOUNT, json.dumps(held))
        except KeyringError as error:
            raise _shut(error) from error
        self.beside.unlink(missing_ok=True)

    def remove(self) -> None:
        """Keep nothing."""
        from keyring import delete_password
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            delete_password(SERVICE, ACCOUNT)
        except PasswordDeleteError:
            pass  # there was nothing
        except KeyringError as error:
            raise _shut(error) from error
        self.beside.unlink(missing_ok=True)


def place_of(told: Path | None) -> Place:
    """Return the file a person names, else the keyring where this machine has one, else a file where state lies."""
    if told is not None:
        return FilePlace(told)
    return KeyringPlace(default_path()) if has_keyring() else FilePlace(default_path())


def has_keyring() -> bool:
    """Say whether the operating system has a keyring for this person; a stand-in that writes plain text is none."""
    from keyring import get_keyring
    from keyring.errors import KeyringError

    try:
        return bool(get_keyring().priority >= LEAST_PRIORITY)
    except (KeyringError, RuntimeError):
        return False


def default_path() -> Path:
    """Return where a sign-in is kept unless HUB_TOKEN_FILE says otherwise (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
    return base / SERVICE / "token.json"


def nobody() -> IdentityError:
    """Return what is said where nothing is kept."""
    return IdentityError("You are not signed in. Run `hub login`.")


def _shut(error: Exception) -> SettingsError:
    return SettingsError(
        f"The keyring can't be used ({type(error).__name__}). Unlock it, or set HUB_TOKEN_FILE to a file of your own."
    )
