"""The only way text leaves: charge and audit in one transaction, commit, then read what was charged.

Both halves are SQL functions (`migrations/sql/disclose.sql`, `disclosed_text.sql`). They are two because a caller
that holds the API's role could otherwise read and roll the charge back: the second answers only once the first
has committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.db import Database, refuse_inside_a_transaction
from catalog.errors import BudgetExhaustedError
from catalog.policy.model import Scope
from catalog.residency import Groups, shared
from catalog.vocabulary import (
    ChunkId,
    Classification,
    DatasetId,
    DisclosureId,
    DocumentId,
    Form,
    RevisionId,
    VersionId,
)

_CHARGE: Final = text("SELECT * FROM hub.disclose(:decision, :chunks, :form)")
_READ: Final = text("SELECT * FROM hub.disclosed_text(:disclosure)")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A chunk's text, disclosed to one person; `charged` characters were new to them."""

    chunk_id: ChunkId
    dataset_id: DatasetId
    dataset_slug: str
    dataset_title: str
    classification: Classification
    store_in: tuple[str, ...]
    process_in: tuple[str, ...]
    document_id: DocumentId
    document_name: str
    media_type: str | None
    version_id: VersionId
    version_ordinal: int
    published_at: datetime
    revision_id: RevisionId
    span_start: int
    span_end: int
    first_page: int | None
    last_page: int | None
    heading: str
    body: str
    charged: int
    shown: bool  # the person themselves may see it; False: the answer made from it alone
    law_id: UUID | None = None  # of the document's own tags

    @property
    def stands_under(self) -> UUID:
        """What the ruling on it is named by: its document's law, else its dataset."""
        return self.law_id or self.dataset_id


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """Passages best first, and how many the budget did not hold."""

    id: DisclosureId | None  # None where the gate was not asked
    passages: tuple[Passage, ...]
    left_out: int
    refills_at: datetime | None


def disclose(database: Database, scope: Scope, chunk_ids: Sequence[ChunkId], form: Form = Form.READING) -> Disclosure:
    """Disclose chunks (best first, at most 200) to the scope's subject; a thing read before costs nothing.

    Raises AccessDeniedError for a decision that is missing, foreign or older than 30 s, BudgetExhaustedError when
    not one passage fits, and DataHubError inside another transaction.
    """
    refuse_inside_a_transaction()
    context = scope.asker
    with database.begin(context) as session:
        charge = session.execute(
            _CHARGE,
            {"decision": scope.decision_id, "chunks": list(chunk_ids), "form": form},
        ).one()
    if charge.left_out and not charge.taken:
        raise BudgetExhaustedError(refills_at=charge.refills_at)
    with database.begin(context) as session:
        passages = disclosed(session, charge.disclosure_id, scope.groups)
    return Disclosure(
        id=charge.disclosure_id, passages=passages, left_out=charge.left_out, refills_at=charge.refills_at
    )


def disclosed(session: Session, disclosure_id: DisclosureId, groups: Groups) -> tuple[Passage, ...]:
    """Return what was disclosed, while its decision and grants hold; AccessDeniedError for another's."""
    rows = session.execute(_READ, {"disclosure": disclosure_id}).mappings()
    return tuple(_passage(dict(row), groups) for row in rows)


def _passage(row: dict[str, Any], groups: Groups) -> Passage:
    """Return a passage with the tags that hold for it: of its dataset's and its document's own, the stricter."""
    levels = [Classification(level) for level in (row["classification"], row.pop("own_classification")) if level]
    for name in ("store_in", "process_in"):
        own = row.pop(f"own_{name}")
        row[name] = tuple(row[name]) if own is None else shared((row[name], own), groups)
    return Passage(**{**row, "classification": max(levels, key=lambda one: one.level)})
