"""`/budget` and `/step-ups`: what is left to read, and asking the owner for more; the owner decides in one click."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from catalog import step_ups
from catalog.db import Asker, Steward
from catalog.step_ups import Reading, StepUp
from catalog.vocabulary import Action, Purpose
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Note, Slug
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape

router = APIRouter(tags=["access"], responses=RESPONSES)


class MeterShape(Shape):
    """What is left of one dataset; `matters`: less than a quarter of a window."""

    dataset: str
    title: str
    characters_left: int
    window_characters: int
    refills_at: datetime | None
    matters: bool

    @classmethod
    def of(cls, found: Reading) -> "MeterShape":
        """Return it as the API says it."""
        plain = {name: getattr(found, name) for name in ("title", "characters_left", "window_characters", "refills_at")}
        return cls(dataset=found.slug, matters=found.matters, **plain)


class Meters(Shape):
    """What is left of all datasets the caller may ask for a purpose."""

    items: list[MeterShape]


class StepUpBody(BaseModel):
    """How much more of which dataset, what for and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"dataset": "harbour", "purpose": "research", "characters": 20_000, "reason": "A review of ten years."}
            ]
        },
    )
    dataset: Slug
    purpose: Purpose
    characters: Annotated[int, Field(ge=1, le=1_000_000_000)]
    reason: Note


class WeighedShape(Shape):
    """What the owner weighs, in characters; reachable: null where no live grant can be widened."""

    organisation: str | None
    dataset_characters: int
    characters_read: int
    reachable_now: int | None
    reachable_then: int | None


class StepUpShape(Shape):
    """A question for more; `granted` is null until the owner has decided, `weighed` for whoever asks."""

    id: UUID
    dataset: str
    title: str
    person: str | None
    purpose: Purpose
    characters: int
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    granted: bool | None
    weighed: WeighedShape | None

    @classmethod
    def of(cls, found: StepUp) -> "StepUpShape":
        """Return it as the API says it."""
        names = set(cls.model_fields) - {"dataset", "weighed"}
        weighed = WeighedShape(**vars(found.weighed)) if found.weighed else None
        return cls(dataset=found.slug, weighed=weighed, **{name: getattr(found, name) for name in names})


class StepUps(Shape):
    """Questions for more."""

    items: list[StepUpShape]


class Verdict(BaseModel):
    """What the owner says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"granted": True}]})
    granted: bool


@router.get("/budget", dependencies=[through(Action.ASK)])
def read_budget(purpose: Purpose, hub: HubDep, caller: Caller) -> Meters:
    """Say what is left to read of each dataset, and when it refills."""
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        return Meters(items=[MeterShape.of(one) for one in step_ups.meter(session, purpose)])


@router.post("/step-ups", status_code=202, dependencies=[through(Action.RECALL)])
def ask_for_more(body: StepUpBody, hub: HubDep, caller: Caller) -> StepUps:
    """Ask the dataset's owner for more; one open question a dataset."""
    person = caller.subject.person_id
    with hub.services.database.begin(Asker(person_id=person)) as session:
        step_ups.ask(
            session, person, body.dataset, purpose=body.purpose, characters=body.characters, reason=body.reason
        )
        return StepUps(items=[StepUpShape.of(one) for one in step_ups.own(session)])


@router.get("/step-ups", dependencies=[through(Action.RECALL)])
def own_step_ups(hub: HubDep, caller: Caller) -> StepUps:
    """Return what one asked for, and what the owners said."""
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        return StepUps(items=[StepUpShape.of(one) for one in step_ups.own(session)])


@router.get("/step-ups/waiting", dependencies=[through(Action.MANAGE)])
def waiting_step_ups(hub: HubDep, caller: Caller) -> StepUps:
    """Return what waits for the steward's word."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        return StepUps(items=[StepUpShape.of(one) for one in step_ups.to_decide(session)])


@router.post("/step-ups/{step_up_id}/decision", status_code=204, dependencies=[through(Action.MANAGE)])
def decide_step_up(step_up_id: UUID, body: Verdict, hub: HubDep, caller: Caller) -> None:
    """Say yes or no, once; nobody decides their own."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        step_ups.decide(session, step_up_id, granted=body.granted)
