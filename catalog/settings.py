"""Where the database and the object store are, and where this site stands."""

from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

from catalog.errors import SettingsError

S = TypeVar("S", bound=BaseModel)

#: pydantic-settings options every process' settings share.
CONFIG = SettingsConfigDict(env_prefix="HUB_", frozen=True, extra="forbid", hide_input_in_errors=True)


class SiteSettings(BaseSettings):
    """The names under which this site's own parts are registered as places.

    There is no default: a hub that doesn't know where it stands must not start.
    """

    model_config = CONFIG

    site: Annotated[str, Field(min_length=1)]
    database_place: Annotated[str, Field(min_length=1)]
    store_place: Annotated[str, Field(min_length=1)]
    worker_place: Annotated[str, Field(min_length=1)]
    endpoint_place: Annotated[str, Field(min_length=1)]
    #: The network zone of whoever is at this site itself.
    zone_place: Annotated[str, Field(min_length=1)]
    #: Further endpoints in order of preference, each with its socket: {"north-endpoint": "/run/north/model.sock"}.
    more_endpoints: dict[Annotated[str, Field(min_length=1)], Path] = {}
    #: Whether this host holds every process as the seal's plan says (measured by whoever starts the process).
    sealed: bool

    @model_validator(mode="after")
    def _each_endpoint_once(self) -> Self:
        if self.endpoint_place in self.more_endpoints:
            raise ValueError(f"more_endpoints names {self.endpoint_place} again, which endpoint_place names first")
        return self


class DatabaseSettings(BaseSettings):
    """How one process reaches Postgres: always by UNIX socket, as one role."""

    model_config = CONFIG

    database_socket_dir: Path
    database_name: str = "hub"
    database_password: SecretStr | None = None  # None: the operating system vouches for the operator
    database_pool_size: Annotated[int, Field(ge=1, le=64)] = 4

    def url(self, role: str) -> URL:
        """Return the address for `role`."""
        password = self.database_password.get_secret_value() if self.database_password else None
        return URL.create(
            "postgresql+psycopg",
            username=role,
            password=password,
            database=self.database_name,
            query={"host": str(self.database_socket_dir)},
        )


def load(kind: type[S], **values: Any) -> S:  # noqa: ANN401  # settings take values of many types
    """Build settings, or say which variable is wrong and what it should look like.

    Raises SettingsError.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        faults = (f"{prefix}{'_'.join(str(p) for p in e['loc'])}".upper() + f": {e['msg']}" for e in error.errors())
        raise SettingsError(
            f"{kind.__name__} can't be read ({'; '.join(faults)}). The variables are described in README.md."
        ) from None
