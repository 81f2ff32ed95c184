"""What is asked, found and read."""

from datetime import datetime
from typing import Literal

from ui.shapes.base import Named, Shape, Titled


class Site(Shape):
    """Where this installation stands."""

    name: str
    jurisdiction: str


class Me(Shape):
    """Who is signed in, and what the API says they are."""

    id: str
    slug: str
    name: str
    organisation: Named
    jurisdiction: str
    clearance: str
    roles: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    site: Site
    sealed: bool = True
    unsealed_because: tuple[str, ...] = ()


class DocumentRef(Shape):
    """The document a passage stands in."""

    id: str
    name: str
    media_type: str | None = None
    version: int
    published_at: datetime


class Passage(Shape):
    """A passage of a document; `span` counts characters in the document's text."""

    id: str
    body: str
    heading: str | None = None
    first_page: int | None = None
    last_page: int | None = None
    document: DocumentRef
    dataset: Titled
    classification: str
    process_in: tuple[str, ...] = ()
    store_in: tuple[str, ...] = ()
    charged: int = 0
    shown: bool = True


class Citation(Shape):
    """`[number]` of an answer: the words of the passage that bear it."""

    number: int
    quote: str
    passage_id: str


class Answer(Shape):
    """An answer whose every number is one of its citations."""

    id: str
    conversation_id: str
    text: str
    label: str
    store_in: tuple[str, ...] = ()
    process_in: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    left_out: int = 0
    apart: int = 0
    cut: bool = False

    def passage(self, number: int) -> tuple[Citation, Passage] | None:
        """Return the citation with that number and the passage it stands for."""
        for citation in self.citations:
            if citation.number == number:
                found = (one for one in self.passages if one.id == citation.passage_id)
                return next(((citation, one) for one in found), None)
        return None


class Refusal(Shape):
    """No answer, of a kind the wording knows."""

    id: str | None = None
    conversation_id: str | None = None
    kind: str
    message: str = ""
    refills_at: datetime | None = None
    datasets_to_request: tuple[Titled, ...] = ()
    shut_from_here: bool = False


class Stage(Shape):
    """What is happening while someone waits."""

    name: str
    count: int | None = None


class Piece(Shape):
    """More of a draft that is not checked yet."""

    text: str


Event = Stage | Piece | Answer | Refusal


class Asked(Shape):
    """One's own question, in the history."""

    id: str
    conversation_id: str
    asked_at: datetime
    purpose: str
    question: str
    outcome: Literal["answered", "refused"]
    kind: str | None = None


class AskedAgain(Shape):
    """A question of one's own, with its answer while everything it was made from may still be read."""

    turn: Asked
    answer: Answer | None = None
    gone: bool = False


class Facet(Shape):
    """How many of the found passages share something."""

    slug: str | None = None
    title: str | None = None
    value: str | None = None
    count: int


class Facets(Shape):
    """What the found passages share."""

    datasets: tuple[Facet, ...] = ()
    media_types: tuple[Facet, ...] = ()


class Found(Shape):
    """What a search came to."""

    items: tuple[Passage, ...] = ()
    left_out: int = 0
    facets: Facets = Facets()
    refusal: Refusal | None = None
