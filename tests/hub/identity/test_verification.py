"""Which tokens are taken: good ones; of the malformed ones, none. Each check is shown to matter by taking it away."""

import json
import re
import types
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet

from catalog.errors import ClockError, IdentityError
from catalog.vocabulary import Classification
from hub.identity import TokenRules, Verifier, verification
from hub.identity.development import RULES
from hub.identity.verification import FixedKeys
from tests.hub.identity.forge import ABSENT, CLAIMS, NOW, PERSON, Forged, b64, rsa
from tests.hub.identity.mutants import mutant


def keys(*names: str) -> KeySet:
    return KeySet([rsa(name) for name in names or ("issuer",)])


def verifier(module: types.ModuleType = verification, held: KeySet | None = None) -> Verifier:
    made: Verifier = module.Verifier(held or keys(), RULES, now=lambda: float(NOW))
    return made


def claims(**changes: object) -> str:
    return Forged(claims=changes).token()


def header(**changes: object) -> str:
    return Forged(header=changes).token()


def cut(at: int) -> str:
    """One part of a good token replaced by nothing."""
    parts = Forged().token().split(".")
    parts[at] = ""
    return ".".join(parts)


def flipped(at: int) -> str:
    """One bit of a part's first byte turned."""
    parts = Forged().token().split(".")
    parts[at] = ("B" if parts[at][0] == "A" else "A") + parts[at][1:]
    return ".".join(parts)


def payload_of_another() -> str:
    """A good token's header and signature around other claims."""
    good, other = Forged().token().split("."), claims(clearance="secret").split(".")
    return f"{good[0]}.{other[1]}.{good[2]}"


def public_jwk(name: str) -> dict[str, Any]:
    return dict(rsa(name).as_dict(private=False))


GOOD = {
    "as issued": Forged().token(),
    "the audience in a list": claims(aud=["hub-api"]),
    "one of several audiences": claims(aud=["account", "hub-api"]),
    "claims nobody asks for": claims(preferred_username="ada", realm_access={"roles": ["x"]}),
    "a clock ahead by less than the leeway": claims(iat=NOW + 30, exp=NOW + 330),
    "issued a while ago": claims(iat=NOW - 299, exp=NOW + 1),
    "short": claims(exp=NOW + 1),
    "not before now": claims(nbf=NOW),
    "a place below a country": claims(jurisdiction="CA-QC"),
    "top clearance": claims(clearance="secret"),
}

