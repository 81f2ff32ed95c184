"""Where a person's own commands find the issuer and the API, and where they keep their sign-in."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from catalog.settings import CONFIG
from hub.identity.addresses import is_safe_address
from hub.identity.kept import Place, place_of


class PersonSettings(BaseSettings):
    """Variables of `hub login`, `hub whoami` and `hub logout`."""

    model_config = CONFIG

    issuer_url: Annotated[str, Field(description="the issuer people sign in at")] = "http://127.0.0.1:8082/realms/hub"
    api_url: Annotated[str, Field(description="the hub's API")] = "http://localhost:8081"
    token_file: Annotated[Path | None, Field(description="the file the sign-in is kept in, instead of the keyring")] = (
        None
    )

    @field_validator("issuer_url", "api_url")
    @classmethod
    def _nobody_reads_along(cls, value: str) -> str:
        if not is_safe_address(value):
            raise ValueError("an address begins with https://, or with http:// and a loopback host")
        return value.rstrip("/")

    @property
    def token_place(self) -> Place:
        """Where the sign-in is kept: the file that was named, else this machine's keyring, else a file."""
        return place_of(self.token_file)
