"""What is held: datasets, their documents, and what is being brought in."""

from datetime import datetime

from ui.shapes.base import Named, Shape


class Access(Shape):
    """What the person who asks may do with a dataset."""

    granted: bool = False
    purposes: tuple[str, ...] = ()
    ends_at: datetime | None = None
    characters_left: int | None = None


class Dataset(Shape):
    """A dataset's card."""

    slug: str
    title: str
    description: str = ""
    owner: Named
    listed: bool = False
    classification: str
    store_in: tuple[str, ...] = ()
    process_in: tuple[str, ...] = ()
    access_from: tuple[str, ...] = ()
    forbidden_legal_control: tuple[str, ...] = ()
    forbidden_model_origins: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    documents: int = 0
    pages: int = 0
    media_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sample_questions: tuple[str, ...] = ()
    access: Access = Access()
    may_manage: bool = False


class Affected(Shape):
    """What a change would touch."""

    documents: int = 0


class PublicEntry(Shape):
    """One thing that is public of a dataset; no value: each document has its own."""

    name: str
    what: str
    sees: str
    value: str | int | bool | tuple[str, ...] | None = None


class PublicReview(Shape):
    """Who of its owner looked at it; `current`: nothing of it has changed since."""

    by: str
    at: datetime
    current: bool


class PublicMetadata(Shape):
    """What is public of a dataset, for its steward."""

    digest: str
    items: tuple[PublicEntry, ...] = ()
    review: PublicReview | None = None


class OwnTags(Shape):
    """What a document says beyond its dataset; none: as its dataset."""

    classification: str | None = None
    store_in: tuple[str, ...] | None = None
    process_in: tuple[str, ...] | None = None
    access_from: tuple[str, ...] | None = None
    forbidden_legal_control: tuple[str, ...] | None = None


class Document(Shape):
    """A file of a dataset, for its steward."""

    id: str
    name: str
    state: str
    reason: str | None = None
    media_type: str | None = None
    pages: int | None = None
    size_bytes: int | None = None
    version: int | None = None
    submitted_at: datetime
    settled_at: datetime | None = None
    tags: OwnTags | None = None
    out_of_place: tuple[str, ...] = ()


class Submitted(Shape):
    """A file was taken to quarantine."""

    submission_id: str
    document_id: str | None = None
    unchanged: bool = False
    size_bytes: int = 0


class Outcome(Shape):
    """What became of one file of a submission."""

    name: str
    state: str
    reason: str | None = None


class Submission(Shape):
    """How far a submission is."""

    files: int
    published: int = 0
    held: int = 0
    refused: int = 0
    waiting: int = 0
    pages: int = 0
    started_at: datetime
    outcomes: tuple[Outcome, ...] = ()
