"""The embedded stack's own key: one file for its owner's eyes, short tokens, verified like any issuer's."""

import base64
import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalog.errors import IdentityError, SettingsError
from catalog.people import Person
from catalog.vocabulary import Classification, OrganisationId, PersonId
from hub.identity import Verifier
from hub.identity.development import RULES, DevelopmentKey
from hub.identity.verification import MAX_LIFE_S

ADA = Person(
    id=PersonId(UUID(int=7)),
    slug="ada",
    name="Ada Lind",
    organisation_id=OrganisationId(UUID(int=8)),
    jurisdiction="CA-QC",
    clearance=Classification.RESTRICTED,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "key.json"


@pytest.fixture
def key(path: Path) -> DevelopmentKey:
    return DevelopmentKey(path)


def part(token: str, at: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[at] + "=="))
    return found


def test_a_new_key_is_written_for_its_owner_only(key: DevelopmentKey, path: Path) -> None:
    assert key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = json.loads(path.read_text())
    assert (written["kty"], written["use"], written["alg"]) == ("RSA", "sig", "RS256")
    assert len(base64.urlsafe_b64decode(written["n"] + "==")) == 256


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o601, 0o666, 0o777])
def test_a_key_that_others_may_touch_is_refused_with_the_remedy(key: DevelopmentKey, path: Path, mode: int) -> None:
    assert key
    path.chmod(mode)
    with pytest.raises(SettingsError, match=f"Run: chmod 600 {path}"):
        DevelopmentKey(path)


def test_a_key_that_was_closed_again_is_taken(key: DevelopmentKey, path: Path) -> None:
    token = key.token_for(ADA)
    path.chmod(0o644)
    path.chmod(0o600)
    assert Verifier(DevelopmentKey(path).public_keys(), RULES).verify(token)


def test_a_damaged_key_is_said_in_a_sentence(path: Path) -> None:
    for content in ("", "{", "[]", '{"kty": "RSA"}', '{"kty": "oct", "k": "c2VjcmV0"}'):
        path.unlink(missing_ok=True)
        path.touch(0o600)
        path.write_text(content)
        with pytest.raises(SettingsError, match=r"is damaged.*Remove it"):
            DevelopmentKey(path)


def test_the_key_stays_the_same_from_one_start_to_the_next(key: DevelopmentKey, path: Path) -> None:
    token = key.token_for(ADA)
    assert Verifier(DevelopmentKey(path).public_keys(), RULES).verify(token).person_id == ADA.id


def test_of_many_first_commands_at_once_all_hold_the_same_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: DevelopmentKey(path), range(8)))
    token = made[0].token_for(ADA)
    assert all(Verifier(one.public_keys(), RULES).verify(token) for one in made)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_another_folders_key_verifies_nothing_of_this_one(key: DevelopmentKey, tmp_path: Path) -> None:
    other = DevelopmentKey(tmp_path / "other.json")
    with pytest.raises(IdentityError):
        Verifier(other.public_keys(), RULES).verify(key.token_for(ADA))


def test_verifiers_hold_no_private_part(key: DevelopmentKey) -> None:
    for held in key.public_keys().keys:
        assert not set(held.as_dict()) & {"d", "p", "q", "dp", "dq", "qi"}
        assert not held.is_private


def test_a_token_carries_the_catalogs_word_for_the_persons_attributes(key: DevelopmentKey) -> None:
    subject = Verifier(key.public_keys(), RULES).verify(key.token_for(ADA))
    assert (subject.person_id, subject.jurisdiction, subject.clearance) == (ADA.id, "CA-QC", Classification.RESTRICTED)


def test_a_token_names_no_more_than_verification_needs(key: DevelopmentKey) -> None:
    token = key.token_for(ADA)
    assert set(part(token, 0)) == {"alg", "kid", "typ"}
    assert set(part(token, 1)) == {"iss", "aud", "azp", "typ", "sub", "iat", "exp", "jurisdiction", "clearance"}
    assert "Ada" not in json.dumps(part(token, 1))


def test_a_token_lives_five_minutes_unless_told_shorter(key: DevelopmentKey) -> None:
    for life_s in (MAX_LIFE_S, 1, 60):
        claims = part(key.token_for(ADA, life_s=life_s), 1)
        assert claims["exp"] - claims["iat"] == life_s
        assert abs(claims["iat"] - time.time()) < 5
    assert part(key.token_for(ADA), 1)["exp"] - part(key.token_for(ADA), 1)["iat"] == MAX_LIFE_S == 300


def test_a_token_is_worth_nothing_after_its_end(key: DevelopmentKey) -> None:
    token = key.token_for(ADA, life_s=10)
    assert Verifier(key.public_keys(), RULES, now=lambda: time.time() + 8).verify(token)
    with pytest.raises(IdentityError, match="expired"):
        Verifier(key.public_keys(), RULES, now=lambda: time.time() + 11).verify(token)


def test_a_token_for_another_program_is_not_taken(key: DevelopmentKey) -> None:
    with pytest.raises(IdentityError):
        Verifier(key.public_keys(), RULES).verify(key.token_for(ADA, client="someone-elses-app"))


def test_a_token_that_lives_too_long_is_not_taken_even_from_our_own_key(key: DevelopmentKey) -> None:
    with pytest.raises(IdentityError, match="longer than this hub allows"):
        Verifier(key.public_keys(), RULES).verify(key.token_for(ADA, life_s=MAX_LIFE_S + 1))


def test_what_it_signed_it_reads_back_ended_or_not_and_by_its_kind(key: DevelopmentKey) -> None:
    signed = key.sign({"sub": "ada", "exp": 1}, kind="JWT")
    assert key.read_back(signed, kind="JWT") == {"sub": "ada", "exp": 1}
    assert key.read_back(signed, kind="at+jwt") is None


def test_what_another_signed_or_nobody_is_nothing(key: DevelopmentKey, tmp_path: Path) -> None:
    other = DevelopmentKey(tmp_path / "other.json").sign({"sub": "ada"}, kind="JWT")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=") + ".e30."
    for token in (other, unsigned, "", "a.b.c", "ü", other[:-4] + "AAAA"):
        assert key.read_back(token, kind="JWT") is None


def test_a_keys_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    assert DevelopmentKey(tmp_path / "secrets" / "key.json")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
