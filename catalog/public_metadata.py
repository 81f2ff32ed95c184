"""What is told of a dataset without a character being charged: an explicit list, reviewed by the dataset's owner.

What is made from a document's text is not on it: text, headings and titles are charged and come with the text alone.
Nor are figures about people and acts (budgets, ceilings, requests, the trail): those are their desks'.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import RowMapping, func, insert, select, text
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, NotFoundError
from catalog.tables import datasets, document_versions, documents, metadata_reviews, organisations
from catalog.vocabulary import DatasetId, EventType


class Audience(StrEnum):
    """Who sees it."""

    CARD = "card"  # whoever may see the dataset's card; of a listed one everyone who is signed in
    GRANT = "grant"  # whoever holds a live grant, with what they search and ask
    STEWARD = "steward"  # the stewards of its owner


class Source(StrEnum):
    """Where it comes from."""

    WRITTEN = "written"  # the owner's own words
    CHOSEN = "chosen"  # the owner chose it from what there is to choose
    COUNTED = "counted"
    FILE = "file"  # the file as it was handed in: its name, type and size, never what it says
    HUB = "hub"  # the hub made it: numbers, dates, states


Value = str | int | bool | list[str] | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that is public, and every place where the API says it (`hit`: a passage that was found)."""

    name: str
    sees: Audience
    source: Source
    what: str
    at: tuple[str, ...]


def _entry(name: str, sees: Audience, source: Source, what: str, *at: str) -> Entry:
    return Entry(name=name, sees=sees, source=source, what=what, at=at or (f"{sees}.{name}",))


_C, _G, _S = Audience
_WRITTEN, _CHOSEN, _COUNTED, _FILE, _HUB = Source
_FACETS: Final = "search.facets.datasets"
#: All of it. A field of the API that is neither text, nor about the caller, nor on this list fails the build.
ENTRIES: Final = (
    _entry("title", _C, _WRITTEN, "What people call the dataset.",
           "card.title", "refusal.datasets_to_request.title", "hit.dataset.title", f"{_FACETS}.title", "meter.title",
           "held.title"),
    _entry("description", _C, _WRITTEN, "What its owner says it holds."),
    _entry("sample_questions", _C, _WRITTEN, "Questions for a first try."),
    _entry("listed", _C, _CHOSEN, "Whether everyone who is signed in sees the card."),
    _entry("slug", _C, _CHOSEN, "The name programs know it by.",
           "card.slug", "refusal.datasets_to_request.slug", "hit.dataset.slug", f"{_FACETS}.slug", "meter.dataset",
           "held.dataset"),
    _entry("owner", _C, _CHOSEN, "The organisation answerable for it.", "card.owner.slug", "card.owner.name"),
    _entry("classification", _C, _CHOSEN, "How sensitive it is."),
    _entry("store_in", _C, _CHOSEN, "Where it may be stored."),
    _entry("process_in", _C, _CHOSEN, "Where a model may read it."),
    _entry("access_from", _C, _CHOSEN, "Where people may be who ask it."),
    _entry("forbidden_legal_control", _C, _CHOSEN, "Whose law must not reach an operator."),
    _entry("forbidden_model_origins", _C, _CHOSEN, "Where no model may come from that reads it."),
    _entry("purposes", _C, _CHOSEN, "What it is offered for."),
    _entry("documents", _C, _COUNTED, "How many documents are published in it."),
    _entry("pages", _C, _COUNTED, "How many pages they have together."),
    _entry("media_types", _C, _COUNTED, "Which types of file there are."),
    _entry("languages", _C, _COUNTED, "Which languages they are in."),
    _entry("document_name", _G, _FILE, "The name and folder a file was handed in under.",
           "hit.document.name", "file.name"),
    _entry("document_type", _G, _FILE, "The type of the file.", "hit.document.media_type", "file.media_type"),
    _entry("document_version", _G, _HUB, "Which version of the document it is.",
           "hit.document.version", "file.version"),
    _entry("published_at", _G, _HUB, "When that version was published.", "hit.document.published_at"),
    _entry("label", _G, _CHOSEN, "The tags that hold for a document, its own or its dataset's.",
           *(f"{at}.{tag}" for at in ("hit", "answer") for tag in ("store_in", "process_in")),
           "hit.classification", "answer.label"),
    _entry("ids", _G, _HUB, "Numbers made by chance that name a document or a passage.",
           "hit.id", "hit.document.id", "answer.citations.passage_id", "file.id"),
    _entry("page_numbers", _G, _COUNTED, "On which pages a passage stands.",
           "hit.first_page", "hit.last_page", "page.page", "page.first_page", "page.last_page"),
    _entry("span", _G, _COUNTED, "From which to which character of its document a passage reaches.", "hit.span"),
    _entry("page_characters", _G, _COUNTED, "How many characters of a page are new to whoever asks for its picture.",
           "page.characters"),
    _entry("hits", _G, _COUNTED, "How many passages fit a search, by dataset and type of file.",
           f"{_FACETS}.count", "search.facets.media_types.value", "search.facets.media_types.count",
           "stage.count"),
    _entry("left_out", _G, _COUNTED, "How many passages that fit were not shown.",
           "search.left_out", "answer.left_out", "answer.apart"),
    _entry("document_pages", _S, _COUNTED, "How many pages were read from a document.", "file.pages"),
    _entry("document_state", _S, _HUB, "What became of a file, and why it was refused or held.",
           "file.state", "file.reason"),
    _entry("document_size", _S, _FILE, "How many bytes a file has.", "file.size_bytes"),
    _entry("handed_in_at", _S, _HUB, "When a file was handed in, and when that was settled.",
           "file.submitted_at", "file.settled_at"),
    _entry("document_tags", _S, _CHOSEN, "A document's own tags, where it is stricter than its dataset.",
           *(f"file.tags.{tag}" for tag in (
               "classification", "store_in", "process_in", "access_from", "forbidden_legal_control"))),
    _entry("out_of_place", _S, _HUB, "By which rules a document may not lie where it lies.", "file.out_of_place"),
)  # fmt: skip
#: What a review is of, besides the list: words could repeat a document, and `listed` says how many people see them.
#: Tags are chosen from what there is, and figures change with every document: neither makes a review stale.
WORDS: Final = ("title", "description", "sample_questions", "listed")


