"""`/datasets`: cards of what the caller may know of; stewards keep their own organisation's."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from catalog import amendments, datasets
from catalog.amendments import Change
from catalog.cards import DatasetCard, card, cards
from catalog.datasets import NewDataset
from catalog.db import Steward
from catalog.errors import InvalidError, NotFoundError
from catalog.people import who
from catalog.policy import keeping
from catalog.vocabulary import Action, Classification, Purpose, Role
from hub.api import cursors
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import TEXT, Cursor, Slug, Title
from hub.api.hub import Hub
from hub.api.problems import RESPONSES
from hub.api.reach import require_still_open
from hub.api.shapes import CardShape, Shape
from hub.identity import SignedIn

router = APIRouter(tags=["datasets"], responses=RESPONSES)

Place = Annotated[str, Field(min_length=2, max_length=8, pattern=r"^[A-Z][A-Z0-9-]*$")]
Places = Annotated[list[Place], Field(min_length=1, max_length=60)]


class DatasetBody(BaseModel):
    """What an owner declares of a new dataset."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Tide Tables",
                    "description": "Tides of the port since 1950.",
                    "listed": True,
                    "classification": "internal",
                    "store_in": ["DE"],
                    "process_in": ["EU"],
                    "access_from": ["EU"],
                    "purposes": ["research"],
                }
            ]
        },
    )
    title: Title
    description: Annotated[str, Field(max_length=2_000, pattern=TEXT)] = ""
    listed: bool
    classification: Classification
    store_in: Places
    process_in: Places
    access_from: Places
    forbidden_legal_control: Annotated[list[Place], Field(max_length=60)] = []
    forbidden_model_origins: Annotated[list[Place], Field(max_length=60)] = []
    purposes: Annotated[list[Purpose], Field(min_length=1)]


class TagsBody(BaseModel):
    """Tags a dataset would have; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"store_in": ["FR"]}]})
    classification: Classification | None = None
    store_in: Places | None = None
    process_in: Places | None = None
    access_from: Places | None = None
    forbidden_legal_control: Annotated[list[Place] | None, Field(max_length=60)] = None
    forbidden_model_origins: Annotated[list[Place] | None, Field(max_length=60)] = None
    purposes: Annotated[list[Purpose] | None, Field(min_length=1)] = None


class ChangeBody(TagsBody):
    """What an owner changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"listed": False}]})
    title: Title | None = None
    description: Annotated[str | None, Field(max_length=2_000, pattern=TEXT)] = None
    listed: bool | None = None


class Cards(Shape):
    """A page of cards by name."""

    items: list[CardShape]
    next: str | None


class Effect(Shape):
    """What a change would concern."""

    documents: int


class Position(cursors.Position):
    """Where a page of cards ends."""

    slug: Slug


@router.get("/datasets", dependencies=[through(Action.BROWSE)])
def list_datasets(
    hub: HubDep, caller: Caller, cursor: Cursor = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> Cards:
    """Return the cards of listed datasets, and of those the caller holds a grant on."""
    position = cursors.decode(cursor, Position)
    after = position.slug if position else ""
    with hub.services.database.begin(caller.subject.asker) as session:
        found = {one.slug: one for one in cards(session, after=after, limit=limit + 1)}
        mine = who(session).organisation_slug
    if Role.STEWARD in caller.roles:
        with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
            found = {one.slug: one for one in cards(session, after=after, limit=limit + 1)} | found
    ordered = sorted(found.values(), key=lambda one: one.slug)
    items = [_shape(one, caller, mine) for one in ordered[:limit]]
    more = cursors.encode(Position(slug=items[-1].slug)) if len(ordered) > limit else None
    return Cards(items=items, next=more)


@router.get("/datasets/{slug}", dependencies=[through(Action.BROWSE)])
def one_dataset(slug: Slug, hub: HubDep, caller: Caller) -> CardShape:
    """Return one card; an unlisted one looks absent to whoever holds no grant on it."""
    try:
        with hub.services.database.begin(caller.subject.asker) as session:
            return _shape(card(session, slug), caller, who(session).organisation_slug)
    except NotFoundError:
        if Role.STEWARD not in caller.roles:
            raise
        return _own(hub, caller, slug)


@router.post("/datasets", status_code=201, dependencies=[through(Action.MANAGE)])
def register_dataset(body: DatasetBody, hub: HubDep, caller: Caller) -> CardShape:
    """Register a dataset of the steward's own organisation."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        owner = who(session).organisation_slug
        slug = slug_of(owner, body.title)
        datasets.register(session, NewDataset(slug=slug, owner=owner, **body.model_dump()))
        require_still_open(hub, session, caller.subject, keeping.by_slug(session, slug))
    return _own(hub, caller, slug)


@router.patch("/datasets/{slug}", dependencies=[through(Action.MANAGE)])
def amend_dataset(slug: Slug, body: ChangeBody, hub: HubDep, caller: Caller) -> CardShape:
    """Change what is declared; the next decision is made under the new tags."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        amendments.amend(session, slug, Change(**body.model_dump()))
        require_still_open(hub, session, caller.subject, keeping.by_slug(session, slug))
    return _own(hub, caller, slug)


@router.get("/datasets/{slug}/effect", dependencies=[through(Action.MANAGE)])
def effect_of_a_change(slug: Slug, hub: HubDep, caller: Caller) -> Effect:
    """Say what a change of tags would concern, before it is made."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        return Effect(documents=amendments.documents_under(session, slug))


def slug_of(owner: str, title: str) -> str:
    """Return the name programs know a dataset by: below its owner's, so that names taken by others tell nothing."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-")
    if not words:
        raise InvalidError("A title needs a letter or a digit.")
    return f"{owner}-{words}"


def _own(hub: Hub, caller: SignedIn, slug: str) -> CardShape:
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        return _shape(card(session, slug), caller, who(session).organisation_slug)


def _shape(found: DatasetCard, caller: SignedIn, organisation: str) -> CardShape:
    return CardShape.of(found, may_manage=Role.STEWARD in caller.roles and found.owner_slug == organisation)
