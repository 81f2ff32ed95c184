"""`/service-accounts`: an admin opens accounts for programs, renews their keys and removes them; a key is told once."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from catalog import service_accounts
from catalog.db import Asker
from catalog.errors import DataHubError, DependencyError, InvalidError, SettingsError
from catalog.people import who
from catalog.residency import place
from catalog.service_accounts import NewServiceAccount, ServiceAccount
from catalog.vocabulary import Action, Classification, PersonId
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import SLUG, Slug, Title
from hub.api.hub import Hub
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape
from hub.identity import Registrar
from hub.identity.registrar import SERVICE

router = APIRouter(tags=["programs"], responses=RESPONSES)
MAY = [through(Action.ADMINISTER)]


class ServiceAccountBody(BaseModel):
    """Which program, for whom, and what is attested of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"slug": "tide-watch", "name": "Tide watch", "organisation": "tidewise", "jurisdiction": "DE"},
            ]
        },
    )
    slug: Annotated[str, Field(min_length=1, max_length=80, pattern=SLUG)]
    name: Title
    organisation: Slug
    jurisdiction: Annotated[str, Field(min_length=2, max_length=6, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    clearance: Classification = Classification.INTERNAL


class ServiceAccountShape(Shape):
    """An account, without its key, which is nobody's to see again."""

    slug: str
    name: str
    organisation: str
    jurisdiction: str
    clearance: Classification
    client: str
    opened_at: datetime
    key_made_at: datetime
    removed_at: datetime | None


class ServiceAccounts(Shape):
    """All of them, removed ones too."""

    items: list[ServiceAccountShape]


class Key(Shape):
    """What a program proves itself by at the issuer, for a token of its own; told once and kept nowhere here."""

    client: str
    key: str
    issuer: str


@router.get("/service-accounts", dependencies=MAY)
def accounts(hub: HubDep, caller: Caller) -> ServiceAccounts:
    """Return every account of a program."""
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)
        return ServiceAccounts(items=[_shape(one) for one in service_accounts.every(session)])


@router.post("/service-accounts", status_code=201, dependencies=MAY)
def open_account(body: ServiceAccountBody, hub: HubDep, caller: Caller) -> Key:
    """Open an account for a program; it may ask nothing until it is given a grant of its own."""
    registrar, client = _registrar(hub), f"{SERVICE}{body.slug}"
    try:
        place(body.jurisdiction)
    except SettingsError as error:
        raise InvalidError(str(error)) from error
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)  # someone the issuer alone knows opens nothing here
    registrar.open(client, jurisdiction=body.jurisdiction, clearance=str(body.clearance))
    try:
        key = registrar.new_key(client)
        new = NewServiceAccount(person_id=_subject(hub, registrar, client, key), client=client, **dict(body))
        with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
            service_accounts.register(session, new)
    except DataHubError:
        with suppress(DependencyError):  # a client without an account is recognised nowhere
            registrar.close(client)
        raise
    return Key(client=client, key=key, issuer=hub.settings.issuer_url)


@router.post("/service-accounts/{service}/key", dependencies=MAY)
def renew_key(service: Slug, hub: HubDep, caller: Caller) -> Key:
    """Make a new key: the one before it and every token it gave out end now."""
    registrar = _registrar(hub)
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)
        client = service_accounts.in_use(session, service).client
    key = registrar.new_key(client)
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        service_accounts.key_was_made(session, service)
    return Key(client=client, key=key, issuer=hub.settings.issuer_url)


@router.post("/service-accounts/{service}/removal", status_code=204, dependencies=MAY, response_class=Response)
def remove_account(service: Slug, hub: HubDep, caller: Caller) -> Response:
    """Remove an account for good: it is recognised no more, and its client at the issuer is closed."""
    with hub.services.database.begin(Asker(person_id=caller.subject.person_id)) as session:
        who(session)
        client = service_accounts.find(session, service).client
        service_accounts.remove(session, service)
    if hub.registrar is not None:
        hub.registrar.close(client)  # what the issuer still knows is refused here all the same
    return Response(status_code=204)


def _subject(hub: Hub, registrar: Registrar, client: str, key: str) -> PersonId:
    """Return the id the issuer gave the account, out of a first token that is verified like every other."""
    made = hub.verifier.signed_in(registrar.token_of(client, key))
    if made.service != client:
        raise DependencyError("The issuer made another client than was asked for.")
    return made.subject.person_id


def _registrar(hub: Hub) -> Registrar:
    if hub.registrar is None:
        raise DependencyError("This hub has no registrar at its issuer, so programs' accounts can't be kept.")
    return hub.registrar


def _shape(one: ServiceAccount) -> ServiceAccountShape:
    return ServiceAccountShape(**vars(one))
