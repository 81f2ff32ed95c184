"""What the worker and the reader are told by their environment: where things are, and its limits with their units."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from catalog.settings import CONFIG, DatabaseSettings, SiteSettings
from catalog.store_settings import StoreSettings


class WorkerSettings(StoreSettings, DatabaseSettings, SiteSettings):
    """The worker's settings; every variable begins with HUB_."""

    model_config = CONFIG

    database_password: SecretStr  # the worker has no other way in
    model_socket: Path
    parser_socket: Path
    #: Labels of what was made from the hub's data, for the nightly scan; without it files are not looked at.
    labels_dir: Path | None = None
    model_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 120.0
    worker_name: Annotated[str, Field(min_length=1, max_length=60)] = "worker"
    worker_concurrency: Annotated[int, Field(ge=1, le=16)] = 1
    worker_alone: bool = False  # true where only one worker exists: it may take over what was claimed before it started
    worker_max_attempts: Annotated[int, Field(ge=1, le=10_000)] = 100
    worker_max_deaths: Annotated[int, Field(ge=1, le=100)] = 5
    worker_stalled_after_s: Annotated[float, Field(ge=5, le=3600)] = 20.0
    max_document_bytes: Annotated[int, Field(ge=1, le=2**31)] = 100 * 1024 * 1024
    max_text_characters: Annotated[int, Field(ge=1, le=2**30)] = 20_000_000
    parser_cpu_s_per_10_mib: Annotated[int, Field(ge=1, le=3600)] = 60
    parser_wall_factor: Annotated[int, Field(ge=1, le=100)] = 4


class ReaderSettings(StoreSettings, DatabaseSettings):
    """The metered reader's settings; every variable begins with HUB_."""

    model_config = CONFIG

    database_password: SecretStr  # the reader has no other way in
    store_place: Annotated[str, Field(min_length=1)]
    parser_socket: Path
    reader_socket: Path
    reader_at_once: Annotated[int, Field(ge=1, le=16)] = 2
    reader_cpu_s: Annotated[int, Field(ge=1, le=600)] = 10
    reader_wall_s: Annotated[float, Field(gt=0, le=600)] = 20.0
    max_document_bytes: Annotated[int, Field(ge=1, le=2**31)] = 100 * 1024 * 1024
