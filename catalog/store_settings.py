"""Which object store a process is told to use: a local folder, or a bucket of an S3 server."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from catalog.errors import SettingsError
from catalog.objects import FolderStore, S3Store, s3_client
from catalog.settings import CONFIG

_ENDPOINT = r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$"
_BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"


class StoreSettings(BaseSettings):
    """`HUB_OBJECTS_DIR`, or the `HUB_S3_…` variables; never both."""

    model_config = CONFIG

    objects_dir: Path | None = None
    s3_endpoint: Annotated[str, Field(pattern=_ENDPOINT)] | None = None  # host:port, instead of objects_dir
    s3_bucket: Annotated[str, Field(pattern=_BUCKET)] | None = None
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_region: Annotated[str, Field(min_length=1)] = "us-east-1"  # what the server calls its place: only a label
    s3_tls: bool = True

    @model_validator(mode="after")
    def one_object_store(self) -> Self:
        """Exactly one store, and an S3 one with all it needs."""
        bucket = (self.s3_endpoint, self.s3_bucket, self.s3_access_key, self.s3_secret_key)
        if self.objects_dir is None and None in bucket:
            raise ValueError(
                "set HUB_OBJECTS_DIR, or HUB_S3_ENDPOINT with HUB_S3_BUCKET, HUB_S3_ACCESS_KEY and HUB_S3_SECRET_KEY"
            )
        if self.objects_dir is not None and any(part is not None for part in bucket):
            raise ValueError("set HUB_OBJECTS_DIR or the HUB_S3_ variables, not both")
        return self

    @property
    def identity(self) -> str:
        """Which store it is, without its keys."""
        return "folder" if self.objects_dir is not None else f"s3://{self.s3_endpoint}/{self.s3_bucket}"

    def bucket(self, place: str) -> S3Store:
        """Return the S3 store. SettingsError when a folder was named."""
        if self.s3_endpoint is None or self.s3_access_key is None or self.s3_secret_key is None:
            raise SettingsError("No S3 store is set: HUB_S3_ENDPOINT with HUB_S3_BUCKET and both keys.")
        client = s3_client(
            endpoint=self.s3_endpoint,
            access_key=self.s3_access_key.get_secret_value(),
            secret_key=self.s3_secret_key.get_secret_value(),
            region=self.s3_region,
            tls=self.s3_tls,
        )
        return S3Store(client, self.s3_bucket or "", place=place)

    def store(self, place: str) -> FolderStore | S3Store:
        """Return the store, standing in a registered place."""
        return self.bucket(place) if self.objects_dir is None else FolderStore(self.objects_dir, place=place)
