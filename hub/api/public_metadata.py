"""`/datasets/{slug}/public-metadata`: what is told of a dataset uncharged, and its owner's word that they looked."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from catalog import public_metadata
from catalog.db import Steward
from catalog.public_metadata import ENTRIES, Audience, PublicMetadata, Source, Value
from catalog.vocabulary import Action
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Slug
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape

router = APIRouter(tags=["datasets"], responses=RESPONSES)


class EntryShape(Shape):
    """One thing that is public: who sees it, where it comes from; `value`: null for what each document has its own."""

    name: str
    what: str
    sees: Audience
    source: Source
    value: Value


class ReviewShape(Shape):
    """Who of the owner looked at it, and when; `current`: nothing of it has changed since."""

    by: str
    at: datetime
    current: bool


class PublicMetadataShape(Shape):
    """The whole list, for one dataset; `digest` names it as it stands."""

    digest: str
    items: list[EntryShape]
    review: ReviewShape | None

    @classmethod
    def of(cls, found: PublicMetadata) -> "PublicMetadataShape":
        """Return it as the API says it."""
        items = [
            EntryShape(name=one.name, what=one.what, sees=one.sees, source=one.source, value=found.values.get(one.name))
            for one in ENTRIES
        ]
        looked = ReviewShape(**vars(found.review)) if found.review else None
        return cls(digest=found.digest, items=items, review=looked)


class ReviewBody(BaseModel):
    """The digest of what was looked at."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"digest": "0" * 64}]})
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@router.get("/datasets/{slug}/public-metadata", dependencies=[through(Action.MANAGE)])
def read_public_metadata(slug: Slug, hub: HubDep, caller: Caller) -> PublicMetadataShape:
    """Return what is public of a dataset of the steward's organisation, and who looked at it last."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        return PublicMetadataShape.of(public_metadata.of(session, slug))


@router.post("/datasets/{slug}/public-metadata/reviews", status_code=201, dependencies=[through(Action.MANAGE)])
def review_public_metadata(slug: Slug, body: ReviewBody, hub: HubDep, caller: Caller) -> PublicMetadataShape:
    """Say that one has looked at it; 409 when it has changed meanwhile."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        public_metadata.review(session, slug, body.digest)
        return PublicMetadataShape.of(public_metadata.of(session, slug))
