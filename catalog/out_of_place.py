"""What is kept here and may not be, since its tags or a place changed: listed until it is moved or erased.

Nobody reaches it meanwhile: the policy forbids asking for what lies outside `store_in`, and decides at every question.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from catalog.breach import Breach
from catalog.policy.facts import stored_rulings
from catalog.policy.model import Surroundings
from catalog.tables import datasets, documents
from catalog.vocabulary import DatasetId, DocumentId, Door

#: What stands in the way of lying here; worker and endpoint only stand in the way of taking more in.
LYING: Final = frozenset({Door.OBJECT, Door.SITE})
_DATABASE: Final = "ingest.database-outside-store-in"


@dataclass(frozen=True, kw_only=True)
class OutOfPlace:
    """One document that may not lie where it does, with what refuses it."""

    document_id: DocumentId
    dataset: str
    name: str
    breaches: tuple[Breach, ...]


def laws(session: Session, here: Surroundings) -> dict[tuple[DatasetId, UUID | None], tuple[Breach, ...]]:
    """Return what refuses the documents of a dataset under a law of their own, or under the dataset's (None)."""
    return {(DatasetId(row["id"]), row["document_law_id"]): refused for row, refused in _lying(session, here)}


def counts(session: Session, here: Surroundings) -> Mapping[DatasetId, int]:
    """Return how many documents of each dataset may not lie here."""
    found = defaultdict[DatasetId, int](int)
    for row, _ in _lying(session, here):
        found[DatasetId(row["id"])] += row["documents"]
    return found


def every(session: Session, here: Surroundings, *, limit: int = 1_000) -> list[OutOfPlace]:
    """Return the documents that may not lie here, by dataset and name, as row security shows them."""
    refused = laws(session, here)
    query = (
        select(documents.c.id, documents.c.dataset_id, documents.c.law_id, documents.c.name, datasets.c.slug)
        .join(datasets, datasets.c.id == documents.c.dataset_id)
        .where(documents.c.dataset_id.in_({dataset for dataset, _ in refused}))
        .order_by(datasets.c.slug, documents.c.name)
    )
    found = [
        OutOfPlace(
            document_id=DocumentId(row.id),
            dataset=row.slug,
            name=row.name,
            breaches=refused[DatasetId(row.dataset_id), row.law_id],
        )
        for row in session.execute(query)
        if (row.dataset_id, row.law_id) in refused
    ]
    return found[:limit]


def _lying(session: Session, here: Surroundings) -> Iterator[tuple[RowMapping, tuple[Breach, ...]]]:
    for row, ruling in stored_rulings(session, here):
        refused = tuple(one for one in ruling.breaches if one.door in LYING or one.rule == _DATABASE)
        if refused:
            yield row, refused