@dataclass(frozen=True, kw_only=True)
class Review:
    """Somebody of the owner looked at it; `current`: at this very list and these very words."""

    by: str
    at: datetime
    current: bool


@dataclass(frozen=True, kw_only=True)
class PublicMetadata:
    """The list as it stands for one dataset: values by name, of what is said of the dataset as a whole."""

    digest: str
    values: dict[str, Value]
    review: Review | None


def of(session: Session, slug: str, *, pages: bool = True) -> PublicMetadata:
    """Return what is public of a dataset of one's own, and the newest review of it; NotFoundError.

    Pages and languages are counted for a steward alone.
    """
    row = _declared(session, slug)
    now = digest(row)
    told = text("SELECT r.digest, r.person, r.reviewed_at FROM hub.metadata_review(:dataset) r")
    newest = session.execute(told, {"dataset": row["id"]}).one_or_none()
    return PublicMetadata(
        digest=now,
        values={**_chosen(row), **_counted(session, row["id"], pages=pages)},
        review=Review(by=newest.person, at=newest.reviewed_at, current=newest.digest == now) if newest else None,
    )


def review(session: Session, slug: str, looked_at: str) -> None:
    """Write down that a steward of its owner looked at what is public of a dataset.

    Raises NotFoundError, ConflictError when it is not what they looked at any more. What changes a moment later makes
    the review stale: it is kept with the digest of what was looked at.
    """
    row = _declared(session, slug)
    if digest(row) != looked_at:
        raise ConflictError("What is public of this dataset has changed since you looked. Look at it again.")
    person = func.hub.subject_id()
    session.execute(
        insert(metadata_reviews).inline().values(dataset_id=row["id"], person_id=person, digest=looked_at)
    )  # fmt: skip
    event = AuditEvent(
        type=EventType.METADATA_REVIEWED,
        object=f"dataset:{row['id']}",
        dataset_ids=[DatasetId(row["id"])],
        detail={"digest": looked_at},
    )
    record(session, event)


def digest(row: RowMapping | dict[str, Any]) -> str:
    """Return what tells one list with one owner's words from any other: SHA-256 in hexadecimal digits."""
    listed = [(one.name, one.sees, one.source, sorted(one.at)) for one in ENTRIES]
    whole = json.dumps({"list": listed, "words": {name: row[name] for name in WORDS}}, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _declared(session: Session, slug: str) -> RowMapping:
    query = (
        select(datasets, organisations.c.name.label("owner"))
        .join(organisations, organisations.c.id == datasets.c.owner_id)
        .where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None))
    )
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return row


def _chosen(row: RowMapping) -> dict[str, Value]:
    names = [one.name for one in ENTRIES if one.sees is Audience.CARD and one.source is not Source.COUNTED]
    return {name: list(row[name]) if isinstance(row[name], list) else row[name] for name in names}


def _counted(session: Session, dataset: DatasetId, *, pages: bool) -> dict[str, Value]:
    """Count as everybody's card does: a document with tags of its own is on no card but its stewards'."""
    versions = document_versions.c
    rows = session.execute(
        select(versions.id, versions.media_type)
        .join(documents, documents.c.id == versions.document_id)
        .where(versions.dataset_id == dataset, versions.state == "published", documents.c.law_id.is_(None))
    ).all()
    counted: dict[str, Value] = {
        "documents": len(rows),
        "media_types": sorted({row.media_type for row in rows if row.media_type}),
    }
    if not pages:
        return counted
    told = text("SELECT p.pages, p.language FROM hub.version_pages(:versions) p")
    read = session.execute(told, {"versions": [row.id for row in rows]}).all()
    return {**counted, "pages": sum(row.pages for row in read), "languages": sorted({row.language for row in read})}
