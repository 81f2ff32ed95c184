"""What the routes need, built once at the composition root."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from catalog.db import Database
from catalog.objects import ObjectStore
from hub.identity import Exchanger, LogoutVerifier, Registrar, Verifier
from hub.services import Services
from hub.settings import DoorSettings


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Three roles' databases, the models, the originals (to put, not to get), and the checker of tokens."""

    services: Services
    stewards: Database
    auditors: Database
    store: ObjectStore
    verifier: Verifier
    farewells: LogoutVerifier
    settings: DoorSettings
    #: Answers are written in threads of their own, so that they can't hold up everything else.
    writers: ThreadPoolExecutor
    #: Has agents' tokens made; None where the API has no way to the issuer.
    exchanger: Exchanger | None = None
    #: Keeps programs' clients at the issuer; None where the API has no registrar's secret.
    registrar: Registrar | None = None

    def close(self) -> None:
        """Give every connection back; an answer that is being written may end first."""
        self.writers.shutdown(wait=True)
        self.services.close()
        for database in (self.stewards, self.auditors):
            database.close()
