"""What the embedded stack may be told: where its data folder is, who runs Postgres, how long it waits."""

from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from catalog.settings import CONFIG


def _own_address(value: IPv4Address) -> IPv4Address:
    if value.is_unspecified or value == IPv4Address("127.0.0.1"):
        raise ValueError("must be an address of its own: every one of them, and the site's, is no zone")
    return value


ZoneName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


class StackSettings(BaseSettings):
    """Read once by `hub up` and its sisters."""

    model_config = CONFIG

    data_dir: Path = Path(".hub")
    service_user: Annotated[str, Field(min_length=1, max_length=32)] = "nobody"  # Postgres, when the hub runs as root
    start_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 120.0  # for each part
    stop_timeout_s: Annotated[float, Field(gt=0, le=600)] = 10.0  # for each part, then it is killed
    restart_first_delay_s: Annotated[float, Field(gt=0, le=60)] = 0.5  # doubles with each failure in a row
    restart_longest_delay_s: Annotated[float, Field(gt=0, le=3600)] = 30.0
    start_attempts: Annotated[int, Field(ge=1, le=100)] = 3  # before the first start is given up
    log_max_bytes: Annotated[int, Field(ge=10_000, le=1 << 30)] = 10 << 20  # of one part's log, kept with one older
    doors: bool = True  # whether people come in: issuer, API, UI and ingress
    ui_port: Port = 8080  # on loopback, like the next two
    api_port: Port = 8081
    issuer_port: Port = 8082
    #: Further network zones programs come in through, each by an address of this machine: {"north-zone": "10.0.8.1"}.
    zones: dict[ZoneName, Annotated[IPv4Address, AfterValidator(_own_address)]] = {}
    free_disk_min_bytes: Annotated[int, Field(ge=0)] = 512 << 20  # below this `hub up` refuses

    @property
    def ui_url(self) -> str:
        """Where people find the hub. Not the issuer's host name: cookies don't tell ports apart."""
        return f"http://localhost:{self.ui_port}"

    @property
    def api_url(self) -> str:
        """Where programs find the hub."""
        return f"http://localhost:{self.api_port}"

    @property
    def issuer_url(self) -> str:
        """The issuer as tokens name it."""
        return f"http://127.0.0.1:{self.issuer_port}/realms/hub"
