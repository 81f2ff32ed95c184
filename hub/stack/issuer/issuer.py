"""What the issuer is made of, put together once: address, realm, key, password, and what it remembers."""

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from catalog.errors import SettingsError
from hub.identity.development import DevelopmentKey
from hub.stack.issuer.farewell import Farewells
from hub.stack.issuer.memory import BrowserSession, Sessions, Shelf
from hub.stack.issuer.passwords import Door, Tries, api_secret, demo_password, registrar_secret
from hub.stack.issuer.programs import Programs
from hub.stack.issuer.realm import Client, Realm, read_realm
from hub.stack.issuer.settings import IssuerSettings

KEY_FILE: Final = "issuer-key.json"
PROGRAMS_FILE: Final = "programs.json"
PROTOCOL: Final = "/protocol/openid-connect"


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code's binding: one client, one address, one challenge, one session."""

    client: Client
    redirect_uri: str
    challenge: str
    session: BrowserSession
    token_scope: str
    nonce: str | None


@dataclass(kw_only=True)
class Device:
    """A terminal that waits for a person's yes."""

    client: Client
    user_code: str
    challenge: str
    token_scope: str
    next_poll_at: float
    interval_s: float
    session: BrowserSession | None = None
    denied: bool = False


@dataclass(kw_only=True)
class Refresh:
    """A refresh token's binding; one that comes a second time was stolen once."""

    client: Client
    session: BrowserSession
    token_scope: str
    spent: bool = False


class Issuer:
    """Everything a request may need."""

    def __init__(self, settings: IssuerSettings, *, clock: Callable[[], float] = time.time) -> None:
        self.url = settings.url
        self.realm: Realm = read_realm(settings.realm_file)
        if urlsplit(self.url).path != f"/realms/{self.realm.name}":
            raise SettingsError(f"HUB_ISSUER_URL must end in /realms/{self.realm.name}, as the realm file names it.")
        self.clock = clock
        self.key = DevelopmentKey(settings.secrets_dir / KEY_FILE)
        self.door = Door(demo_password(settings.secrets_dir), self.realm.people, clock)
        self.api_secret = api_secret(settings.secrets_dir)
        self.registrar_secret = registrar_secret(settings.secrets_dir)
        self.programs = Programs(settings.secrets_dir / PROGRAMS_FILE)
        realm = self.realm
        farewells = Farewells(self.url, realm.clients, self.key, settings.api_socket, clock)
        self.sessions = Sessions(idle_s=realm.idle_s, life_s=realm.session_s, clock=clock, farewell=farewells.tell)
        self.codes: Shelf[Code] = Shelf(realm.code_s, clock)
        self.used_codes: Shelf[BrowserSession] = Shelf(realm.session_s, clock)
        self.devices: Shelf[Device] = Shelf(realm.device_s, clock)
        self.ended_devices: Shelf[Client] = Shelf(2 * realm.device_s, clock)
        self.user_codes: Shelf[Device] = Shelf(realm.device_s, clock)
        self.code_guesses = Tries(clock)
        self.refreshes: Shelf[Refresh] = Shelf(realm.session_s, clock)

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers name it."""
        return origin_of(self.url)

    @property
    def path(self) -> str:
        """Where the realm begins, `/realms/hub`."""
        return urlsplit(self.url).path


def origin_of(address: str) -> str:
    """Return scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def answers(challenge: str, verifier: str) -> bool:
    """Say whether the verifier's SHA-256 is the challenge (RFC 7636, 4.6)."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return hmac.compare_digest(urlsafe_b64encode(digest).rstrip(b"="), challenge.encode("ascii", "replace"))
