"""Clients of service accounts that the registrar opened: kept over restarts, their keys as digests only."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from catalog.errors import SettingsError
from hub.stack.folder import write_private


@dataclass(frozen=True, kw_only=True)
class Program:
    """A client without people: its account's id, what its tokens say, and the digest of its key."""

    id: str
    client: str
    subject: str
    audience: str
    claims: Mapping[str, Any]
    digest: str = ""  # none yet: no key fits


class Programs:
    """The clients, in one file only the issuer may read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            raw = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
            self._by_id = {one["id"]: Program(**one) for one in raw}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SettingsError(
                f"{path} can't be read ({type(error).__name__}). Remove it; programs need new keys."
            ) from error

    def open(self, *, id: str, client: str, audience: str, claims: Mapping[str, Any]) -> bool:  # noqa: A002  # its name in the protocol
        """Add a client with an account of its own; False where id or name is taken."""
        if id in self._by_id or any(one.client == client for one in self._by_id.values()):
            return False
        self._keep(Program(id=id, client=client, subject=str(uuid4()), audience=audience, claims=claims))
        return True

    def new_key(self, id: str) -> str | None:  # noqa: A002  # its name in the protocol
        """Return a new key, the only one from now on; None for an unknown client."""
        program = self._by_id.get(id)
        if program is None:
            return None
        key = secrets.token_urlsafe(32)
        self._keep(replace(program, digest=_digest(key)))
        return key

    def close(self, id: str) -> bool:  # noqa: A002  # its name in the protocol
        """Forget a client; False for an unknown one."""
        if self._by_id.pop(id, None) is None:
            return False
        self._write()
        return True

    def proven(self, client: str, key: str) -> Program | None:
        """Return the client whose key this is."""
        found = next((one for one in self._by_id.values() if one.client == client), None)
        fits = hmac.compare_digest(_digest(key), found.digest if found else "")
        return found if fits else None

    def _keep(self, program: Program) -> None:
        self._by_id[program.id] = program
        self._write()

    def _write(self) -> None:
        write_private(self._path, [asdict(one) for one in self._by_id.values()])


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
