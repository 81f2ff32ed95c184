"""Tokens made by hand: any header, any claims, any signature, so that a test can send what no library would make."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import RSAKey

from hub.identity.development import RULES

NOW = 1_800_000_000
PERSON = "7f0c1d52-8a7e-4f39-9a55-0e2f0f6f9a01"
ABSENT = object()

CLAIMS: dict[str, Any] = {
    "iss": RULES.issuer, "aud": RULES.audience, "azp": "hub-cli", "typ": "Bearer", "sub": PERSON,
    "iat": NOW, "exp": NOW + 300, "jurisdiction": "DE", "clearance": "internal",
}  # fmt: skip


@cache
def rsa(name: str) -> RSAKey:
    """A key of this run, one for each name: `locks` is for encryption, `any` names no algorithm."""
    parameters = {"use": "enc" if name == "locks" else "sig", "kid": name}
    return RSAKey.generate_key(2048, parameters=parameters | ({} if name == "any" else {"alg": "RS256"}))


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def changed(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {**values, **changes}
    return {name: value for name, value in merged.items() if value is not ABSENT}


@dataclass(frozen=True, kw_only=True)
class Forged:
    """A token that is right in everything but what is named."""

    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    raw_header: bytes | None = None
    raw_payload: bytes | None = None
    key: str = "issuer"
    how: str = "RS256"

    def token(self) -> str:
        known = {"alg": "RS256", "kid": "issuer", "typ": "at+jwt"}
        header = self.raw_header or json.dumps(changed(known, self.header)).encode()
        payload = self.raw_payload or json.dumps(changed(CLAIMS, self.claims)).encode()
        signed = f"{b64(header)}.{b64(payload)}"
        return f"{signed}.{b64(self._signature(signed.encode()))}"

    def _signature(self, signed: bytes) -> bytes:
        private, public = rsa(self.key).private_key, rsa("issuer").public_key
        forms = {
            "PEM": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "JWK": json.dumps(rsa("issuer").as_dict(private=False)).encode(),
            "nothing": b"",
        }
        match self.how.split():
            case ["RS256"]:
                return private.sign(signed, padding.PKCS1v15(), SHA256())
            case ["RS512"]:
                return private.sign(signed, padding.PKCS1v15(), SHA512())
            case ["PS256"]:
                return private.sign(signed, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
            case ["HMAC", "with", form]:
                return hmac.digest(forms[form], signed, hashlib.sha256)
        return b""
