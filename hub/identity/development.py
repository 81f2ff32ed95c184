"""The embedded stack's own signing key and the tokens made with it; stands in until a real issuer is connected.

The key never leaves the data folder, and a token lives five minutes. Verification treats it like any issuer's.
"""

import json
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from catalog.errors import SettingsError
from catalog.people import Person
from hub.identity.verification import MAX_LIFE_S, TokenRules

RULES = TokenRules(issuer="urn:sovereign-data-hub:development", audience="hub-api", clients=frozenset({"hub-cli"}))


class DevelopmentKey:
    """One RSA key in a file only its owner may read."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _write_new(path)
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{path} can be read by others. Run: chmod 600 {path}")
        try:
            self._key = RSAKey.import_key(json.loads(path.read_text(encoding="utf-8")))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise SettingsError(f"The key {path} is damaged. Remove it; a new one is made, old tokens end.") from error

    def public_keys(self) -> KeySet:
        """Return what verifiers hold."""
        return KeySet([RSAKey.import_key(self._key.as_dict(private=False))])

    def token_for(self, person: Person, *, client: str = "hub-cli", life_s: int = MAX_LIFE_S) -> str:
        """Return an access token shaped like Keycloak's for `person`, with the catalog's word for the attributes."""
        issued = int(time.time())
        claims = {
            "iss": RULES.issuer,
            "aud": RULES.audience,
            "azp": client,
            "typ": "Bearer",
            "sub": str(person.id),
            "iat": issued,
            "exp": issued + life_s,
            "jurisdiction": person.jurisdiction,
            "clearance": str(person.clearance),
        }
        return self.sign(claims, kind="at+jwt")

    def sign(self, claims: dict[str, Any], *, kind: str) -> str:
        """Return a signed token; `kind` is its header's `typ`."""
        return jwt.encode({"alg": "RS256", "kid": self._key.kid, "typ": kind}, claims, self._key, algorithms=["RS256"])

    def read_back(self, token: str, *, kind: str) -> dict[str, Any] | None:
        """Return the claims of a token this key signed as `kind`, ended or not; None for anything else."""
        try:
            decoded = jwt.decode(token, self._key, algorithms=["RS256"])
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return decoded.claims if decoded.header.get("typ") == kind and isinstance(decoded.claims, dict) else None


def _write_new(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"}, auto_kid=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(key.as_dict(private=True), file)
        with suppress(FileExistsError):  # another command was first: its key is the key
            os.link(beside, path)
    finally:
        beside.unlink()