BAD = {
    # not a token
    "nothing": "",
    "a word": "token",
    "two parts": "a.b",
    "four parts": Forged().token() + ".x",
    "five parts, as if encrypted": "a.b.c.d.e",
    "dots": "..",
    "without a header": cut(0),
    "without claims": cut(1),
    "without a signature": cut(2),
    "a space before": " " + Forged().token(),
    "a newline after": Forged().token() + "\n",
    "a space inside": Forged().token().replace(".", ". ", 1),
    "with its scheme": "Bearer " + Forged().token(),
    "padded": Forged().token() + "=",
    "not ASCII": "ü" + Forged().token(),
    "a null byte": Forged().token() + "\x00",
    "too long": claims(padding="x" * 8192),
    "a JSON token": json.dumps({"payload": "x", "signatures": []}),
    # algorithms
    "alg none": Forged(header={"alg": "none"}, how="none").token(),
    "alg None": Forged(header={"alg": "None"}, how="none").token(),
    "alg none with a signature": header(alg="none"),
    "no alg": header(alg=ABSENT),
    "alg null": header(alg=None),
    "alg a list": header(alg=["RS256"]),
    "alg in small letters": header(alg="rs256"),
    "HS256, public key as secret (PEM)": Forged(header={"alg": "HS256"}, how="HMAC with PEM").token(),
    "HS256, public key as secret (DER)": Forged(header={"alg": "HS256"}, how="HMAC with DER").token(),
    "HS256, public key as secret (JWK)": Forged(header={"alg": "HS256"}, how="HMAC with JWK").token(),
    "HS256, empty secret": Forged(header={"alg": "HS256"}, how="HMAC with nothing").token(),
    "RS256 said, HMAC made": Forged(how="HMAC with PEM").token(),
    "RS512": Forged(header={"alg": "RS512"}, how="RS512").token(),
    "PS256": Forged(header={"alg": "PS256"}, how="PS256").token(),
    "RS256 said, RS512 made": Forged(how="RS512").token(),
    "ES256": header(alg="ES256"),
    # keys
    "another's key under our kid": Forged(key="stranger").token(),
    "another's key under its own kid": Forged(key="stranger", header={"kid": "stranger"}).token(),
    "an unknown kid": header(kid="other"),
    "no kid": header(kid=ABSENT),
    "kid null": header(kid=None),
    "kid empty": header(kid=""),
    "kid a path": header(kid="../../dev/null"),
    "kid a list": header(kid=["issuer"]),
    "kid a number": header(kid=1),
    "a key in the header": Forged(key="stranger", header={"jwk": public_jwk("stranger")}).token(),
    "our own key in the header": header(jwk=public_jwk("issuer")),
    "jku": header(jku="https://evil.example/keys"),
    "x5u": header(x5u="https://evil.example/cert"),
    "x5c": header(x5c=["MIIB"]),
    "x5t": header(x5t="abc"),
    "crit": header(crit=["exp"], exp=1),
    "crit of b64": header(crit=["b64"], b64=False),
    "crit empty": header(crit=[]),
    "compressed": header(zip="DEF"),
    "content type of a nested token": header(cty="JWT"),
    "an unknown header": header(x="y"),
    # signature and claims tampered with
    "another signature": flipped(2),
    "header tampered with": flipped(0),
    "claims tampered with": flipped(1),
    "claims of another": payload_of_another(),
    # kind
    "typ JWT": header(typ="JWT"),
    "typ of an identity token": header(typ="ID"),
    "no typ": header(typ=ABSENT),
    "typ in capitals": header(typ="AT+JWT"),
    "claim typ of an identity token": claims(typ="ID"),
    "claim typ of a refresh token": claims(typ="Refresh"),
    "no claim typ": claims(typ=ABSENT),
    "claim typ a list": claims(typ=["Bearer"]),
    # issuer, audience, client
    "another issuer": claims(iss="https://evil.example"),
    "an issuer that begins like ours": claims(iss=RULES.issuer + "/"),
    "no issuer": claims(iss=ABSENT),
    "issuer a list": claims(iss=[RULES.issuer]),
    "issuer null": claims(iss=None),
    "another audience": claims(aud="account"),
    "no audience": claims(aud=ABSENT),
    "audience empty": claims(aud=""),
    "no audience in the list": claims(aud=[]),
    "others' audiences": claims(aud=["account", "hub-api-2"]),
    "audience in a list in a list": claims(aud=[["hub-api"]]),
    "audience an object": claims(aud={"hub-api": True}),
    "audience in one string": claims(aud="account hub-api"),
    "audience among numbers": claims(aud=["hub-api", 1]),
    "another client": claims(azp="evil-app"),
    "no client": claims(azp=ABSENT),
    "clients in a list": claims(azp=["hub-cli"]),
    "client among others": claims(azp=["evil-app", "hub-cli"]),
    "client null": claims(azp=None),
    # time
    "no exp": claims(exp=ABSENT),
    "exp a string": claims(exp=str(NOW + 300)),
    "exp a float": claims(exp=NOW + 299.5),
    "exp null": claims(exp=None),
    "exp true": claims(exp=True),
    "exp now": claims(iat=NOW - 300, exp=NOW),
    "exp a second ago": claims(iat=NOW - 301, exp=NOW - 1),
    "exp long ago": claims(iat=NOW - 10_000, exp=NOW - 9_700),
    "exp never": claims(exp=2**62),
    "exp infinite": Forged(raw_payload=json.dumps(CLAIMS).replace(str(NOW + 300), "Infinity").encode()).token(),
    "a life of a second too long": claims(exp=NOW + 301),
    "a life of a day": claims(exp=NOW + 86_400),
    "no iat": claims(iat=ABSENT),
    "iat a string": claims(iat=str(NOW)),
    "iat a float": claims(iat=NOW + 0.5),
    "iat true": claims(iat=True),
    "iat ahead by more than the leeway": claims(iat=NOW + 31, exp=NOW + 331),
    "iat tomorrow": claims(iat=NOW + 86_400, exp=NOW + 86_500),
    "not before later": claims(nbf=NOW + 100),
    # subject and its attributes
    "no subject": claims(sub=ABSENT),
    "subject empty": claims(sub=""),
    "subject a name": claims(sub="ada"),
    "subject a number": claims(sub=7),
    "subject a list": claims(sub=[PERSON]),
    "subject nearly an id": claims(sub=PERSON[:-1]),
    "no place": claims(jurisdiction=ABSENT),
    "a place that is not": claims(jurisdiction="XX"),
    "place null": claims(jurisdiction=None),
    "place a group": claims(jurisdiction="EU"),
    "places": claims(jurisdiction=["DE", "FR"]),
    "no clearance": claims(clearance=ABSENT),
    "a clearance that is not": claims(clearance="top secret"),
    "clearance null": claims(clearance=None),
    "clearance a number": claims(clearance=3),
    "clearances": claims(clearance=["secret"]),
    # shapes
    "claims a list": Forged(raw_payload=b"[]").token(),
    "claims a string": Forged(raw_payload=b'"x"').token(),
    "claims no JSON": Forged(raw_payload=b"{").token(),
    "claims no UTF-8": Forged(raw_payload=b"\xff\xfe{}").token(),
    "claims deeply nested": Forged(raw_payload=b"[" * 5000).token(),
    "header a list": Forged(raw_header=b"[]").token(),
    "header a string": Forged(raw_header=b'"RS256"').token(),
    "header no JSON": Forged(raw_header=b"{").token(),
    "header deeply nested": Forged(raw_header=b"[" * 5000).token(),
    "header long": header(kid="x" * 600),
    "a token in a token": Forged(raw_payload=Forged().token().encode()).token(),
}  # fmt: skip


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD)
def test_a_good_token_is_taken(token: str) -> None:
    assert str(verifier().verify(token).person_id) == PERSON


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_a_malformed_token_is_refused_with_a_sentence(token: str) -> None:
    with pytest.raises(IdentityError) as refused:
        verifier().verify(token)
    assert str(refused.value).endswith(".")
    assert "evil" not in str(refused.value)
    assert PERSON not in str(refused.value)


