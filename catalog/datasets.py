"""Registers datasets with their tags: owner, classification, residency, purposes and reading budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from catalog import groups
from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, InvalidTransitionError, NotFoundError, SettingsError
from catalog.grants import Grantee, Term, give
from catalog.people import find_organisation
from catalog.residency import place, require_possible, residency
from catalog.tables import datasets, document_versions, lineages
from catalog.vocabulary import Classification, DatasetId, EventType, Purpose

#: What the law of a dataset hangs on.
TAGS = (
    "classification",
    "store_in",
    "process_in",
    "access_from",
    "forbidden_legal_control",
    "forbidden_model_origins",
    "purposes",
)
#: So many times the default a grant may set, unless the owner says otherwise.
MOST = 10
#: A public dataset's grant for everyone is renewed after this.
PUBLIC_TERM = timedelta(days=3650)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How much one person may read (characters), and the share all organisations together may reach.

    `most_*` is the most a grant may set instead; ten times as much unless the owner says otherwise.
    """

    window_characters: int
    lifetime_characters: int
    ceiling_share: Decimal
    window_s: int = 86_400
    most_window_characters: int | None = None
    most_lifetime_characters: int | None = None

    def limits(self) -> dict[str, int]:
        """Return what a grant may set at most."""
        return {
            "most_window_characters": self.most_window_characters or self.window_characters * MOST,
            "most_lifetime_characters": self.most_lifetime_characters or self.lifetime_characters * MOST,
        }


#: Defaults by classification; each dataset's owner may set others.
BUDGETS: dict[Classification, Budget] = {
    Classification.PUBLIC: Budget(
        window_characters=1_000_000, lifetime_characters=100_000_000, ceiling_share=Decimal(1)
    ),
    Classification.INTERNAL: Budget(
        window_characters=60_000, lifetime_characters=1_000_000, ceiling_share=Decimal("0.5")
    ),
    Classification.RESTRICTED: Budget(
        window_characters=20_000, lifetime_characters=200_000, ceiling_share=Decimal("0.5")
    ),
    Classification.SECRET: Budget(window_characters=8_000, lifetime_characters=60_000, ceiling_share=Decimal("0.5")),
}


@dataclass(frozen=True, kw_only=True)
class NewDataset:
    """What an owner declares of a dataset."""

    slug: str
    title: str
    description: str
    owner: str
    listed: bool
    classification: Classification
    store_in: Sequence[str]
    process_in: Sequence[str]
    access_from: Sequence[str]
    forbidden_legal_control: Sequence[str]
    purposes: Sequence[Purpose]
    budget: Budget | None = None
    sample_questions: Sequence[str] = ()
    forbidden_model_origins: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Card:
    """What anyone who may see the dataset at all may know of it."""

    id: DatasetId
    slug: str
    title: str
    description: str
    listed: bool
    classification: Classification
    purposes: tuple[str, ...]
    store_in: tuple[str, ...]
    process_in: tuple[str, ...]
    access_from: tuple[str, ...]


