"""What is answered for: places, the ledger, the parts of this site."""

from datetime import datetime
from typing import Any

from pydantic import Field

from ui.shapes.base import Shape, Titled


class PlaceCell(Shape):
    """Whether a dataset may be stored or processed in one of this site's places."""

    place: str
    kind: str
    jurisdiction: str
    allowed: bool
    rules: tuple[str, ...] = ()


class PeopleCell(Shape):
    """Whether people of one jurisdiction may reach a dataset."""

    jurisdiction: str
    people: int
    allowed: bool
    rules: tuple[str, ...] = ()
    refused_this_month: int = 0


class Cells(Shape):
    """A row of the residency board."""

    stored: tuple[PlaceCell, ...] = ()
    processed: tuple[PlaceCell, ...] = ()
    accessed: tuple[PeopleCell, ...] = ()


class BoardRow(Shape):
    """One dataset on the residency board."""

    slug: str
    title: str
    classification: str
    store_in: tuple[str, ...] = ()
    process_in: tuple[str, ...] = ()
    access_from: tuple[str, ...] = ()
    forbidden_legal_control: tuple[str, ...] = ()
    forbidden_model_origins: tuple[str, ...] = ()
    cells: Cells
    refused_this_month: int = 0


class Place(Shape):
    """Something of this site that stands somewhere."""

    name: str
    kind: str
    jurisdiction: str
    operator: str | None = None
    legal_control: tuple[str, ...] = ()


class Board(Shape):
    """Datasets by places."""

    datasets: tuple[BoardRow, ...] = ()
    places: tuple[Place, ...] = ()


class Violation(Shape):
    """One refusal by residency."""

    at: datetime
    door: str
    rule: str
    reason: str = ""
    tag: str
    place: str
    datasets: tuple[Titled, ...]
    who: str


class Finding(Shape):
    """One thing that lies where it may not."""

    kind: str
    object: str
    held: int = 1
    datasets: tuple[Titled, ...] = ()
    place: str
    rule: str
    reason: str = ""
    found_at: datetime
    seen_at: datetime


class Findings(Shape):
    """Everything that lies out of place."""

    items: tuple[Finding, ...] = ()


class Actor(Shape):
    """Who did something."""

    kind: str
    id: str | None = None
    name: str | None = None


class Ruling(Shape):
    """What was decided for one dataset, by which rules, and why."""

    datasets: tuple[Titled, ...] = ()
    permitted: bool
    rules: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Decision(Shape):
    """What the policy decided before an act."""

    id: str
    purpose: str | None = None
    policy_version: str | None = None
    rulings: tuple[Ruling, ...] = ()


class AuditEvent(Shape):
    """A fact of the ledger."""

    id: int
    at: datetime
    type: str
    actor: Actor
    object: str = ""
    datasets: tuple[Titled, ...] = ()
    detail: dict[str, Any] = Field(default_factory=dict)
    agent: str | None = None
    decision: Decision | None = None


class Part(Shape):
    """A process of the hub, and whether its walls hold."""

    name: str
    state: str
    memory_bytes: int | None = None
    restarts: int | None = None
    walls: dict[str, Any] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()


class Served(Shape):
    """A model an endpoint serves, with the places it comes from."""

    name: str
    kind: str
    origins: tuple[str, ...] = ()
    known: bool = False


class Endpoint(Shape):
    """Where models stand."""

    name: str
    jurisdiction: str
    models: tuple[Served, ...] = ()


class System(Shape):
    """What runs here."""

    endpoints: tuple[Endpoint, ...] = ()
    state: str = ""
    parts: tuple[Part, ...] = ()
    served: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    site: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, Any] = Field(default_factory=dict)
    memory_bytes: int | None = None


class ServiceAccount(Shape):
    """The account of a program."""

    slug: str
    name: str
    organisation: str
    jurisdiction: str
    clearance: str
    key_made_at: datetime
    removed_at: datetime | None = None


class Key(Shape):
    """What a program proves itself by at the issuer; told once."""

    client: str
    key: str = Field(repr=False)
    issuer: str
