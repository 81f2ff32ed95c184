"""`/search` and `/passages`: the passages themselves; reading is disclosing."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from catalog.cards import DatasetCard, cards
from catalog.disclosure import disclose
from catalog.errors import NotFoundError
from catalog.vocabulary import Action, ChunkId, Purpose
from hub.answers import Refusal
from hub.api.asking import to_ask_for
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import TEXT, Slug
from hub.api.problems import RESPONSES
from hub.api.shapes import PassageShape, RefusalShape, Shape
from hub.ask import permitted
from hub.search import Facets, Found, Narrowing, search

router = APIRouter(tags=["search"], responses=RESPONSES)
UTC = ZoneInfo("UTC")


class Filters(BaseModel):
    """What a search is narrowed to; days are whole ones in UTC."""

    model_config = ConfigDict(extra="forbid")
    datasets: Annotated[list[Slug], Field(max_length=50)] = []
    media_types: Annotated[list[Annotated[str, Field(max_length=120, pattern=TEXT)]], Field(max_length=50)] = []
    since: date | None = None
    until: date | None = None


class SearchBody(BaseModel):
    """What is looked for, what for, and where."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "flood of 1962", "purpose": "research", "limit": 5}]}
    )
    query: Annotated[str, Field(min_length=1, max_length=10_000, pattern=TEXT)]
    purpose: Purpose
    limit: Annotated[int, Field(ge=1, le=20)] = 5
    filters: Filters = Filters()


class DatasetFacet(Shape):
    """How many fitting passages a dataset holds."""

    slug: str
    title: str
    count: int


class ValueFacet(Shape):
    """How many fitting passages have a value."""

    value: str
    count: int


class FacetsShape(Shape):
    """Counts within what the caller may read."""

    datasets: list[DatasetFacet]
    media_types: list[ValueFacet]


class SearchShape(Shape):
    """Passages best first, or why there are none."""

    items: list[PassageShape]
    left_out: int
    facets: FacetsShape
    refusal: RefusalShape | None


@router.post("/search", dependencies=[through(Action.ASK)])
def search_passages(body: SearchBody, hub: HubDep, caller: Caller) -> SearchShape:
    """Find passages and read them; each is charged once."""
    context = caller.subject.asker
    with hub.services.database.begin(context) as session:
        known = cards(session)
    within = _narrowing(body.filters, known)
    outcome = search(body.query, caller.subject, body.purpose, hub.services, body.limit, within=within)
    match outcome:
        case Found():
            return SearchShape(
                items=[PassageShape.of(passage) for passage in outcome.passages],
                left_out=outcome.left_out,
                facets=_facets(outcome.facets, known),
                refusal=None,
            )
        case Refusal():
            with hub.services.database.begin(context) as session:
                to_request = to_ask_for(session, outcome.kind, body.purpose)
            nothing = FacetsShape(datasets=[], media_types=[])
            return SearchShape(items=[], left_out=0, facets=nothing, refusal=RefusalShape.of(outcome, to_request))


@router.get("/passages/{passage_id}", dependencies=[through(Action.ASK)])
def read_passage(passage_id: UUID, purpose: Purpose, hub: HubDep, caller: Caller) -> PassageShape:
    """Read one passage; what was read before is free."""
    scope = permitted(caller.subject, purpose, hub.services)
    found = disclose(hub.services.database, scope, [ChunkId(passage_id)])
    if not found.passages:
        raise NotFoundError
    return PassageShape.of(found.passages[0])


def _narrowing(filters: Filters, known: list[DatasetCard]) -> Narrowing:
    """Return what is wanted; a name the caller can't see narrows to nothing, like one that isn't there."""
    ids = {card.slug: card.id for card in known}
    nowhere = UUID(int=0)
    return Narrowing(
        datasets=frozenset(ids.get(slug, nowhere) for slug in filters.datasets),  # type: ignore[arg-type]
        media_types=frozenset(filters.media_types),
        since=_start(filters.since) if filters.since else None,
        until=_start(filters.until + timedelta(days=1)) if filters.until and filters.until < date.max else None,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _facets(found: Facets, known: list[DatasetCard]) -> FacetsShape:
    names = {card.id: card for card in known}
    datasets = sorted(found.datasets.items(), key=lambda one: (-one[1], names[one[0]].slug))
    kinds = sorted(found.media_types.items(), key=lambda one: (-one[1], one[0]))
    return FacetsShape(
        datasets=[DatasetFacet(slug=names[i].slug, title=names[i].title, count=n) for i, n in datasets],
        media_types=[ValueFacet(value=value, count=count) for value, count in kinds],
    )
