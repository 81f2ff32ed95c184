"""May whoever keeps a dataset reach it from where they, and their session, are? One question at the door of each act.

What row security doesn't show a session isn't theirs to keep: then nothing is decided here, and the act finds nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.orm import Session

from catalog import violations
from catalog.document_laws import OWN_COLUMNS, own_of
from catalog.document_tags import NONE, DocumentTags
from catalog.errors import OutsideAccessError
from catalog.policy.facts import keep_ruling
from catalog.policy.model import Ruling, Subject, Surroundings
from catalog.residency import both, expand
from catalog.tables import datasets, document_laws, documents, step_ups, submissions
from catalog.vocabulary import DatasetId


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What an act is about: a dataset, or one document of it with its own tags."""

    dataset: RowMapping
    own: DocumentTags = NONE


@dataclass(frozen=True, kw_only=True)
class Shut:
    """Who may not reach it: what residency refused, and the sentence that says so."""

    kept: Kept
    ruling: Ruling
    sentence: str

    def write_down(self, session: Session) -> None:
        """Keep it as a violation, in the name the session speaks in."""
        violations.record(session, [([DatasetId(self.kept.dataset["id"])], self.ruling.breaches)])


def by_slug(session: Session, slug: str) -> Kept | None:
    """Return the dataset of that name."""
    return _kept(session, _datasets().where(datasets.c.slug == slug))


def by_document(session: Session, document: UUID) -> Kept | None:
    """Return a document with its dataset."""
    query = (
        select(datasets, *OWN_COLUMNS)
        .join(documents, documents.c.dataset_id == datasets.c.id)
        .outerjoin(document_laws, document_laws.c.id == documents.c.law_id)
        .where(documents.c.id == document)
    )
    row = session.execute(query).mappings().one_or_none()
    return None if row is None else Kept(dataset=row, own=own_of(row))


def by_submission(session: Session, submission: UUID) -> Kept | None:
    """Return the dataset that files were handed in for."""
    found = select(submissions.c.dataset_id).where(submissions.c.id == submission)
    return _kept(session, _datasets().where(datasets.c.id == found.scalar_subquery()))


def by_step_up(session: Session, step_up: UUID) -> Kept | None:
    """Return the dataset of which somebody asks for more."""
    found = select(step_ups.c.dataset_id).where(step_ups.c.id == step_up)
    return _kept(session, _datasets().where(datasets.c.id == found.scalar_subquery()))


def shut(kept: Kept | None, subject: Subject, here: Surroundings) -> Shut | None:
    """Say what shuts this person out; None: nothing does."""
    if kept is None:
        return None
    ruling = keep_ruling(kept.dataset, here, subject, own=kept.own)
    if ruling.permitted:
        return None
    return Shut(kept=kept, ruling=ruling, sentence=_sentence(kept, subject, here))


def reached(
    kept: Kept | None, laws: Mapping[UUID | None, DocumentTags], subject: Subject, here: Surroundings
) -> frozenset[UUID | None]:
    """Return which laws of a dataset's documents leave them within reach; None is that of those without own tags."""
    if kept is None:
        return frozenset()
    return frozenset(law for law, own in laws.items() if shut(replace(kept, own=own), subject, here) is None)


def require_still_open(kept: Kept | None, subject: Subject, here: Surroundings) -> None:
    """Raise OutsideAccessError where tags that were just declared shut out the one who declared them.

    Nobody locks themselves out unawares: the transaction ends with it, and the tags stay as they were.
    """
    if (found := shut(kept, subject, here)) is not None:
        raise OutsideAccessError(f"These tags would shut you out yourself, so nothing was changed. {found.sentence}")


def _datasets() -> Select[Any]:
    return select(datasets).where(datasets.c.withdrawn_at.is_(None))


def _kept(session: Session, query: Select[Any]) -> Kept | None:
    row = session.execute(query).mappings().one_or_none()
    return None if row is None else Kept(dataset=row)


def _sentence(kept: Kept, subject: Subject, here: Surroundings) -> str:
    access, what = kept.dataset["access_from"], f"The dataset '{kept.dataset['slug']}'"
    if kept.own.access_from is not None:
        access, what = _stricter(kept.dataset, kept.own, here), "This document"
    zone = f"through the network zone '{here.zone}', which stands in {here.zones[0].jurisdiction}" if here.zones else (
        f"through a network zone that is not registered ('{here.zone}')"
    )  # fmt: skip
    return (
        f"{what} is reached from {', '.join(access) or 'nowhere'} only. You are attested in {subject.jurisdiction} and "
        f"come in {zone}. Act from where it may be reached, or ask this hub's operator to change the tag "
        "(`hub dataset change`)."
    )


def _stricter(dataset: RowMapping, own: DocumentTags, here: Surroundings) -> list[str]:
    places = expand(own.access_from or (), here.groups)
    return sorted(both(expand(dataset["access_from"], here.groups), places))
