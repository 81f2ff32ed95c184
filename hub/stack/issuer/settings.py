"""What the development issuer is told, and where it may listen: a UNIX socket or loopback, nowhere else."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.identity.addresses import is_safe_address
from hub.stack.keycloak.realm import REALM, REALM_FILE

DEFAULT_URL: Final = f"http://127.0.0.1:8082/realms/{REALM}"
_ADDRESS: Final = re.compile(r"(?:\[([0-9a-fA-F:]+)\]|([0-9.]+)):([0-9]{1,5})")
_MAX_PORT: Final = 65_535


class IssuerSettings(BaseSettings):
    """Variables `HUB_ISSUER_…`."""

    model_config = SettingsConfigDict(env_prefix="HUB_ISSUER_", frozen=True, extra="forbid", hide_input_in_errors=True)

    socket: Annotated[str, Field(description="a UNIX socket's path, or a loopback address such as 127.0.0.1:8082")]
    url: Annotated[str, Field(description="the issuer's public address, as tokens name it")] = DEFAULT_URL
    realm_file: Annotated[Path, Field(description="the realm file, as Keycloak imports it")] = REALM_FILE
    api_socket: Annotated[Path | None, Field(description="the API's socket, told when a session ends")] = None
    secrets_dir: Annotated[Path, Field(description="where the signing key and the demo's password lie")]

    @field_validator("socket")
    @classmethod
    def _stays_on_this_machine(cls, value: str) -> str:
        listen_address(value)
        return value

    @field_validator("url")
    @classmethod
    def _is_an_issuers(cls, value: str) -> str:
        parts = urlsplit(value)
        if not is_safe_address(value) or parts.query:
            raise ValueError("the issuer's address begins with https://, or with http:// and a loopback host")
        if not re.fullmatch(r"/realms/[a-z0-9-]+", parts.path) or parts.fragment:
            raise ValueError("the issuer's address ends in /realms/NAME")
        return value


def listen_address(value: str) -> Path | tuple[str, int]:
    """Return a socket's path, or a loopback address and port; ValueError for what others could reach."""
    if value.startswith("/"):
        return Path(value)
    match = _ADDRESS.fullmatch(value)
    if match is None or not 0 <= int(match[3]) <= _MAX_PORT:
        raise ValueError("name a UNIX socket by its whole path, or an address such as 127.0.0.1:8082")
    address = ip_address(match[1] or match[2])
    if not address.is_loopback:
        raise ValueError("the development issuer listens on a UNIX socket or on loopback, where nobody else comes")
    return str(address), int(match[3])
