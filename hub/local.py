"""Opens what a command needs of the hub on this machine: as the operator, or as a verified person.

Libraries that talk to models load only where they are used: a command that asks the database must not wait for them.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy.orm import Session

from catalog import people
from catalog.db import Database, Operator
from catalog.errors import DependencyError, SettingsError
from catalog.settings import load
from catalog.vocabulary import PlaceKind
from hub.settings import ApiSettings
from hub.stack.credentials import database_passwords
from hub.stack.folder import DataFolder
from hub.stack.parts import database_of
from hub.stack.settings import StackSettings
from hub.stack.site import read_site
from hub.stack.status import host_is_sealed

if TYPE_CHECKING:
    from catalog.policy.model import Subject, Surroundings
    from hub.services import Services


def data_folder() -> DataFolder:
    """Return the data folder this command is about; SettingsError where there is none."""
    return DataFolder.existing(load(StackSettings).data_dir)


@contextmanager
def operator_session() -> Iterator[Session]:
    """Open a transaction as the operator: the operating system vouches for them, the audit trail names them."""
    folder = data_folder()
    database = Database(database_of(folder, load(StackSettings)).url("hub_operator"), pool_size=1)
    try:
        with database.begin(Operator(name=getpass.getuser())) as session:
            yield session
    finally:
        database.close()


@contextmanager
def residency_session() -> Iterator[tuple[Session, "Surroundings"]]:
    """Open a transaction as the operator, with where this hub's parts stand."""
    from catalog.policy.facts import surroundings

    settings = api_settings(data_folder())
    with operator_session() as session:
        yield session, surroundings(session, settings, sealed=settings.sealed)


def api_settings(folder: DataFolder) -> ApiSettings:
    """Return what the answering process would be told on this machine."""
    site = read_site(folder)
    if site is None:
        raise DependencyError("This hub was never started. Start it with `hub up --jurisdiction DE`.")
    database = database_of(folder, load(StackSettings))
    return load(
        ApiSettings,
        site=site.place(PlaceKind.SITE),
        database_place=site.place(PlaceKind.DATABASE),
        store_place=site.place(PlaceKind.STORE),
        worker_place=site.place(PlaceKind.WORKER),
        endpoint_place=site.place(PlaceKind.ENDPOINT),
        zone_place=site.place(PlaceKind.ZONE),
        sealed=host_is_sealed(folder),
        database_socket_dir=database.socket_dir,
        database_password=SecretStr(database_passwords(folder)["hub_api"]),
        model_socket=folder.model_socket,
    )


@contextmanager
def services() -> Iterator["Services"]:
    """Open what answering needs, as the API's database role."""
    from hub.services import open_services

    made = open_services(api_settings(data_folder()))
    try:
        yield made
    finally:
        made.close()


def issue_token(slug: str, *, life_s: int = 300) -> str:
    """Return an access token for the person `slug`, signed by the stack's development key and audited."""
    from catalog.audit import AuditEvent, record
    from catalog.vocabulary import EventType
    from hub.identity.development import DevelopmentKey

    key = DevelopmentKey(data_folder().secrets_dir / "development-key.json")
    with operator_session() as session:
        person = people.find_person(session, slug)
        record(session, AuditEvent(type=EventType.TOKEN_ISSUED, object=f"person:{person.id}", detail={"slug": slug}))
    return key.token_for(person, life_s=life_s)


def verified(token: str) -> "Subject":
    """Return who a token speaks for; raises IdentityError."""
    from hub.identity import Verifier
    from hub.identity.development import RULES, DevelopmentKey

    key = DevelopmentKey(data_folder().secrets_dir / "development-key.json")
    return Verifier(key.public_keys(), RULES).verify(token)


def subject_of(person: str | None, token: str | None) -> "Subject":
    """Return the verified subject of `--as PERSON`, else of the token; raises SettingsError when nobody is named.

    Whoever has a terminal on this machine is at the site: that is the zone they come in through.
    """
    from dataclasses import replace

    if not person and not token:
        raise SettingsError("Say who asks: --as PERSON (see `hub person list`), or --token TOKEN.")
    found = verified(issue_token(person) if person else token or "")
    return replace(found, zone=api_settings(data_folder()).zone_place)
