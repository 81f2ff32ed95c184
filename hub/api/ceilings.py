"""`/datasets/{slug}/ceiling`: how much of a dataset can ever be read, and the owner who changes it."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from catalog import ceilings
from catalog.ceilings import Reach
from catalog.db import Steward
from catalog.vocabulary import Action
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Slug
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape

router = APIRouter(tags=["datasets"], responses=RESPONSES)


class CeilingBody(BaseModel):
    """The new share; what makes more readable is done once `confirm` is the new figure in characters."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"share": 0.6, "confirm": 48000}]})
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    full: bool = False
    confirm: Annotated[int | None, Field(ge=0, le=2**53)] = None


class ReachShape(Shape):
    """What can be read of a dataset as it is now, in characters."""

    characters: int
    window_s: int
    account_in_a_window: int
    account_ever: int
    organisation_ever: int
    together_ever: int
    together_read: int
    copied: int
    copied_closed: int
    ceiling_share: float
    full_share: float | None

    @classmethod
    def of(cls, found: Reach) -> "ReachShape":
        """Return it as the API says it."""
        return cls(**{name: value for name, value in asdict(found).items() if name != "dataset_id"})


@router.get("/datasets/{slug}/ceiling", dependencies=[through(Action.MANAGE)])
def read_ceiling(slug: Slug, hub: HubDep, caller: Caller) -> ReachShape:
    """Say how much of a dataset of the steward's organisation can ever be read."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        return ReachShape.of(ceilings.reach(session, slug))


@router.patch("/datasets/{slug}/ceiling", dependencies=[through(Action.MANAGE)])
def set_ceiling(slug: Slug, body: CeilingBody, hub: HubDep, caller: Caller) -> ReachShape:
    """Set the owner's ceiling; 409 says the figure that is to be confirmed."""
    share = Decimal(str(body.share))
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        return ReachShape.of(ceilings.set_ceiling(session, slug, share, full=body.full, confirmed=body.confirm))
