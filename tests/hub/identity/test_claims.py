"""What a verified token says of a person: roles, organisations, session; a claim of another shape refuses it whole."""

import types
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet

from catalog.errors import IdentityError
from catalog.vocabulary import Role
from hub.identity import SignedIn, Verifier, claims
from hub.identity.development import RULES
from tests.hub.identity.forge import ABSENT, CLAIMS, NOW, PERSON, Forged, changed, rsa
from tests.hub.identity.mutants import mutant


def token(**changes: object) -> str:
    return Forged(claims=changes).token()


def signed_in(**changes: object) -> SignedIn:
    return Verifier(KeySet([rsa("issuer")]), RULES, now=lambda: float(NOW)).signed_in(token(**changes))


def ours(*roles: object) -> dict[str, Any]:
    return {"hub-api": {"roles": list(roles)}}


GOOD: dict[str, tuple[dict[str, Any], set[Role], set[str]]] = {
    "as Keycloak writes it": (
        {"resource_access": ours("steward"), "groups": ["/water-board"]}, {Role.STEWARD}, {"water-board"},
    ),
    "two roles, two organisations": (
        {"resource_access": ours("admin", "auditor"), "groups": ["/hub-office", "/court-of-audit"]},
        {Role.ADMIN, Role.AUDITOR}, {"hub-office", "court-of-audit"},
    ),
    "one role twice": ({"resource_access": ours("founder", "founder")}, {Role.FOUNDER}, set()),
    "none of either": ({}, set(), set()),
    "empty lists": ({"resource_access": ours(), "groups": []}, set(), set()),
    "a client without roles": ({"resource_access": {"hub-api": {}}}, set(), set()),
    "another client's role": ({"resource_access": {"account": {"roles": ["admin"]}}}, set(), set()),
    "a role of the realm": ({"realm_access": {"roles": ["admin"]}}, set(), set()),
    "a role beside the list": ({"roles": ["admin"], "role": "admin"}, set(), set()),
    "a role unknown here": ({"resource_access": ours("root", "researcher")}, {Role.RESEARCHER}, set()),
    "a role in capitals": ({"resource_access": ours("ADMIN")}, set(), set()),
    "a role with a space": ({"resource_access": ours("admin ")}, set(), set()),
}  # fmt: skip

BAD: dict[str, dict[str, Any]] = {
    "access a list": {"resource_access": ["hub-api"]},
    "access a string": {"resource_access": "hub-api"},
    "access null": {"resource_access": None},
    "our access a list": {"resource_access": {"hub-api": ["admin"]}},
    "our access null": {"resource_access": {"hub-api": None}},
    "roles a string": {"resource_access": {"hub-api": {"roles": "admin"}}},
    "roles null": {"resource_access": {"hub-api": {"roles": None}}},
    "roles an object": {"resource_access": {"hub-api": {"roles": {"admin": True}}}},
    "a role a number": {"resource_access": ours("admin", 7)},
    "a role a list": {"resource_access": ours(["admin"])},
    "a role null": {"resource_access": ours(None)},
    "groups a string": {"groups": "/water-board"},
    "groups null": {"groups": None},
    "groups an object": {"groups": {"/water-board": 1}},
    "a group a number": {"groups": ["/water-board", 1]},
    "a group without its path": {"groups": ["water-board"]},
    "a group below a group": {"groups": ["/water-board/stewards"]},
    "a group empty": {"groups": [""]},
    "the root": {"groups": ["/"]},
    "two slashes": {"groups": ["//water-board"]},
    "a group that climbs": {"groups": ["/../hub-office"]},
    "a group in capitals": {"groups": ["/Water-Board"]},
    "a group and a newline": {"groups": ["/water-board\n"]},
    "a group of other letters": {"groups": ["/wаter-board"]},  # noqa: RUF001  # a Cyrillic letter
    "a group in a list": {"groups": [["/water-board"]]},
    "session a number": {"sid": 7},
    "session empty": {"sid": ""},
    "session a list": {"sid": ["a"]},
    "session true": {"sid": True},
    "session long": {"sid": "x" * 129},
    "session with a null": {"sid": "x\x00"},
    "place not in the world": {"jurisdiction": "XX"},
    "azp of the API itself": {"azp": "hub-api"},
    "azp empty": {"azp": ""},
    "azp null": {"azp": None},
    "azp an object": {"azp": {"hub-cli": 1}},
    "azp in capitals": {"azp": "HUB-CLI"},
    "audience the client": {"aud": "hub-cli"},
    "audience of an id token": {"aud": "hub-cli", "typ": "ID"},
}  # fmt: skip


