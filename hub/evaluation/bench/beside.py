"""The real API beside a throw-away hub, over its socket, and people with tokens of a key of its own."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from catalog.errors import DependencyError
from catalog.policy.model import Subject
from catalog.settings import load
from hub.identity.development import DevelopmentKey
from hub.local import data_folder
from hub.stack.doors import api_part
from hub.stack.parts import database_of
from hub.stack.probes import answers_health
from hub.stack.settings import StackSettings
from hub.stack.site import read_site

_START_S: Final = 60.0
_TOKEN_S: Final = 300
_RENEW_S: Final = 120.0


class Person:
    """One of the crowd, with a token that is renewed in time; asked for from several threads at once, too."""

    def __init__(self, subject: Subject, key: DevelopmentKey, issuer: str) -> None:
        self._subject, self._key, self._issuer = subject, key, issuer
        self._token, self._made_at = "", float("-inf")
        self._renewing = threading.Lock()

    def headers(self) -> dict[str, str]:
        """Return what a request carries."""
        with self._renewing:
            self._renew()
            return {"Authorization": f"Bearer {self._token}"}

    def _renew(self) -> None:
        if time.monotonic() - self._made_at > _RENEW_S:
            now = int(time.time())
            claims = {
                "iss": self._issuer,
                "aud": "hub-api",
                "azp": "hub-ui",
                "typ": "Bearer",
                "iat": now,
                "exp": now + _TOKEN_S,
                "sub": str(self._subject.person_id),
                "jurisdiction": self._subject.jurisdiction,
                "clearance": str(self._subject.clearance),
                "resource_access": {"hub-api": {"roles": ["researcher"]}},
            }
            self._token, self._made_at = self._key.sign(claims, kind="at+jwt"), time.monotonic()


@contextmanager
def api_beside(key: DevelopmentKey, model_s: float | None) -> Iterator[tuple[Path, int]]:
    """Start the real API beside the throw-away hub; yield its socket and process.

    Its model is an echo that takes `model_s`, or the hub's own where that is None.
    """
    folder, settings = data_folder(), load(StackSettings)
    site = read_site(folder)
    if site is None:
        raise DependencyError("This hub was never started.")
    model, api, keys = (folder.run_dir / f"bench-{name}" for name in ("model.sock", "api.sock", "keys.json"))
    keys.write_text(json.dumps(key.public_keys().as_dict(private=False)), encoding="utf-8")
    folder.incoming_dir.mkdir(parents=True, exist_ok=True)
    environment = {
        **api_part(folder, database_of(folder, settings), settings, site).environment,
        **({} if model_s is None else {"HUB_MODEL_SOCKET": str(model)}),
        "HUB_API_SOCKET": str(api),
        "HUB_ISSUER_KEYS_FILE": str(keys),
        "HUB_SEALED": "false",
    }
    with ExitStack() as started:
        if model_s is not None:
            started.enter_context(_process(model, {}, "hub.evaluation.bench.echo", str(model), str(model_s)))
        yield api, started.enter_context(_process(api, environment, "hub.api")).pid


@contextmanager
def _process(socket: Path, environment: Mapping[str, str], *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-P", "-m", *arguments]
    running = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + _START_S
        while not answers_health(socket):
            if running.poll() is not None or time.monotonic() > deadline:
                raise DependencyError(f"{arguments[0]} did not start.")
            time.sleep(0.05)
        yield running
    finally:
        running.terminate()
        running.wait(timeout=20)
