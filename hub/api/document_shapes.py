"""What a steward is told of documents and submissions; never a word of a document."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from catalog.breach import Breach
from catalog.intake import Intake
from catalog.vocabulary import Classification
from hub.api.shapes import Shape


class OwnTagsShape(Shape):
    """A document's own tags as they stand; null: its dataset's."""

    classification: Classification | None
    store_in: list[str] | None
    process_in: list[str] | None
    access_from: list[str] | None
    forbidden_legal_control: list[str] | None


class DocumentState(Shape):
    """The newest version of one document."""

    id: UUID
    name: str
    version: int
    state: str
    reason: str | None
    media_type: str | None
    pages: int | None
    size_bytes: int
    submitted_at: datetime
    settled_at: datetime | None
    tags: OwnTagsShape | None
    #: Rules by which it may not lie here any more: nobody reaches it until it is moved or erased.
    out_of_place: list[str]

    @classmethod
    def of(cls, found: Intake, refused: Sequence[Breach] = ()) -> "DocumentState":
        """Return it as the API says it."""
        names = ("name", "version", "state", "media_type", "pages", "size_bytes", "submitted_at", "settled_at")
        why = f"{found.reason}: {found.detail}" if found.reason and found.detail else found.reason
        own = OwnTagsShape.model_validate(found.tags, from_attributes=True) if found.tags else None
        rules = [one.rule for one in refused]
        told = {name: getattr(found, name) for name in names}
        return cls(id=found.document_id, reason=why, tags=own, out_of_place=rules, **told)


class DocumentStates(Shape):
    """A page of documents by name."""

    items: list[DocumentState]
    next: str | None


class HandedIn(Shape):
    """One file received; `unchanged`: its bytes were there already."""

    submission_id: UUID
    document_id: UUID
    unchanged: bool
    size_bytes: int


class OutcomeShape(Shape):
    """What became of one file."""

    name: str
    state: str
    reason: str | None


class SubmissionState(Shape):
    """How far a submission has come."""

    files: int
    unchanged: int
    published: int
    held: int
    refused: int
    waiting: int
    pages: int
    started_at: datetime
    outcomes: list[OutcomeShape]
