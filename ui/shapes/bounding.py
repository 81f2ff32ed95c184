"""What bounds reading: what is left, asking for more, the owner's ceiling, and what was noticed."""

from datetime import datetime
from typing import Any

from pydantic import Field

from ui.shapes.base import Shape


class Meter(Shape):
    """What is left of one dataset; `matters`: so little that one should know."""

    dataset: str
    title: str
    characters_left: int
    window_characters: int
    refills_at: datetime | None = None
    matters: bool = False


class Meters(Shape):
    """What is left of every dataset one may ask for a purpose."""

    items: tuple[Meter, ...] = ()


class Weighed(Shape):
    """What an owner weighs; reachable: nothing where no live grant can be widened."""

    organisation: str | None = None
    dataset_characters: int
    characters_read: int
    reachable_now: int | None = None
    reachable_then: int | None = None


class StepUp(Shape):
    """A question for more; `granted` is nothing until the owner has decided."""

    id: str
    dataset: str
    title: str
    person: str | None = None
    purpose: str
    characters: int
    reason: str
    asked_at: datetime
    decided_at: datetime | None = None
    granted: bool | None = None
    weighed: Weighed | None = None


class StepUps(Shape):
    """Questions for more."""

    items: tuple[StepUp, ...] = ()


class Alert(Shape):
    """What the second line noticed; its evidence is figures and ids."""

    id: str
    kind: str
    person: str
    dataset: str
    evidence: dict[str, Any] = Field(default_factory=dict)
    raised_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str | None = None


class Alerts(Shape):
    """The newest first."""

    items: tuple[Alert, ...] = ()


class Reach(Shape):
    """How much of a dataset can ever be read, in characters."""

    characters: int
    account_ever: int
    organisation_ever: int
    together_ever: int
    together_read: int
    ceiling_share: float
    copied: int = 0
    copied_closed: int = 0
