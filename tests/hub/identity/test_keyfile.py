"""Keys come from a file: read again when it changes, asked for when one is unknown, and never more than public."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from catalog.errors import DependencyError, IdentityError
from hub.identity import KeyFile, Verifier
from hub.identity.development import RULES
from hub.identity.keyfile import MAX_BYTES, WANT_EVERY_S, signing_keys, wanted_beside
from tests.hub.identity.forge import NOW, PERSON, Forged, rsa


def jwks(*names: str, **changes: Any) -> bytes:
    return json.dumps({"keys": [{**rsa(name).as_dict(private=False), **changes} for name in names]}).encode()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jwks.json"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(path: Path, clock: Clock) -> Verifier:
    return Verifier(KeyFile(path, clock=clock), RULES, now=lambda: float(NOW))


def put(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.rename(path)


NEXT = Forged(key="next", header={"kid": "next"}).token()


def test_a_token_is_verified_with_the_keys_of_the_file(path: Path, verifier: Verifier) -> None:
    put(path, jwks("issuer"))
    assert str(verifier.signed_in(Forged().token()).subject.person_id) == PERSON


def test_a_changed_file_is_read_again_without_a_restart(path: Path, verifier: Verifier) -> None:
    put(path, jwks("issuer"))
    assert verifier.verify(Forged().token())
    put(path, jwks("next"))
    assert verifier.verify(NEXT)
    with pytest.raises(IdentityError):
        verifier.verify(Forged().token())


def test_an_unchanged_file_is_read_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(path, jwks("issuer"))
    keys = KeyFile(path)
    held = keys.current()
    monkeypatch.setattr(KeyFile, "_read", lambda _: pytest.fail("read again"))
    assert keys.current() is held


def test_an_unknown_key_is_asked_for_and_the_person_told_to_try_again(path: Path, verifier: Verifier) -> None:
    put(path, jwks("issuer"))
    with pytest.raises(IdentityError, match=r"a key this hub does not know\. Try again"):
        verifier.verify(NEXT)
    assert wanted_beside(path).exists()


@pytest.mark.long
def test_made_up_keys_make_nobody_ask_more_often(path: Path, verifier: Verifier, clock: Clock) -> None:
    put(path, jwks("issuer"))
    asked = 0
    for second in range(120):
        clock.now = float(second)
        with pytest.raises(IdentityError):
            verifier.verify(Forged(header={"kid": f"made-up-{second}"}).token())
        asked += wanted_beside(path).exists()
        wanted_beside(path).unlink(missing_ok=True)
    assert asked == 120 / WANT_EVERY_S


def test_a_forged_signature_with_a_known_key_asks_for_nothing(path: Path, verifier: Verifier) -> None:
    put(path, jwks("issuer"))
    with pytest.raises(IdentityError):
        verifier.verify(Forged(key="next").token())
    assert not wanted_beside(path).exists()


UNREADABLE = {
    "absent": None,
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a number": b"7",
    "no keys": b'{"keys": []}',
    "keys a string": b'{"keys": "x"}',
    "a key a string": b'{"keys": ["x"]}',
    "a key cut short": jwks("issuer", n="AQAB"),
    "a broken number": jwks("issuer", n="*"),
    "only a key for encryption": jwks("locks"),
    "a key for another algorithm": jwks("issuer", alg="RSA-OAEP"),
    "a key without a name": json.dumps({"keys": [{"kty": "RSA", "use": "sig", "n": "x", "e": "AQAB"}]}).encode(),
    "a secret": b'{"keys": [{"kty": "oct", "use": "sig", "kid": "issuer", "k": "c2VjcmV0"}]}',
    "deeply nested": b"[" * 50_000,
    "too long": jwks("issuer") + b" " * MAX_BYTES,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_without_readable_keys_nobody_is_recognised_and_newer_ones_are_asked_for(
    content: bytes | None, path: Path, verifier: Verifier
) -> None:
    if content is not None:
        put(path, content)
    with pytest.raises(DependencyError, match="not here yet"):
        verifier.verify(Forged().token())
    assert wanted_beside(path).exists()


def test_a_file_that_goes_takes_its_keys_along(path: Path, verifier: Verifier) -> None:
    put(path, jwks("issuer"))
    assert verifier.verify(Forged().token())
    path.unlink()
    with pytest.raises(DependencyError):
        verifier.verify(Forged().token())


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_a_short_key_signs_nothing(path: Path, verifier: Verifier) -> None:
    short = RSAKey.generate_key(1024, parameters={"use": "sig", "kid": "issuer"})
    put(path, json.dumps({"keys": [short.as_dict(private=False)]}).encode())
    with pytest.raises(DependencyError):
        verifier.verify(Forged().token())


def test_a_private_key_in_the_list_is_held_as_its_public_half() -> None:
    content = json.dumps({"keys": [rsa("issuer").as_dict(private=True) | {"x5u": "https://evil.example"}]}).encode()
    (held,) = signing_keys(content).keys
    assert not held.is_private
    assert set(held.as_dict()) == {"kty", "use", "kid", "alg", "n", "e"}


def test_among_keycloaks_keys_the_one_for_signing_is_taken() -> None:
    assert [key.kid for key in signing_keys(jwks("locks", "issuer")).keys] == ["issuer"]


def test_where_asking_is_not_possible_verifying_goes_on(path: Path, verifier: Verifier) -> None:
    put(path, jwks("issuer"))
    wanted_beside(path).mkdir()
    os.chmod(path.parent, 0o500)  # noqa: PTH101  # a folder this process may not write
    try:
        with pytest.raises(IdentityError):
            verifier.verify(NEXT)
        assert verifier.verify(Forged().token())
    finally:
        os.chmod(path.parent, 0o700)  # noqa: PTH101
