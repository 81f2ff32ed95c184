"""Makes a database ready for a hub of separate parts: schema, passwords, places. `python -m hub.stack.provision`."""

import sys
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

import migrations
from catalog import models, places
from catalog.db import Database, Operator
from catalog.errors import DataHubError, DependencyError
from catalog.settings import load
from catalog.vocabulary import PlaceKind
from hub.models.registry import Registry
from hub.models.served import of_registry
from hub.stack.credentials import ROLES, change_passwords
from hub.stack.site import Site

EXIT_REFUSED: Final = 78
SUPERUSER: Final = "postgres"


class ProvisionSettings(BaseSettings):
    """Variables `HUB_PROVISION_…`."""

    model_config = SettingsConfigDict(
        env_prefix="HUB_PROVISION_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_socket_dir: Path
    database_name: str = "hub"
    database_password: SecretStr
    api_password: SecretStr
    worker_password: SecretStr
    steward_password: SecretStr
    auditor_password: SecretStr
    reader_password: SecretStr
    site: Annotated[str, Field(min_length=1)]
    jurisdiction: Annotated[str, Field(min_length=2)]
    operator: Annotated[str, Field(min_length=1)]
    legal_control: tuple[str, ...] = ()
    #: The models folder: what this site's endpoint serves, and where that comes from, is known from its registry.
    model_folder: Path | None = None

    @property
    def url(self) -> URL:
        """The address for the superuser."""
        return URL.create(
            "postgresql+psycopg",
            username=SUPERUSER,
            password=self.database_password.get_secret_value(),
            database=self.database_name,
            query={"host": str(self.database_socket_dir)},
        )


def provision(settings: ProvisionSettings) -> None:
    """Bring the database to today's; safe to run again. DependencyError, and the schema as it was, when that fails."""
    try:
        migrations.apply(settings.url)
    except SQLAlchemyError as error:
        raise DependencyError(f"The schema could not be brought up to date ({type(error).__name__}).") from error
    words = {role: getattr(settings, f"{role.removeprefix('hub_')}_password") for role in ROLES}
    passwords = {role: word.get_secret_value() for role, word in words.items()}
    change_passwords(
        passwords,
        host=str(settings.database_socket_dir),
        dbname=settings.database_name,
        password=settings.database_password.get_secret_value(),
    )
    _register_places(settings)


def _register_places(settings: ProvisionSettings) -> None:
    control = settings.legal_control or (settings.jurisdiction,)
    site = Site(
        site=settings.site, jurisdiction=settings.jurisdiction, operator=settings.operator, legal_control=control
    )
    database = Database(settings.url, pool_size=1)
    try:
        with database.begin(Operator(name="provision")) as session:
            for kind in PlaceKind:
                places.register(
                    session,
                    name=site.place(kind),
                    kind=kind,
                    jurisdiction=site.jurisdiction,
                    operator=site.operator,
                    legal_control=site.legal_control,
                )
            if settings.model_folder is not None:
                served = of_registry(Registry(settings.model_folder), {})
                models.serve(session, site.place(PlaceKind.ENDPOINT), served)
    finally:
        database.close()


def main() -> int:
    """Provision once; EXIT_REFUSED with one sentence when it can't."""
    try:
        provision(load(ProvisionSettings))
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
