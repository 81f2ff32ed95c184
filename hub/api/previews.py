"""`…/preview`: what would break if a dataset were tagged otherwise or a part stood elsewhere; nothing is changed."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from catalog import preview
from catalog.audit import AuditEvent, record
from catalog.db import Asker, Auditor, Steward
from catalog.effects import Effect
from catalog.policy.facts import surroundings
from catalog.preview import Move, Retag
from catalog.vocabulary import Action, EventType
from hub.api.datasets import Place, TagsBody
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import TEXT, Slug
from hub.api.problems import RESPONSES
from hub.api.reach import require_oversight_reach
from hub.api.shapes import Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class PartBody(BaseModel):
    """A registered part of this site, and where it would stand."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=TEXT)]
    jurisdiction: Place
    legal_control: Annotated[list[Place] | None, Field(max_length=60)] = None


class PreviewBody(BaseModel):
    """Either a dataset's other tags, or a part's other place."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"dataset": "harbour-notices", "tags": {"store_in": ["FR"]}}]},
    )
    dataset: Slug | None = None
    tags: TagsBody | None = None
    part: PartBody | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "PreviewBody":
        if (self.dataset is None) != (self.tags is None) or (self.dataset is None) == (self.part is None):
            raise ValueError("Give a dataset with its tags, or a part with its place.")
        return self


class RefusingShape(Shape):
    """A rule that would refuse; `already`: it refuses today."""

    rule: str
    reason: str
    door: str
    tag: str
    place: str
    already: bool


class StrandedShape(Shape):
    """Holders of a live grant in one place who could no longer ask."""

    jurisdiction: str
    people: int
    held: int


class EffectShape(Shape):
    """What would become of one dataset."""

    slug: str
    title: str
    breaks: bool
    documents: int
    versions: int
    out_of_place: bool
    already_out_of_place: bool
    refusing: list[RefusingShape]
    stranded: list[StrandedShape]
    endpoints: list[str]

    @classmethod
    def of(cls, effect: Effect) -> "EffectShape":
        """Return it as the API says it."""
        return cls(
            **{
                **vars(effect),
                "breaks": effect.breaks,
                "refusing": [RefusingShape(**vars(one)) for one in effect.refusing],
                "stranded": [StrandedShape(**vars(one)) for one in effect.stranded],
                "endpoints": list(effect.endpoints),
            }
        )


class Preview(Shape):
    """The datasets a change would touch: the one that is tagged, or those that another place of a part would break."""

    items: list[EffectShape]


@router.post("/residency/preview", dependencies=[through(Action.OVERSEE)])
def preview_of_residency(body: PreviewBody, hub: HubDep, caller: Caller) -> Preview:
    """Say what other tags, or another place of a part, would break; nothing is changed."""
    if body.dataset is not None:
        require_oversight_reach(hub, caller.subject, body.dataset)
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        _noted(session, body.dataset or "places")
    with hub.auditors.begin(Auditor(name=str(caller.subject.person_id))) as session:
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        if body.dataset is not None and body.tags is not None:
            found = [preview.retag(session, here, body.dataset, Retag(**body.tags.model_dump()))]
        else:
            assert body.part is not None  # noqa: S101  # the body was checked
            found = preview.move(session, here, Move(**body.part.model_dump()))
    return Preview(items=[EffectShape.of(one) for one in found])


@router.post("/datasets/{slug}/preview", dependencies=[through(Action.MANAGE)])
def preview_of_tags(slug: Slug, body: TagsBody, hub: HubDep, caller: Caller) -> EffectShape:
    """Say what other tags of an own dataset would break; nothing is changed."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        effect = preview.retag(session, here, slug, Retag(**body.model_dump()))
        _noted(session, slug)
    return EffectShape.of(effect)


def _noted(session: Session, of: str) -> None:
    """Write down that somebody looked: it tells how many people hold grants, and where."""
    record(session, AuditEvent(type=EventType.RESIDENCY_PREVIEWED, object="residency", detail={"of": of}))
