"""Tags of documents as rows: those with equal ones share a law; a document whose tags change stands under another.

So no decision made before the change opens it, and thousands of documents are few laws.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog import groups
from catalog.audit import AuditEvent, record
from catalog.document_tags import NONE, OWN, DocumentTags, checked, stricter, tags
from catalog.errors import NotFoundError, SettingsError
from catalog.residency import Groups, require_possible
from catalog.tables import datasets, document_laws, documents
from catalog.vocabulary import Classification, DatasetId, DocumentId, EventType, HoldReason

#: A law's tags beside the columns of a dataset, whose names are the same; `own_of` reads them.
OWN_COLUMNS: Final = tuple(document_laws.c[tag].label(f"own_{tag}") for tag in OWN)


def own_of(row: RowMapping) -> DocumentTags:
    """Return the tags of a row that holds OWN_COLUMNS; of one joined to no law: none."""
    return tags(**{tag: row[f"own_{tag}"] for tag in OWN})


def check(session: Session, dataset_id: DatasetId, own: DocumentTags) -> None:
    """Raise SettingsError for tags that documents of the dataset may not have."""
    row = session.execute(select(datasets).where(datasets.c.id == dataset_id)).mappings().one_or_none()
    if own and row is not None:
        checked(dict(row), own, groups.today(session))


def doubt(session: Session, dataset_id: DatasetId, own: DocumentTags) -> tuple[HoldReason, str] | None:
    """Say why nobody but a person can tell which tags hold for a document; None: it is labelled, and consistently."""
    row = session.execute(select(datasets).where(datasets.c.id == dataset_id)).mappings().one_or_none()
    if row is None:
        return None
    known = groups.today(session)
    try:
        require_possible(dict(row), known)
    except SettingsError as error:
        return HoldReason.UNLABELLED, f"Its dataset is not labelled in full. {error}"
    try:
        checked(dict(row), own, known)
    except SettingsError as error:
        return HoldReason.LOOSER, str(error)
    return None


def level(session: Session, dataset_id: DatasetId, own: DocumentTags) -> Classification:
    """Return the classification that holds for a document of a dataset."""
    declared = session.scalars(select(datasets.c.classification).where(datasets.c.id == dataset_id)).one()
    return max(Classification(declared), own.classification or Classification.PUBLIC, key=lambda one: one.level)


def of_document(session: Session, document_id: DocumentId) -> DocumentTags:
    """Return a document's own tags, as row security shows them."""
    query = select(document_laws).join(documents, documents.c.law_id == document_laws.c.id)
    row = session.execute(query.where(documents.c.id == document_id)).mappings().one_or_none()
    return NONE if row is None else tags(**row)


def of_names(session: Session, dataset_id: DatasetId, names: Sequence[str]) -> list[DocumentTags]:
    """Return the tags that documents of these names have of their own, each once."""
    query = (
        select(document_laws)
        .join(documents, documents.c.law_id == document_laws.c.id)
        .where(documents.c.dataset_id == dataset_id, documents.c.name.in_(names))
        .distinct()
    )
    return [tags(**row) for row in session.execute(query).mappings()]


def declare(session: Session, document_id: DocumentId, own: DocumentTags) -> None:
    """Add what is declared with a file that is handed in: what the document has already is never loosened by it.

    Raises SettingsError as `checked` does, and for tags that leave no place together with those it has.
    """
    row, before, known = _locked(session, document_id)
    checked(row, own, known)
    _point(session, row, before, checked(row, stricter(before, own, known), known))


def retag(session: Session, document_id: DocumentId, own: DocumentTags) -> None:
    """Put these in place of a document's own tags, at once; none: those of its dataset hold.

    Raises NotFoundError, or SettingsError as `checked` does.
    """
    row, before, known = _locked(session, document_id)
    _point(session, row, before, checked(row, own, known))


def _locked(session: Session, document_id: DocumentId) -> tuple[Mapping[str, Any], DocumentTags, Groups]:
    query = (
        select(datasets, documents.c.id.label("document_id"), documents.c.law_id.label("before_id"))
        .join(datasets, datasets.c.id == documents.c.dataset_id)
        .where(documents.c.id == document_id, datasets.c.withdrawn_at.is_(None))
        .with_for_update(of=documents)
    )
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return dict(row), of_document(session, document_id), groups.today(session)


def _point(session: Session, row: Mapping[str, Any], before: DocumentTags, own: DocumentTags) -> None:
    """Let the document stand under the law of these tags; what no document stands under any more is taken out."""
    if own == before:
        return
    document, dataset = DocumentId(row["document_id"]), DatasetId(row["id"])
    law = _law(session, dataset, own) if own else None
    session.execute(update(documents).where(documents.c.id == document).values(law_id=law))
    if row["before_id"]:
        used = select(documents.c.id).where(documents.c.law_id == row["before_id"]).exists()
        session.execute(delete(document_laws).where(document_laws.c.id == row["before_id"], ~used))
    record(
        session,
        AuditEvent(
            type=EventType.DOCUMENT_TAGGED,
            object=f"document:{document}",
            dataset_ids=[dataset],
            detail={"from": before.declared(), "to": own.declared()},
        ),
    )


def _law(session: Session, dataset_id: DatasetId, own: DocumentTags) -> UUID:
    values = {"dataset_id": dataset_id, **dict.fromkeys(OWN), **own.declared()}
    session.execute(upsert(document_laws).values(values).on_conflict_do_nothing())
    same = [document_laws.c[name].is_not_distinct_from(value) for name, value in values.items()]
    found: UUID = session.scalars(select(document_laws.c.id).where(*same)).one()
    return found
