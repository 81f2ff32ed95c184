"""What the embedded stack may be told: where its data folder is, who runs Postgres, how long it waits."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings

from catalog.settings import CONFIG


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
    free_disk_min_bytes: Annotated[int, Field(ge=0)] = 512 << 20  # below this `hub up` refuses
