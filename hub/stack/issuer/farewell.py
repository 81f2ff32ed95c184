"""Tells the API that a session has ended (OIDC Back-Channel Logout 1.0), over its socket, one word for each program."""

import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx

from catalog.sockets import over
from hub.identity.development import DevelopmentKey
from hub.identity.logout import EVENT
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.realm import Client

LIFE_S: Final = 120
TIMEOUT_S: Final = 5.0
TAKEN: Final = "204"
log = logging.getLogger(__name__)


class Farewells:
    """Sends the words in threads of its own: whoever signs out does not wait for them."""

    def __init__(
        self,
        issuer: str,
        clients: Mapping[str, Client],
        key: DevelopmentKey,
        socket: Path | None,
        clock: Callable[[], float],
    ) -> None:
        self._issuer = issuer
        self._clients = clients
        self._key = key
        self._socket = socket
        self._clock = clock
        self._senders = ThreadPoolExecutor(2, thread_name_prefix="farewell")

    def tell(self, session: BrowserSession) -> None:
        """Tell whoever has had tokens of the session where to hear of its end."""
        for name in sorted(session.clients):
            address = self._clients[name].told_of_logout
            if address is not None and self._socket is not None:
                self._senders.submit(self._send, self._socket, address, self._word(session, name))

    def _word(self, session: BrowserSession, client: str) -> str:
        issued = int(self._clock())
        claims = {
            "iss": self._issuer,
            "aud": client,
            "sub": session.person.id,
            "sid": session.id,
            "iat": issued,
            "exp": issued + LIFE_S,
            "jti": secrets.token_urlsafe(16),
            "typ": "Logout",
            "events": {EVENT: {}},
        }
        return self._key.sign(claims, kind="logout+jwt")

    def _send(self, socket: Path, address: str, word: str) -> None:
        """Send one; what can't be told ends with its token, five minutes later at most."""
        try:
            with httpx.Client(transport=over(socket), timeout=TIMEOUT_S, trust_env=False) as http:
                said = str(http.post(address, data={"logout_token": word}).status_code)
        except httpx.HTTPError as error:
            said = type(error).__name__
        if said != TAKEN:
            log.warning("The API did not take the word that a session has ended (%s).", said)
