"""What stands behind the ids of the audit trail: people, datasets, decisions; for who may read the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import NotFoundError
from catalog.tables import datasets, decisions, people
from catalog.vocabulary import DatasetId


@dataclass(frozen=True, kw_only=True)
class Names:
    """Id → a person's name; id → a dataset's slug and title."""

    people: Mapping[str, str]
    datasets: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class KnownDecision:
    """A decision row, for the one who reads the trail."""

    id: UUID
    purpose: str
    policy_version: str
    rulings: Sequence[Mapping[str, Any]]


def names(session: Session) -> Names:
    """Return every name there is; registers are small."""
    named = session.execute(select(people.c.id, people.c.name))
    titled = session.execute(select(datasets.c.id, datasets.c.slug, datasets.c.title))
    return Names(
        people={str(row.id): row.name for row in named},
        datasets={str(row.id): (row.slug, row.title) for row in titled},
    )


def decisions_of(session: Session, ids: Sequence[UUID]) -> Mapping[UUID | None, KnownDecision]:
    """Return decisions by id."""
    columns = (decisions.c.id, decisions.c.purpose, decisions.c.policy_version, decisions.c.rulings)
    rows = session.execute(select(*columns).where(decisions.c.id.in_(ids))).mappings()
    return {row["id"]: KnownDecision(**row) for row in rows}


def actor_named(session: Session, name: str) -> str:
    """Return the actor a person's slug stands for; what is no slug is taken as the trail writes it."""
    found = session.scalar(select(people.c.id).where(people.c.slug == name))
    return f"person:{found}" if found else name


def dataset_named(session: Session, slug: str) -> DatasetId:
    """Return the id of a dataset; NotFoundError."""
    found = session.scalar(select(datasets.c.id).where(datasets.c.slug == slug))
    if found is None:
        raise NotFoundError
    return DatasetId(found)