def test_of_all_malformed_tokens_none_is_taken() -> None:
    taken = []
    for name, token in BAD.items():
        try:
            verifier().verify(token)
        except IdentityError:
            continue
        taken.append(name)
    assert taken == []
    assert len(BAD) >= 60


def test_the_subject_is_the_tokens_word() -> None:
    subject = verifier().verify(claims(jurisdiction="FR", clearance="restricted"))
    assert (subject.person_id, subject.jurisdiction) == (UUID(PERSON), "FR")
    assert subject.clearance is Classification.RESTRICTED


def test_a_second_key_is_taken_while_keys_change() -> None:
    token = Forged(key="next", header={"kid": "next"}).token()
    assert verifier(held=keys("issuer", "next")).verify(token)
    with pytest.raises(IdentityError):
        verifier(held=keys("issuer")).verify(token)


def test_a_key_for_encryption_signs_nothing() -> None:
    token = Forged(key="locks", header={"kid": "locks"}).token()
    with pytest.raises(IdentityError):
        verifier(held=keys("issuer", "locks")).verify(token)


def test_without_any_key_nothing_is_taken() -> None:
    with pytest.raises(IdentityError):
        Verifier(KeySet([]), RULES, now=lambda: float(NOW)).verify(Forged().token())


def test_the_rules_are_this_hubs_own() -> None:
    other = TokenRules(issuer="https://issuer.example", audience="hub", clients=frozenset({"ui", "notebook"}))
    token = claims(iss="https://issuer.example", aud="hub", azp="notebook")
    assert Verifier(keys(), other, now=lambda: float(NOW)).verify(token)
    with pytest.raises(IdentityError):
        Verifier(keys(), other, now=lambda: float(NOW)).verify(Forged().token())


def test_an_expired_token_says_so() -> None:
    for ago in (1, 29, 31, 4000):
        with pytest.raises(IdentityError, match=r"has expired\. Sign in again"):
            verifier().verify(claims(iat=NOW - ago - 300, exp=NOW - ago))


def test_clocks_ten_minutes_apart_are_said_to_be() -> None:
    with pytest.raises(ClockError, match="clock is ahead of this hub's"):
        verifier().verify(claims(iat=NOW + 600, exp=NOW + 900))
    with pytest.raises(IdentityError, match="has expired"):  # where nobody has compared the clocks
        verifier().verify(claims(iat=NOW - 600, exp=NOW - 300))


@dataclass(frozen=True)
class Compared(FixedKeys):
    """Keys with which came how far this machine's clock is ahead."""

    ahead_s: float

    def clock_ahead_s(self) -> float:
        return self.ahead_s


@pytest.mark.parametrize(("ahead_s", "said"), [
    (600, "This hub's clock is ahead of the sign-in service's by about 10 minutes"), (45, "about 45 seconds"),
    (31, "about 31 seconds"), (7200, "about 120 minutes"),
])  # fmt: skip
@pytest.mark.parametrize("ended_s", [1, 29, 31, 600])
def test_a_clock_that_is_known_to_be_ahead_is_said_to_be_and_opens_nothing(
    ahead_s: float, said: str, ended_s: int
) -> None:
    ahead = Verifier(Compared(keys(), ahead_s), RULES, now=lambda: float(NOW))
    with pytest.raises(ClockError, match=re.escape(said)) as refused:
        ahead.verify(claims(iat=NOW - ended_s - 300, exp=NOW - ended_s))
    assert "Tell the hub's operator" in str(refused.value)


