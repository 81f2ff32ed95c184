"""What a person may know of the datasets they may see: the card, what it holds, and what they may read of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, distinct, func, select, text
from sqlalchemy.orm import Session

from catalog.errors import NotFoundError
from catalog.grants import live
from catalog.tables import datasets, grants, organisations
from catalog.vocabulary import Classification, DatasetId, Purpose


@dataclass(frozen=True, kw_only=True)
class Access:
    """What this person's live grants open; no purposes: none is live."""

    purposes: tuple[Purpose, ...] = ()
    ends_at: datetime | None = None
    characters_left: int = 0


@dataclass(frozen=True, kw_only=True)
class Held:
    """One live grant a person holds."""

    dataset: str
    title: str
    purpose: Purpose
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a dataset holds, in figures."""

    documents: int = 0
    pages: int = 0
    media_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DatasetCard:
    """A dataset as its owner declared it, its holding, and one person's access."""

    id: DatasetId
    slug: str
    title: str
    description: str
    owner_slug: str
    owner_name: str
    listed: bool
    classification: Classification
    store_in: tuple[str, ...]
    process_in: tuple[str, ...]
    access_from: tuple[str, ...]
    forbidden_legal_control: tuple[str, ...]
    forbidden_model_origins: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    sample_questions: tuple[str, ...]
    holding: Holding
    access: Access


def cards(session: Session, *, after: str = "", limit: int = 100) -> list[DatasetCard]:
    """Return the cards of what row security shows this person, by slug, from the one after `after`."""
    query = _declared().where(datasets.c.slug > after).order_by(datasets.c.slug).limit(limit)
    return _completed(session, list(session.execute(query).mappings()))


def card(session: Session, slug: str) -> DatasetCard:
    """Return one card; NotFoundError for what is absent or not theirs to know."""
    found = _completed(session, list(session.execute(_declared().where(datasets.c.slug == slug)).mappings()))
    if not found:
        raise NotFoundError
    return found[0]


def purposes_held(session: Session) -> list[Purpose]:
    """Return the purposes this person holds live grants for, the one that opens most datasets first."""
    opened = func.count(distinct(grants.c.dataset_id)).desc()
    held = select(grants.c.purpose).where(live()).group_by(grants.c.purpose).order_by(opened, grants.c.purpose)
    return [Purpose(purpose) for purpose in session.scalars(held)]


def grants_held(session: Session, *, limit: int = 200) -> list[Held]:
    """Return the live grants this person holds, themselves, by their organisation or as everyone, by dataset."""
    query = (
        select(datasets.c.slug, datasets.c.title, grants.c.purpose, func.max(grants.c.ends_at).label("ends_at"))
        .join(datasets, datasets.c.id == grants.c.dataset_id)
        .where(live(), datasets.c.withdrawn_at.is_(None))
        .group_by(datasets.c.slug, datasets.c.title, grants.c.purpose)
        .order_by(datasets.c.slug, grants.c.purpose)
        .limit(limit)
    )
    return [
        Held(dataset=row.slug, title=row.title, purpose=Purpose(row.purpose), ends_at=row.ends_at)
        for row in session.execute(query)
    ]


def _declared() -> Select[tuple[object, ...]]:
    return (
        select(datasets, organisations.c.slug.label("owner_slug"), organisations.c.name.label("owner_name"))
        .join(organisations, organisations.c.id == datasets.c.owner_id)
        .where(datasets.c.withdrawn_at.is_(None), datasets.c.id == visible())
    )


def visible() -> ColumnElement[DatasetId]:
    """Return any of the datasets row security shows this person, found by an index.

    A scan that row security then sieves would take longer for each dataset there is beside them.
    """
    return func.any(func.array(select(func.hub.visible_datasets()).scalar_subquery()))


def _completed(session: Session, rows: list[RowMapping]) -> list[DatasetCard]:
    holdings, access = _holdings(session), _access(session)
    return [_card(row, holdings.get(row["id"], Holding()), access.get(row["id"], Access())) for row in rows]


def _holdings(session: Session) -> Mapping[DatasetId, Holding]:
    rows = session.execute(text("SELECT * FROM hub.holdings()"))
    return {
        DatasetId(row.dataset_id): Holding(
            documents=row.documents, pages=row.pages, media_types=tuple(row.media_types), languages=tuple(row.languages)
        )
        for row in rows
    }


def _access(session: Session) -> Mapping[DatasetId, Access]:
    held = (
        select(grants.c.dataset_id, grants.c.purpose, func.max(grants.c.ends_at).label("ends_at"))
        .where(live())
        .group_by(grants.c.dataset_id, grants.c.purpose)
        .order_by(grants.c.purpose)
    )
    purposes: dict[DatasetId, list[Purpose]] = defaultdict(list)
    ends: dict[DatasetId, datetime] = {}
    for row in session.execute(held):
        purposes[row.dataset_id].append(Purpose(row.purpose))
        ends[row.dataset_id] = max(row.ends_at, ends.get(row.dataset_id, row.ends_at))
    left: dict[DatasetId, int] = defaultdict(int)
    for purpose in {one for some in purposes.values() for one in some}:
        for row in session.execute(text("SELECT * FROM hub.characters_left(:purpose)"), {"purpose": purpose}):
            left[row.dataset_id] = max(left[row.dataset_id], row.characters_left)
    return {
        dataset: Access(purposes=tuple(some), ends_at=ends[dataset], characters_left=left[dataset])
        for dataset, some in purposes.items()
    }


def _card(row: RowMapping, holding: Holding, access: Access) -> DatasetCard:
    plain = ("id", "slug", "title", "description", "owner_slug", "owner_name", "listed")
    lists = ("store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins")
    declared: dict[str, Any] = {name: row[name] for name in plain} | {name: tuple(row[name]) for name in lists}
    return DatasetCard(
        **declared,
        classification=Classification(row["classification"]),
        purposes=tuple(Purpose(purpose) for purpose in row["purposes"]),
        sample_questions=tuple(row.get("sample_questions") or ()),
        holding=holding,
        access=access,
    )
