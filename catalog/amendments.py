"""Changes what an owner declared of a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalog import groups
from catalog.audit import AuditEvent, record
from catalog.datasets import TAGS
from catalog.errors import NotFoundError, SettingsError
from catalog.residency import Groups, place, require_possible, residency
from catalog.tables import datasets, document_versions
from catalog.vocabulary import Classification, DatasetId, EventType, Purpose


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an owner changes; None leaves it as it is."""

    title: str | None = None
    description: str | None = None
    listed: bool | None = None
    classification: Classification | None = None
    store_in: Sequence[str] | None = None
    process_in: Sequence[str] | None = None
    access_from: Sequence[str] | None = None
    forbidden_legal_control: Sequence[str] | None = None
    forbidden_model_origins: Sequence[str] | None = None
    purposes: Sequence[Purpose] | None = None


def amend(session: Session, slug: str, change: Change) -> DatasetId:
    """Change what an owner declared; where a tag changes, no decision made before opens the dataset any more.

    Raises NotFoundError, SettingsError for an unknown place or an empty residency.
    """
    row = session.execute(
        select(datasets).where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None)).with_for_update()
    ).mappings().one_or_none()  # fmt: skip
    if row is None:
        raise NotFoundError
    known = groups.today(session)
    values = _changed(change, known)
    if set(values) & set(TAGS):  # a group that has lost its members since is no reason to keep a title
        require_possible({**row, **values}, known)
    before = {name: row[name] for name in values}
    if values and before != values:
        session.execute(update(datasets).where(datasets.c.id == row["id"]).values(values))
        told = {name: {"from": before[name], "to": values[name]} for name in values if name in TAGS}
        record(
            session,
            AuditEvent(
                type=EventType.DATASET_AMENDED,
                object=f"dataset:{row['id']}",
                dataset_ids=[row["id"]],
                detail={"fields": sorted(values), "tags": told},
            ),
        )
    return DatasetId(row["id"])


def _changed(change: Change, known: Groups) -> dict[str, Any]:
    given = {name: value for name, value in vars(change).items() if value is not None}
    for name in ("store_in", "process_in", "access_from", "forbidden_model_origins"):
        if name in given:
            given[name] = residency(given[name], known)
    if "forbidden_legal_control" in given:
        given["forbidden_legal_control"] = sorted({place(code) for code in given["forbidden_legal_control"]})
    if "purposes" in given:
        given["purposes"] = sorted(set(given["purposes"]))
    if any(name in given and not given[name] for name in ("store_in", "process_in", "access_from", "purposes")):
        raise SettingsError("A dataset needs a purpose, and at least one place to store, process and access it.")
    return given


def documents_under(session: Session, slug: str) -> int:
    """Return how many published documents a change of tags would concern; NotFoundError."""
    found = session.scalar(select(datasets.c.id).where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None)))
    if found is None:
        raise NotFoundError
    held = (document_versions.c.dataset_id == found) & (document_versions.c.state == "published")
    return session.scalar(select(func.count()).where(held)) or 0