@pytest.mark.parametrize(("said", "roles", "organisations"), GOOD.values(), ids=GOOD)
def test_roles_and_organisations_are_the_issuers_word(
    said: dict[str, Any], roles: set[Role], organisations: set[str]
) -> None:
    found = signed_in(**said)
    assert (found.roles, found.organisations) == (roles, organisations)
    assert str(found.subject.person_id) == PERSON


@pytest.mark.parametrize("said", BAD.values(), ids=BAD)
def test_a_claim_of_another_shape_refuses_the_whole_token(said: dict[str, Any]) -> None:
    with pytest.raises(IdentityError) as refused:
        signed_in(**said)
    assert str(refused.value).endswith(".")
    assert "water-board" not in str(refused.value)


@pytest.mark.parametrize("kind", ["JWT", "logout+jwt", "dpop+jwt", "application/at+jwt", "AT+JWT", "at+jwt ", ""])
def test_only_an_access_tokens_header_is_taken(kind: str) -> None:
    forged = Forged(header={"typ": kind}, claims={"resource_access": ours("admin")}).token()
    with pytest.raises(IdentityError, match="not an access token"):
        Verifier(KeySet([rsa("issuer")]), RULES, now=lambda: float(NOW)).signed_in(forged)


def test_an_id_token_signed_by_the_same_issuer_opens_nothing() -> None:
    id_token = Forged(header={"typ": "JWT"}, claims={"aud": "hub-ui", "azp": "hub-ui", "typ": "ID", "nonce": "n"})
    with pytest.raises(IdentityError):
        Verifier(KeySet([rsa("issuer")]), RULES, now=lambda: float(NOW)).signed_in(id_token.token())


def test_session_and_end_come_along() -> None:
    assert signed_in(sid="5d0f").session_id == "5d0f"
    assert signed_in(sid=ABSENT).session_id is None
    assert signed_in().expires_at == datetime.fromtimestamp(NOW + 300, UTC)


@given(st.dictionaries(
    st.sampled_from(["resource_access", "groups", "sid", "realm_access"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["hub-api", "roles"]), inner),
        max_leaves=5,
    ),
))  # fmt: skip
def test_no_odd_claim_makes_a_role_or_brings_it_down(odd: dict[str, Any]) -> None:
    try:
        assert signed_in(**odd).roles == frozenset()
    except IdentityError:
        return


NAME = "if not isinstance(name, str) or not 0 < len(name) <= _MAX_NAME_CHARACTERS or not name.isprintable():"
#: A check of claims.py, what it is replaced by, and what gets in then.
MUTANTS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "place": ("if not is_place(jurisdiction):", "if False:", "subject_in", {"jurisdiction": "XX"}),
    "groups": ("not all(_GROUP.fullmatch(group) for group in groups)", "False", "organisations_in", {"groups": ["x"]}),
    "groups to their end": ("_GROUP.fullmatch", "_GROUP.match", "organisations_in", {"groups": ["/a/b"]}),
    "a list": ("not isinstance(value, list) or", "", "organisations_in", {"groups": ("/a",)}),
    "of strings": ("or not all(isinstance(one, str) for one in value)", "", "roles_in", {"resource_access": ours(7)}),
    "session's type": (NAME, "if not 0 < len(name) <= _MAX_NAME_CHARACTERS:", "session_in", {"sid": ["x"]}),
    "session's length": ("<= _MAX_NAME_CHARACTERS", "", "session_in", {"sid": "x" * 129}),
    "session's letters": (" or not name.isprintable()", "", "session_in", {"sid": "x\x00"}),
}


def read(module: types.ModuleType, function: str, said: dict[str, Any]) -> object:
    held = changed(CLAIMS, said)
    return getattr(module, function)(held, *(("hub-api",) if function == "roles_in" else ()))


@pytest.mark.parametrize(("snippet", "instead", "function", "said"), MUTANTS.values(), ids=MUTANTS)
def test_without_a_check_an_odd_claim_gets_in(snippet: str, instead: str, function: str, said: dict[str, Any]) -> None:
    with pytest.raises(IdentityError):
        read(claims, function, said)
    read(mutant(claims, snippet, instead), function, said)


def test_only_the_roles_of_the_audience_count() -> None:
    elsewhere = {"resource_access": {"other": {"roles": ["admin"]}}}
    assert read(claims, "roles_in", elsewhere) == frozenset()
    careless = mutant(claims, "access.get(audience, {})", "next(iter(access.values()), {})")
    assert read(careless, "roles_in", elsewhere) == {Role.ADMIN}
