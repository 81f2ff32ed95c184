"""What the worker process is told by its environment: where things are, and its limits with their units."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from catalog.settings import CONFIG, DatabaseSettings, SiteSettings


class WorkerSettings(DatabaseSettings, SiteSettings):
    """The worker's settings; every variable begins with HUB_."""

    model_config = CONFIG

    database_password: SecretStr  # the worker has no other way in
    objects_dir: Path | None = None
    s3_endpoint: str | None = None  # host:port, instead of objects_dir
    s3_bucket: str | None = None
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_region: Annotated[str, Field(min_length=1)] = "us-east-1"  # what the server calls its place: only a label
    s3_tls: bool = True
    model_socket: Path
    parser_socket: Path
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

    @model_validator(mode="after")
    def one_object_store(self) -> Self:
        """Exactly one store, and an S3 one with all it needs."""
        bucket = (self.s3_endpoint, self.s3_bucket, self.s3_access_key, self.s3_secret_key)
        if self.objects_dir is None and None in bucket:
            raise ValueError("set HUB_OBJECTS_DIR, or HUB_S3_ENDPOINT with HUB_S3_BUCKET and both keys")
        if self.objects_dir is not None and any(part is not None for part in bucket):
            raise ValueError("set HUB_OBJECTS_DIR or the HUB_S3_ variables, not both")
        return self
