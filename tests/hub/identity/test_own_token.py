"""A person's sign-in lies in a file of their own, and is renewed once, however many commands run."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import pytest

from catalog.errors import IdentityError, SettingsError
from hub.identity.device import Tokens
from hub.identity.kept import FilePlace, default_path
from hub.identity.own_token import forget, held_in, keep, own_token

NOW = 1_800_000_000.0
FIRST = Tokens(access_token="first", expires_in_s=300, refresh_token="once")  # noqa: S106


class Issuer:
    """Counts what is asked of an issuer whose refresh tokens are good once."""

    def __init__(self) -> None:
        self.good = "once"
        self.renewed = 0
        self.revoked: list[str] = []

    def __call__(self, _: str) -> Any:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def renew(self, token: str) -> Tokens:
        if token != self.good:
            raise IdentityError
        self.renewed += 1
        self.good = f"once-{self.renewed}"
        return Tokens(access_token=f"renewed-{self.renewed}", expires_in_s=300, refresh_token=self.good)

    def revoke(self, token: str) -> None:
        self.revoked.append(token)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "token.json"


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


def kept(path: Path, tokens: Tokens = FIRST) -> None:
    keep(FilePlace(path), "https://issuer.example", tokens, now=lambda: NOW)


def test_a_sign_in_is_for_its_owners_eyes(path: Path) -> None:
    kept(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_new_sign_in_replaces_a_link_instead_of_following_it(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    (tmp_path / "elsewhere").write_text("theirs")
    path.symlink_to(tmp_path / "elsewhere")
    kept(path)
    assert (tmp_path / "elsewhere").read_text() == "theirs"
    assert not path.is_symlink()


def test_a_place_that_cannot_be_written_is_said_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="Set HUB_TOKEN_FILE"):
        kept(tmp_path / "file" / "token.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_sign_in_others_may_read_is_not_used(path: Path, issuer: Issuer, mode: int) -> None:
    kept(path)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="can be read by others"):
        own_token(FilePlace(path), issuer, now=lambda: NOW)


@pytest.mark.parametrize("content", [
    "", "{", "[]", "7", "{}", '{"issuer": "x"}', json.dumps({"issuer": 1, "access_token": "x", "expires_at": 1}),
    json.dumps({"issuer": "x", "access_token": "ü", "expires_at": 1}),
    json.dumps({"issuer": "x", "access_token": "x", "expires_at": "soon"}),
    json.dumps({"issuer": "x", "access_token": "x", "expires_at": 1, "more": 1}),
])  # fmt: skip
def test_a_file_of_another_shape_is_no_sign_in(path: Path, content: str) -> None:
    kept(path)
    path.write_text(content)
    with pytest.raises(IdentityError, match="Run `hub login`"):
        held_in(FilePlace(path))


def test_without_a_file_nobody_is_signed_in(path: Path, issuer: Issuer) -> None:
    for act in (lambda: own_token(FilePlace(path), issuer), lambda: forget(FilePlace(path), issuer)):
        with pytest.raises(IdentityError, match="You are not signed in"):
            act()


def test_a_token_that_lasts_is_used_as_it_is(path: Path, issuer: Issuer) -> None:
    kept(path)
    assert own_token(FilePlace(path), issuer, now=lambda: NOW + 289) == "first"
    assert issuer.renewed == 0


def test_a_token_that_ends_is_renewed_and_kept(path: Path, issuer: Issuer) -> None:
    kept(path)
    assert own_token(FilePlace(path), issuer, now=lambda: NOW + 290) == "renewed-1"
    assert own_token(FilePlace(path), issuer, now=lambda: NOW + 290) == "renewed-1"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_many_commands_at_once_one_renews(path: Path, issuer: Issuer) -> None:
    kept(path)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: own_token(FilePlace(path), issuer, now=lambda: NOW + 400), range(16)))
    assert found == {"renewed-1"}
    assert issuer.renewed == 1


def test_without_a_refresh_token_one_signs_in_again(path: Path, issuer: Issuer) -> None:
    kept(path, Tokens(access_token="a", expires_in_s=300, refresh_token=None))  # noqa: S106
    with pytest.raises(IdentityError, match="has ended"):
        own_token(FilePlace(path), issuer, now=lambda: NOW + 300)


def test_signing_out_removes_the_file_and_tells_the_issuer(path: Path, issuer: Issuer) -> None:
    kept(path)
    forget(FilePlace(path), issuer)
    assert not path.exists()
    assert issuer.revoked == ["once"]


def test_a_damaged_sign_in_can_be_removed(path: Path, issuer: Issuer) -> None:
    kept(path)
    path.write_text("{")
    forget(FilePlace(path), issuer)
    assert not path.exists()


@pytest.mark.parametrize(("state", "where"), [
    ("/var/state", Path("/var/state/sovereign-data-hub/token.json")),
    ("", Path("/home/ada/.local/state/sovereign-data-hub/token.json")),
    ("relative", Path("/home/ada/.local/state/sovereign-data-hub/token.json")),
])  # fmt: skip
def test_a_sign_in_lies_where_state_lies(state: str, where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("XDG_STATE_HOME", state)
    assert default_path() == where
