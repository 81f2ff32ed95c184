"""What the UI process is told by its environment: three sockets, two addresses, one secret."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

#: A socket's address must fit into `sockaddr_un`.
LONGEST_SOCKET_PATH = 100


class UiSettingsError(Exception):
    """A setting of the UI is missing or wrong; the message says which and what it should look like."""


def _address(value: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an address such as http://localhost:8080")
    return value.rstrip("/")


def _origin(value: str) -> str:
    from urllib.parse import urlsplit

    if urlsplit(value).path:
        raise ValueError("must have no path: the UI lives at the root of its address")
    return value


def _socket(value: Path) -> Path:
    if not value.is_absolute() or len(str(value)) > LONGEST_SOCKET_PATH:
        raise ValueError(f"must be an absolute path of at most {LONGEST_SOCKET_PATH} characters")
    return value


Socket = Annotated[Path, AfterValidator(_socket)]
Address = Annotated[str, AfterValidator(_address)]


class UiSettings(BaseSettings):
    """The UI's settings; every variable begins with HUB_."""

    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True, extra="forbid", hide_input_in_errors=True)

    ui_socket: Socket
    ui_url: Annotated[str, AfterValidator(_address), AfterValidator(_origin)] = "http://localhost:8080"
    api_socket: Socket
    issuer_socket: Socket
    issuer_url: Address
    ui_cookie_secret: Annotated[SecretStr, Field(min_length=32)]
    api_timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    #: The model may think this long before its first word.
    answer_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 300.0
    max_upload_mib: Annotated[int, Field(ge=1, le=2048)] = 200


@cache
def settings() -> UiSettings:
    """Return the settings, read once.

    Raises UiSettingsError.
    """
    try:
        return UiSettings()  # type: ignore[call-arg]  # from the environment
    except ValidationError as error:
        faults = "; ".join(
            f"HUB_{'_'.join(str(p) for p in e['loc'])}".upper() + f": {e['msg']}" for e in error.errors()
        )
        raise UiSettingsError(f"The UI can't start ({faults}). The variables are described in ui/README.md.") from None
