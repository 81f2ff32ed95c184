"""What the API says: passages, answers, refusals, cards; the words of the glossary."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from catalog.cards import DatasetCard
from catalog.disclosure import Passage
from catalog.vocabulary import Classification, Purpose, RefusalKind
from hub.answers import REFUSALS, Answer, Refusal


class Shape(BaseModel):
    """A value the API says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Shape):
    """Something with a name a program knows and one a person reads."""

    slug: str
    title: str


class DocumentShape(Shape):
    """The document a passage stands in."""

    id: UUID
    name: str
    media_type: str | None
    version: int
    published_at: datetime


class PassageShape(Shape):
    """A disclosed piece of a document; `span` is a half-open range of characters of its text, `charged` were new.

    `shown` is false where a grant opens answers only: then the place is told and the words are not.
    """

    id: UUID
    body: str
    heading: str
    first_page: int | None
    last_page: int | None
    span: tuple[int, int]
    document: DocumentShape
    dataset: Named
    classification: Classification
    store_in: list[str]
    process_in: list[str]
    charged: int
    shown: bool

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Return a passage as the API says it."""
        return cls(
            id=passage.chunk_id,
            body=passage.body if passage.shown else "",
            heading=passage.heading if passage.shown else "",
            first_page=passage.first_page,
            last_page=passage.last_page,
            span=(passage.span_start, passage.span_end),
            document=DocumentShape(
                id=passage.document_id,
                name=passage.document_name,
                media_type=passage.media_type,
                version=passage.version_ordinal,
                published_at=passage.published_at,
            ),
            dataset=Named(slug=passage.dataset_slug, title=passage.dataset_title),
            classification=passage.classification,
            store_in=list(passage.store_in),
            process_in=list(passage.process_in),
            charged=passage.charged,
            shown=passage.shown,
        )


class CitationShape(Shape):
    """`[number]` in an answer; the quote is in the passage word for word."""

    number: int
    quote: str
    passage_id: UUID


class AnswerShape(Shape):
    """An answer with its own label: the highest classification and the shared places of its sources."""

    id: UUID
    conversation_id: UUID
    text: str
    label: Classification
    store_in: list[str] = []
    process_in: list[str]
    citations: list[CitationShape]
    passages: list[PassageShape]
    left_out: int
    apart: int = 0
    cut: bool = False

    @classmethod
    def of(cls, answer: Answer, turn_id: UUID, conversation_id: UUID) -> Self:
        """Return an answer as the API says it."""
        return cls(
            id=turn_id,
            conversation_id=conversation_id,
            text=answer.text,
            label=answer.label,
            store_in=list(answer.store_in),
            process_in=list(answer.process_in),
            citations=[
                CitationShape(
                    number=one.number,
                    quote=one.quote if one.passage.shown else "",
                    passage_id=one.passage.chunk_id,
                )
                for one in answer.citations
            ],
            passages=[PassageShape.of(passage) for passage in answer.passages],
            left_out=answer.left_out,
            apart=answer.apart,
            cut=answer.cut,
        )


class RefusalShape(Shape):
    """Why there is no answer, and what to do; listed datasets whose steward may be asked.

    `shut_from_here`: not all one holds a grant for may be read from where one is; that may be why nothing was found.
    """

    kind: RefusalKind
    message: str
    refills_at: datetime | None = None
    datasets_to_request: list[Named] = []
    shut_from_here: bool = False

    @classmethod
    def of(cls, refused: Refusal, to_request: Iterable[Named] = ()) -> Self:
        """Return a refusal as the API says it; of a part that fails nothing but that: its words name sockets."""
        down = refused.kind is RefusalKind.DEPENDENCY_DOWN
        return cls(
            kind=refused.kind,
            message=REFUSALS[refused.kind] if down else refused.message,
            refills_at=refused.refills_at,
            datasets_to_request=list(to_request),
            shut_from_here=refused.shut_from_here,
        )


class TurnRefusalShape(RefusalShape):
    """A refusal as a turn of a conversation."""

    id: UUID
    conversation_id: UUID


class OwnerShape(Shape):
    """The organisation answerable for a dataset."""

    slug: str
    name: str


class AccessShape(Shape):
    """What the caller's live grants open."""

    granted: bool
    purposes: list[Purpose]
    ends_at: datetime | None
    characters_left: int


class CardShape(Shape):
    """A dataset's card."""

    slug: str
    title: str
    description: str
    owner: OwnerShape
    listed: bool
    classification: Classification
    store_in: list[str]
    process_in: list[str]
    access_from: list[str]
    forbidden_legal_control: list[str]
    forbidden_model_origins: list[str]
    purposes: list[Purpose]
    documents: int
    pages: int
    media_types: list[str]
    languages: list[str]
    sample_questions: list[str]
    access: AccessShape
    may_manage: bool

    @classmethod
    def of(cls, card: DatasetCard, *, may_manage: bool) -> Self:
        """Return a card as the API says it."""
        return cls(
            slug=card.slug,
            title=card.title,
            description=card.description,
            owner=OwnerShape(slug=card.owner_slug, name=card.owner_name),
            listed=card.listed,
            classification=card.classification,
            store_in=list(card.store_in),
            process_in=list(card.process_in),
            access_from=list(card.access_from),
            forbidden_legal_control=list(card.forbidden_legal_control),
            forbidden_model_origins=list(card.forbidden_model_origins),
            purposes=list(card.purposes),
            documents=card.holding.documents,
            pages=card.holding.pages,
            media_types=list(card.holding.media_types),
            languages=list(card.holding.languages),
            sample_questions=list(card.sample_questions),
            access=AccessShape(
                granted=bool(card.access.purposes),
                purposes=list(card.access.purposes),
                ends_at=card.access.ends_at,
                characters_left=card.access.characters_left,
            ),
            may_manage=may_manage,
        )
