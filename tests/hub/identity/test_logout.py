"""Which words about an ended session are taken: the issuer's own, to one of our clients, whole; each check matters."""

import types
from typing import Any

import pytest
from joserfc.jwk import KeySet

from catalog.errors import IdentityError
from hub.identity import logout
from hub.identity.development import RULES
from hub.identity.logout import EVENT, LogoutVerifier
from hub.identity.verification import FixedKeys
from tests.hub.identity.forge import ABSENT, NOW, PERSON, Forged, rsa
from tests.hub.identity.mutants import mutant

WHOLE: dict[str, Any] = {
    "aud": "hub-ui", "sid": "a-session", "jti": "an-id", "exp": NOW + 120, "events": {EVENT: {}}, "azp": ABSENT,
    "typ": "Logout", "jurisdiction": ABSENT, "clearance": ABSENT,
}  # fmt: skip


def word(*, kind: str = "logout+jwt", key: str = "issuer", header: dict[str, Any] | None = None, **claims: Any) -> str:
    return Forged(header={"typ": kind, **(header or {})}, claims={**WHOLE, **claims}, key=key).token()


def verifier(module: types.ModuleType = logout) -> LogoutVerifier:
    made: LogoutVerifier = module.LogoutVerifier(
        FixedKeys(KeySet([rsa("issuer"), rsa("locks")])),
        issuer=RULES.issuer,
        clients=frozenset({"hub-ui", "hub-cli"}),
        now=lambda: float(NOW),
    )
    return made


BAD = {
    "nothing": "",
    "an access token": Forged().token(),
    "an access token's kind": word(kind="at+jwt"),
    "an id token's kind": word(kind="JWT"),
    "a stranger's key": word(key="stranger"),
    "alg none": Forged(header={"typ": "logout+jwt", "alg": "none"}, claims=WHOLE, how="none").token(),
    "a key in the header": word(header={"jwk": {}}),
    "crit": word(header={"crit": ["exp"], "exp": 1}),
    "another issuer": word(iss="https://evil.example"),
    "no issuer": word(iss=ABSENT),
    "another client": word(aud="hub-worker"),
    "the API": word(aud="hub-api"),
    "no audience": word(aud=ABSENT),
    "no end": word(exp=ABSENT),
    "ended": word(iat=NOW - 300, exp=NOW - 40),
    "an end that is no number": word(exp="soon"),
    "a long life": word(exp=NOW + 86_400),
    "made tomorrow": word(iat=NOW + 86_400, exp=NOW + 86_500),
    "no beginning": word(iat=ABSENT),
    "no event": word(events=ABSENT),
    "another event": word(events={"http://schemas.openid.net/event/other": {}}),
    "events a list": word(events=[EVENT]),
    "an event that is no object": word(events={EVENT: True}),
    "a nonce": word(nonce="a nonce"),
    "no id": word(jti=ABSENT),
    "an id that is long": word(jti="x" * 200),
    "an id with a null": word(jti="x\x00"),
    "nobody": word(sub=ABSENT),
    "a name for a person": word(sub="ada"),
    "a session that is long": word(sid="x" * 200),
    "a session that is a list": word(sid=["a-session"]),
    "too long": word(padding="x" * 9000),
}  # fmt: skip


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_any_other_word_is_refused_with_a_sentence(token: str) -> None:
    with pytest.raises(IdentityError) as refused:
        verifier().ended(token)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("client", ["hub-ui", "hub-cli"])
def test_the_issuers_word_is_taken(client: str) -> None:
    found = verifier().ended(word(aud=client))
    assert (str(found.person_id), found.session_id, found.token_id) == (PERSON, "a-session", "an-id")


def test_a_word_without_a_session_is_about_all_of_them() -> None:
    assert verifier().ended(word(sid=ABSENT)).session_id is None


MUTANTS = {
    "kind": ('kind="logout+jwt"', 'kind="at+jwt"', "an access token's kind"),
    "issuer": ('iss={"essential": True, "value": self._issuer},', "", "another issuer"),
    "client": ('aud={"essential": True, "values": sorted(self._clients)},', "", "another client"),
    "life": ('claims["exp"] - claims["iat"] > MAX_LIFE_S', "False", "a long life"),
    "event": ("or not isinstance(events.get(EVENT), dict)", "", "another event"),
    "nonce": (' or "nonce" in claims', "", "a nonce"),
    "leeway": ("leeway=LEEWAY_S", "leeway=100_000", "ended"),
}


@pytest.mark.parametrize(("snippet", "instead", "name"), MUTANTS.values(), ids=MUTANTS)
def test_without_a_check_another_word_is_taken(snippet: str, instead: str, name: str) -> None:
    assert verifier(mutant(logout, snippet, instead)).ended(BAD[name])