def register(session: Session, new: NewDataset) -> DatasetId:
    """Add a dataset; a public one gets a grant for everyone signed in, by its owner, for each purpose.

    Raises SettingsError for an unknown place, NotFoundError for an unknown owner, ConflictError for a taken name.
    """
    if session.scalar(select(datasets.c.id).where(datasets.c.slug == new.slug)):
        raise ConflictError(f"There is already a dataset '{new.slug}'.")
    if not new.purposes:
        raise SettingsError("A dataset needs at least one purpose. Give --purpose, for example research.")
    if not (new.store_in and new.process_in and new.access_from):
        raise SettingsError("A dataset needs a residency: at least one place to store in, process in and access from.")
    budget = new.budget or BUDGETS[new.classification]
    known = groups.today(session)
    lineage = uuid4()  # ours: until the dataset exists, a steward can't see the row to be told its id
    session.execute(insert(lineages).inline(), {"id": lineage, "ceiling_share": budget.ceiling_share})
    values: dict[str, Any] = {
        "slug": new.slug,
        "title": new.title,
        "description": new.description,
        "lineage_id": lineage,
        "owner_id": find_organisation(session, new.owner),
        "listed": new.listed,
        "classification": new.classification,
        "store_in": residency(new.store_in, known),
        "process_in": residency(new.process_in, known),
        "access_from": residency(new.access_from, known),
        "forbidden_legal_control": sorted({place(code) for code in new.forbidden_legal_control}),
        "forbidden_model_origins": residency(new.forbidden_model_origins, known),
        "purposes": sorted(set(new.purposes)),
        "sample_questions": list(new.sample_questions),
        "window_characters": budget.window_characters,
        "window_s": budget.window_s,
        "lifetime_characters": budget.lifetime_characters,
        **budget.limits(),
    }
    require_possible(values, known)
    added = DatasetId(session.scalar(insert(datasets).returning(datasets.c.id), values))
    record(
        session,
        AuditEvent(
            type=EventType.DATASET_REGISTERED,
            object=f"dataset:{added}",
            dataset_ids=[added],
            detail={"slug": new.slug, **{tag: values[tag] for tag in TAGS}},
        ),
    )
    if new.classification is Classification.PUBLIC:
        _grant_everyone(session, added, sorted(set(new.purposes)))
    return added


def find(session: Session, slug: str) -> Card:
    """Return the dataset named `slug`; raises NotFoundError."""
    row = session.execute(select(datasets).where(datasets.c.slug == slug)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no dataset '{slug}'. `hub dataset list` shows them.")
    return _card(dict(row))


def law_of(session: Session, dataset_id: DatasetId) -> UUID:
    """Return the law a dataset stands under now, as its tags are; NotFoundError."""
    found = session.scalar(select(datasets.c.law_id).where(datasets.c.id == dataset_id))
    if found is None:
        raise NotFoundError
    return UUID(str(found))


def every(session: Session) -> list[tuple[Card, int]]:
    """Return each dataset with the number of its published documents, by name."""
    published = (
        select(document_versions.c.dataset_id, func.count().label("documents"))
        .where(document_versions.c.state == "published")
        .group_by(document_versions.c.dataset_id)
        .subquery()
    )
    query = (
        select(datasets, func.coalesce(published.c.documents, 0).label("documents"))
        .outerjoin(published, published.c.dataset_id == datasets.c.id)
        .order_by(datasets.c.slug)
    )
    return [(_card(dict(row)), row["documents"]) for row in session.execute(query).mappings()]


def withdraw(session: Session, dataset_id: DatasetId, *, reason: str) -> None:
    """Take a dataset out of every scope at once; its documents stay stored until they are erased.

    Raises NotFoundError, or InvalidTransitionError when it is withdrawn already.
    """
    row = session.execute(
        select(datasets.c.withdrawn_at).where(datasets.c.id == dataset_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such dataset. `hub dataset list` shows them.")
    if row.withdrawn_at is not None:
        raise InvalidTransitionError("That dataset has been withdrawn already.")
    session.execute(update(datasets).where(datasets.c.id == dataset_id).values(withdrawn_at=func.hub.hub_now()))
    record(
        session,
        AuditEvent(
            type=EventType.DATASET_WITHDRAWN,
            object=f"dataset:{dataset_id}",
            dataset_ids=[dataset_id],
            detail={"reason": reason},
        ),
    )


def _grant_everyone(session: Session, dataset_id: DatasetId, purposes: Sequence[Purpose]) -> None:
    now = session.scalar(select(func.hub.hub_now()))
    assert now is not None  # noqa: S101  # the function always answers
    for purpose in purposes:
        term = Term(starts_at=now, ends_at=now + PUBLIC_TERM)
        give(session, dataset_id=dataset_id, grantee=Grantee(everyone=True), purpose=purpose, term=term)


def _card(row: dict[str, object]) -> Card:
    lists = ("purposes", "store_in", "process_in", "access_from")
    plain = ("id", "slug", "title", "description", "listed")
    return Card(
        **{name: row[name] for name in plain},  # type: ignore[arg-type]
        **{name: tuple(row[name]) for name in lists},  # type: ignore[arg-type]
        classification=Classification(str(row["classification"])),
    )
