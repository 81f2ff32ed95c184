"""The realm with what a test needs to be each of its people: passwords, second factors, the API's secret."""

import hmac
import json
import secrets
import struct
import time
from typing import Any

from hub.stack.keycloak.clients import API, API_ADDRESS, REGISTRAR
from hub.stack.keycloak.flow import SECOND_FACTOR
from hub.stack.keycloak.people import PEOPLE
from hub.stack.keycloak.realm import text

PASSWORD = secrets.token_urlsafe(24)
API_SECRET = secrets.token_urlsafe(24)
REGISTRAR_SECRET = secrets.token_urlsafe(24)
OTP_KEY = secrets.token_hex(10)
STEP_S = 30
_KEPT = {person.slug for person in PEOPLE if person.role in SECOND_FACTOR}
_used: dict[str, int] = {}


def one_time_code(person: str) -> str | None:
    """A code for those who need one (RFC 6238); each is good once, so the next step is waited for."""
    if person not in _KEPT:
        return None
    while (step := int(time.time()) // STEP_S) == _used.get(person):
        time.sleep(0.5)
    _used[person] = step
    return code_at(step)


def code_at(step: int) -> str:
    digest = hmac.digest(OTP_KEY.encode(), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def with_credentials(*, api_port: int = 8081) -> dict[str, Any]:
    """The realm, its people with a password, those of SECOND_FACTOR with a one-time code, the API with a secret."""
    made: dict[str, Any] = json.loads(text().replace(API_ADDRESS, f"http://localhost:{api_port}"))
    for user in (one for one in made["users"] if "serviceAccountClientId" not in one):
        user["credentials"] = [{"type": "password", "value": PASSWORD}]
        if user["username"] in _KEPT:
            user["credentials"].append(otp_credential())
    for client in made["clients"]:
        if (name := client["clientId"]) in {API, REGISTRAR}:
            client["secret"] = API_SECRET if name == API else REGISTRAR_SECRET
    return made


def otp_credential() -> dict[str, str]:
    about = {"subType": "totp", "digits": 6, "period": STEP_S, "algorithm": "HmacSHA1"}
    return {"type": "otp", "secretData": json.dumps({"value": OTP_KEY}), "credentialData": json.dumps(about)}
