"""Passages as disclosure hands them out, made by hand."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from catalog.disclosure import Passage
from catalog.policy.model import Ruling, Scope, Subject
from catalog.vocabulary import (
    ChunkId,
    Classification,
    DatasetId,
    DecisionId,
    DocumentId,
    PersonId,
    Purpose,
    RevisionId,
    VersionId,
)

#: A scope that lets the site's own endpoint read what is made here.
SCOPE = Scope(
    decision_id=DecisionId(UUID(int=1)),
    subject=Subject(person_id=PersonId(UUID(int=2)), jurisdiction="DE", clearance=Classification.SECRET),
    purpose=Purpose.RESEARCH,
    dataset_ids=(DatasetId(UUID(int=100)),),
    rulings={DatasetId(UUID(int=100)): Ruling(permitted=True, rules=(), reasons=(), endpoints=("endpoint",))},
)


def passage(body: str, **facts: Any) -> Passage:  # facts of any type
    """One passage; a `number` tells several apart."""
    number = facts.pop("number", 1)
    values: dict[str, Any] = {
        "chunk_id": ChunkId(UUID(int=number)),
        "dataset_id": DatasetId(UUID(int=100)),
        "dataset_slug": "harbour",
        "dataset_title": "Harbour Notices",
        "classification": Classification.INTERNAL,
        "store_in": ("DE",),
        "process_in": ("DE",),
        "document_id": DocumentId(UUID(int=200)),
        "document_name": "rules.md",
        "media_type": "text/markdown",
        "version_id": VersionId(UUID(int=300)),
        "version_ordinal": 1,
        "published_at": datetime(2026, 1, 2, tzinfo=UTC),
        "revision_id": RevisionId(UUID(int=400)),
        "span_start": 0,
        "span_end": len(body),
        "first_page": 1,
        "last_page": 1,
        "heading": "",
        "body": body,
        "charged": len(body),
        "shown": True,
    }
    return Passage(**{**values, **facts})
