"""Where a chunk comes from: what a search is narrowed and counted by, no names and no text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.vocabulary import ChunkId, DatasetId, DecisionId, DocumentId


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where a chunk comes from."""

    chunk_id: ChunkId
    dataset_id: DatasetId
    document_id: DocumentId
    law_id: UUID | None  # of the document's own tags
    media_type: str | None
    published_at: datetime

    @property
    def stands_under(self) -> UUID:
        """What the ruling on it is named by: its document's law, else its dataset."""
        return self.law_id or self.dataset_id


def whereabouts(session: Session, decision_id: DecisionId, chunk_ids: Sequence[ChunkId]) -> dict[ChunkId, Whereabouts]:
    """Return where chunks come from, those inside the decision's live scope; raises as `nearest` does."""
    rows = session.execute(
        text("SELECT * FROM hub.passage_facts(:decision, :chunks)"),
        {"decision": decision_id, "chunks": list(chunk_ids)},
    )
    return {ChunkId(row["chunk_id"]): Whereabouts(**row) for row in rows.mappings()}