@pytest.mark.parametrize("ahead_s", [0, 30, -600])
def test_a_token_that_ended_by_a_right_clock_has_ended(ahead_s: float) -> None:
    right = Verifier(Compared(keys(), ahead_s), RULES, now=lambda: float(NOW))
    with pytest.raises(IdentityError, match=r"has expired\. Sign in again") as refused:
        right.verify(claims(iat=NOW - 301, exp=NOW - 1))
    assert not isinstance(refused.value, ClockError)


def test_a_refusal_repeats_nothing_of_the_token() -> None:
    for token in (claims(iss="https://evil.example/secret"), claims(sub="ada-secret"), header(kid="secret-kid")):
        with pytest.raises(IdentityError) as refused:
            verifier().verify(token)
        assert "secret" not in str(refused.value)


@given(st.text(max_size=200))
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(IdentityError):
        verifier().verify(text)


@given(head=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64"]), st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)))  # fmt: skip
def test_no_odd_header_brings_it_down(head: dict[str, Any]) -> None:
    body = b64(json.dumps(CLAIMS).encode())
    with pytest.raises(IdentityError):
        verifier().verify(f"{b64(json.dumps(head).encode())}.{body}.{b64(b'x' * 256)}")


@given(st.dictionaries(st.sampled_from(sorted(CLAIMS)), st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False), st.integers(), st.text(max_size=8),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
), min_size=1))  # fmt: skip
def test_no_odd_claim_gets_in_or_brings_it_down(odd: dict[str, Any]) -> None:
    harmless = {"iat": range(NOW - 1, NOW + 31), "exp": range(NOW + 1, NOW + 301), "clearance": list(Classification)}
    if all(value in harmless.get(name, ()) for name, value in odd.items()):
        return
    with pytest.raises(IdentityError):
        verifier().verify(claims(**odd))


MUTANTS: dict[str, tuple[str, str, str]] = {
    "length": ("len(token) > MAX_TOKEN_CHARACTERS", "False", "too long"),
    "header names (jku)": ("set(decoded.header) - HEADER_NAMES", "False", "jku"),
    "header names (x5c)": ("set(decoded.header) - HEADER_NAMES", "False", "x5c"),
    "kid": ('or "kid" not in decoded.header', "", "no kid"),
    "header typ": ('decoded.header.get("typ") != kind', "False", "typ JWT"),
    "issuer": ('iss={"essential": True, "value": rules.issuer},', "", "another issuer"),
    "issuer given": ('iss={"essential": True, "value": rules.issuer},', "", "no issuer"),
    "audience": ('aud={"essential": True, "value": rules.audience},', "", "another audience"),
    "audience given": ('aud={"essential": True, "value": rules.audience},', "", "no audience"),
    "client": ('azp={"essential": True, "values": sorted(rules.clients)},', "", "another client"),
    "claim typ": ('typ={"essential": True, "value": "Bearer"},', "", "claim typ of a refresh token"),
    "one client": ("isinstance(claims[name], str)", "True", "client among others"),
    "life": ("expires - issued > MAX_LIFE_S", "False", "a life of a day"),
    "whole numbers (exp)": ("not isinstance(expires, int)", "False", "exp a float"),
    "whole numbers (iat)": ("not isinstance(issued, int)", "False", "iat a float"),
    "no leeway for the end": ("if expires <= self._now():", "if False:", "exp a second ago"),
    "leeway": ("LEEWAY_S = 30", "LEEWAY_S = 100_000", "iat tomorrow"),
}  # fmt: skip


@pytest.mark.parametrize(("snippet", "instead", "name"), MUTANTS.values(), ids=MUTANTS)
def test_without_a_check_a_malformed_token_gets_in(snippet: str, instead: str, name: str) -> None:
    assert verifier(mutant(verification, snippet, instead)).verify(BAD[name])


def test_without_the_list_of_algorithms_a_key_that_names_none_signs_with_any() -> None:
    token = Forged(key="any", header={"kid": "any", "alg": "RS512"}, how="RS512").token()
    with pytest.raises(IdentityError):
        verifier(held=keys("any")).verify(token)
    without = mutant(verification, 'ALGORITHMS = ("RS256",)', 'ALGORITHMS = ("RS256", "RS512")')
    assert verifier(without, keys("any")).verify(token)
