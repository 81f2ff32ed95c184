"""`/health`, `/me` and `/system`: does it run, who am I, and what runs here behind which walls."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from catalog.cards import grants_held, purposes_held
from catalog.db import Asker, Auditor
from catalog.errors import DataHubError, NotFoundError, SettingsError
from catalog.people import who
from catalog.places import Place
from catalog.policy.facts import surroundings
from catalog.vocabulary import Action, Classification, ModelKind, PersonId, Purpose, Role, Sha256
from hub.api.doors import Caller, HubDep, through
from hub.api.hub import Hub
from hub.api.problems import RESPONSES
from hub.api.shapes import OwnerShape, Shape
from hub.stack.probes import answers_health
from hub.stack.status import PartStatus, Status, status

#: Speaks for nobody: sees no row.
NOBODY = PersonId(UUID(int=0))
#: The address of no original: whether it is there is asked only to see whether the store answers.
NOTHING = Sha256("0" * 64)
router = APIRouter(tags=["system"], responses=RESPONSES)


class Health(Shape):
    """Whether the parts an answer needs can be reached."""

    status: Literal["ok", "degraded"]
    parts: dict[str, bool]


class SiteShape(Shape):
    """Where this hub stands."""

    name: str
    jurisdiction: str


class HeldShape(Shape):
    """One live grant."""

    dataset: str
    title: str
    purpose: Purpose
    ends_at: datetime


class MeShape(Shape):
    """Who calls, as the issuer and the register say."""

    id: UUID
    slug: str
    name: str
    organisation: OwnerShape
    jurisdiction: str
    clearance: Classification
    roles: list[Role]
    purposes: list[Purpose]
    grants: list[HeldShape]
    token_ends_at: datetime
    site: SiteShape
    sealed: bool
    unsealed_because: list[str]


class PartShape(Shape):
    """One part of the hub and the walls around it."""

    name: str
    state: str
    since: str | None
    restarts: int
    memory_bytes: int
    walls: dict[str, bool]
    missing: list[str]

    @classmethod
    def of(cls, part: PartStatus) -> "PartShape":
        """Return it as the API says it."""
        names = ("name", "state", "since", "restarts", "memory_bytes", "walls")
        return cls(**{name: getattr(part, name) for name in names}, missing=list(part.missing))


class ServedShape(Shape):
    """A model an endpoint serves, and the places it and what it was made from come from; known: none is missing."""

    name: str
    kind: ModelKind
    origins: list[str]
    known: bool


class EndpointShape(Shape):
    """An endpoint this hub knows, the preferred one first, and what its operator says it serves."""

    name: str
    jurisdiction: str
    models: list[ServedShape]

    @classmethod
    def of(cls, place: Place) -> "EndpointShape":
        """Return it as the API says it."""
        served = [
            ServedShape(name=one.name, kind=one.kind, origins=sorted(one.origins), known=one.known)
            for one in place.models
        ]
        return cls(name=place.name, jurisdiction=place.jurisdiction, models=served)


class System(Shape):
    """What runs here."""

    endpoints: list[EndpointShape]
    site: SiteShape
    state: str
    since: str | None
    parts: list[PartShape]
    memory_bytes: int
    served: list[str]
    advice: list[str]
    versions: dict[str, str]


@router.get("/health")
def health(hub: HubDep) -> Health:
    """Say whether the parts an answer needs can be reached; needs no token and tells nothing else."""
    parts = {
        "database": _answers(partial(_ask_database, hub)),
        "model": answers_health(hub.settings.model_socket),
        "store": _answers(partial(hub.store.has, NOTHING)),
    }
    return Health(status="ok" if all(parts.values()) else "degraded", parts=parts)


@router.get("/me", dependencies=[through(Action.BROWSE)])
def me(hub: HubDep, caller: Caller) -> MeShape:
    """Say who calls, what they may come for, and until when."""
    subject = caller.subject
    with hub.services.database.begin(Asker(person_id=subject.person_id)) as session:
        known = who(session)
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        purposes, held = purposes_held(session), grants_held(session)
    known_status = _status(hub)
    return MeShape(
        id=subject.person_id,
        slug=known.slug,
        name=known.name,
        organisation=OwnerShape(slug=known.organisation_slug, name=known.organisation_name),
        jurisdiction=subject.jurisdiction,
        clearance=subject.clearance,
        roles=sorted(caller.roles),
        purposes=purposes,
        grants=[HeldShape(**vars(one)) for one in held],
        token_ends_at=caller.expires_at,
        site=SiteShape(name=here.site.name, jurisdiction=here.site.jurisdiction),
        sealed=hub.settings.sealed,
        unsealed_because=[] if hub.settings.sealed or known_status is None else list(known_status.advice),
    )


@router.get("/system", dependencies=[through(Action.OVERSEE)])
def system(hub: HubDep, caller: Caller) -> System:
    """Say which parts run, what they weigh, which walls hold around each, and which models stand where."""
    known = _status(hub)
    if known is None:
        raise NotFoundError
    with hub.auditors.begin(Auditor(name=str(caller.subject.person_id))) as session:
        endpoints = surroundings(session, hub.settings, sealed=hub.settings.sealed).endpoints
    return System(
        endpoints=[EndpointShape.of(one) for one in endpoints],
        site=SiteShape(name=known.site or "", jurisdiction=known.jurisdiction or ""),
        state=known.state,
        since=known.since,
        parts=[PartShape.of(part) for part in known.parts],
        memory_bytes=known.memory_bytes,
        served=list(known.served),
        advice=list(known.advice),
        versions=known.versions,
    )


def _status(hub: Hub) -> Status | None:
    """Return what the supervisor wrote down; None where there is none, whose folder nobody needs to hear of."""
    try:
        return status(hub.settings.data_dir) if hub.settings.data_dir else None
    except SettingsError:
        return None


def _ask_database(hub: Hub) -> None:
    with hub.services.database.begin(Asker(person_id=NOBODY)) as session:
        purposes_held(session)


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except DataHubError:
        return False
    return True
