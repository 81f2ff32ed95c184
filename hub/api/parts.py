"""Which part of the hub failed, told by the door the error came through; people hear its name and nothing of it."""

from collections.abc import Iterator
from traceback import walk_tb
from typing import Final

from catalog.errors import DependencyError, EmbeddingMismatchError, LedgerBrokenError

#: What must write an act down in its own transaction: an error there that names no other part is the trail's.
WRITES_DOWN: Final = frozenset(
    {"catalog.audit", "catalog.ceilings", "catalog.disclosure", "catalog.holds", "catalog.step_ups"}
)
#: The module of a part's door (house law 3) → the part.
DOORS: Final = {
    "catalog.db": "database",
    "catalog.embedding": "model",
    "catalog.index_model": "model",
    "hub.generate": "model",
    "hub.page_reader": "reader",
    "catalog.objects": "store",
    "catalog.addresses": "store",
    "hub.identity.keyfile": "keys",
    "catalog.policy.decide": "policy",
    "hub.identity.way": "issuer",
    "hub.identity.exchange": "issuer",
    "hub.identity.registrar": "issuer",
    "hub.api.service_accounts": "registrar",
    "hub.api.documents": "store",  # the disk on which files wait for the store
}
#: Part → what a person is told. Never the error's own words: they name sockets, folders and servers.
SENTENCES: Final = {
    "audit": "What you asked for could not be written into the audit trail, so it was not done.",
    "model": "The model server does not answer, or is not the one the index was built with.",
    "store": "The store of originals can't take the file. Nothing of it was kept.",
    "reader": "The reader of originals does not answer. Passages can be read meanwhile.",
    "keys": "The issuer's public keys are not here, so nobody can be recognised.",
    "issuer": "The issuer does not answer, or does not know this hub.",
    "registrar": "This hub has no registrar at its issuer, so accounts of programs can't be opened or get new keys.",
    "policy": "The rules can't be read, so nothing is permitted.",
    "database": "The database can't be reached, or is too busy.",
    "hub": "A part of the hub does not answer.",
}
AGAIN: Final = "Try again in a moment; if it stays, tell the hub's operator the id."


def part_of(error: BaseException) -> str | None:
    """Return the part whose door raised `error` or what it came from; None for a fault of no part."""
    passed = frozenset(_modules(error))
    match error:
        case LedgerBrokenError():
            return "audit"
        case EmbeddingMismatchError():
            return "model"
        case DependencyError():
            return next((part for module, part in DOORS.items() if module in passed), "hub")
        case _:
            return "audit" if passed & WRITES_DOWN else None


def sentence(part: str) -> str:
    """Return what a person is told when it fails."""
    return f"{SENTENCES[part]} {AGAIN}"


def _modules(error: BaseException | None) -> Iterator[str]:
    """Yield the modules an error and its causes passed through."""
    while error is not None:
        for frame, _ in walk_tb(error.__traceback__):
            yield str(frame.f_globals.get("__name__", ""))
        error = error.__cause__
