"""A sign-in is kept in the operating system's keyring where there is one, else in a file; tested both ways."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError
from keyring.testing.backend import BackendBasicTests

from catalog.errors import IdentityError, SettingsError
from hub.identity.kept import ACCOUNT, SERVICE, FilePlace, KeyringPlace, Place, default_path, has_keyring, place_of
from hub.identity.own_token import forget, held_in, keep, own_token
from hub.identity.settings import PersonSettings
from tests.hub.identity.test_own_token import FIRST, NOW, Issuer


class Memory(KeyringBackend):
    """A keyring in memory; the library's own tests below hold it to what every backend does."""

    priority = 9.0  # type: ignore[assignment]  # the library computes it, for a machine this is not
    viable = False  # type: ignore[assignment]  # chosen by a test alone, never by the library

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.locked:
            raise KeyringLocked
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class TestMemory(BackendBasicTests):  # type: ignore[misc]  # the library's tests have no types
    def init_keyring(self) -> Memory:
        return Memory()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HUB_TOKEN_FILE", "HUB_ISSUER_URL", "HUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def chosen() -> Iterator[None]:
    """Whatever the library found is found again."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def memory(chosen: None) -> Memory:  # noqa: ARG001  # puts back
    made = Memory()
    keyring.set_keyring(made)
    return made


def place() -> Place:
    return PersonSettings().token_place


def kept_in(where: Place) -> None:
    keep(where, "https://issuer.example", FIRST, now=lambda: NOW)


def test_with_a_keyring_nothing_of_a_sign_in_lies_in_a_file(memory: Memory, home: Path) -> None:
    assert isinstance(place(), KeyringPlace)
    kept_in(place())
    assert json.loads(memory.kept[SERVICE, ACCOUNT])["access_token"] == FIRST.access_token
    assert not [file for file in home.rglob("*") if file.is_file()]
    assert held_in(place()).refresh_token == FIRST.refresh_token
    assert "keyring" in str(place())


def test_out_of_the_keyring_a_token_is_renewed_once_however_many_commands_run(memory: Memory) -> None:
    issuer = Issuer()
    kept_in(place())
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: own_token(place(), issuer, now=lambda: NOW + 400), range(16)))
    assert (found, issuer.renewed) == ({"renewed-1"}, 1)
    assert {json.loads(memory.kept[SERVICE, ACCOUNT])["access_token"]} == found


def test_signing_out_empties_the_keyring_and_tells_the_issuer(memory: Memory) -> None:
    issuer = Issuer()
    kept_in(place())
    forget(place(), issuer)
    assert (memory.kept, issuer.revoked) == ({}, ["once"])
    for act in (lambda: own_token(place(), issuer), lambda: forget(place(), issuer)):
        with pytest.raises(IdentityError, match="You are not signed in"):
            act()


def test_a_file_from_before_there_was_a_keyring_is_taken_away(memory: Memory) -> None:
    kept_in(FilePlace(default_path()))
    kept_in(place())
    assert not default_path().exists()
    assert memory.kept


@pytest.mark.parametrize("kept", ["", "{", "[]", "7", "{}", '{"issuer": 1}', "ü"])
def test_what_is_no_sign_in_in_the_keyring_is_none(memory: Memory, kept: str) -> None:
    memory.kept[SERVICE, ACCOUNT] = kept
    with pytest.raises(IdentityError, match="Run `hub login`"):
        held_in(place())
    forget(place(), Issuer())
    assert memory.kept == {}


def test_a_locked_keyring_is_a_sentence_with_the_remedy(memory: Memory) -> None:
    kept_in(place())
    memory.locked = True
    for act in (lambda: held_in(place()), lambda: kept_in(place()), place().remove):
        with pytest.raises(SettingsError, match="Unlock it, or set HUB_TOKEN_FILE"):
            act()


def test_a_file_that_is_named_is_used_although_there_is_a_keyring(
    memory: Memory, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TOKEN_FILE", str(home / "own.json"))
    kept_in(place())
    assert (home / "own.json").exists()
    assert memory.kept == {}


@pytest.mark.parametrize("none", [fail.Keyring, null.Keyring])
def test_without_a_keyring_a_file_is_used_where_state_lies(chosen: None, none: type[KeyringBackend]) -> None:  # noqa: ARG001
    keyring.set_keyring(none())
    assert not has_keyring()
    assert isinstance(place(), FilePlace)
    kept_in(place())
    assert default_path().stat().st_mode & 0o777 == 0o600
    assert own_token(place(), Issuer(), now=lambda: NOW) == "first"


def test_a_backend_that_writes_plain_text_is_no_keyring(chosen: None) -> None:  # noqa: ARG001
    class Plain(Memory):
        priority = 0.5  # as those of keyrings.alt say of themselves

    keyring.set_keyring(Plain())
    assert isinstance(place_of(None), FilePlace)
