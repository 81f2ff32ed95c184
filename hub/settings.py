"""What the process that answers questions must be told."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from catalog.settings import DatabaseSettings, SiteSettings


class ApiSettings(SiteSettings, DatabaseSettings):
    """Read once at the composition root."""

    model_socket: Path
    embed_timeout_s: Annotated[float, Field(gt=0, le=600)] = 60.0
    generate_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 120.0
    max_question_characters: Annotated[int, Field(ge=1, le=10_000)] = 2_000
    passages_per_answer: Annotated[int, Field(ge=1, le=20)] = 3
    max_answer_tokens: Annotated[int, Field(ge=16, le=2_048)] = 96
    #: Below this cosine between question and chunk, a chunk that shares no word with the question is no candidate.
    min_similarity: Annotated[float, Field(ge=-1, le=1)] = 0.25


class DoorSettings(ApiSettings):
    """What the API process is told besides: its door, its other roles, and who vouches for people."""

    api_socket: Path  # of this site's own zone
    #: Other network zones, each with a socket of its own that its ingress alone reaches: the socket says the zone.
    zone_sockets: dict[Annotated[str, Field(min_length=1, max_length=120)], Path] = Field(default_factory=dict)
    #: Host names people and programs may call it by; another one is refused (DNS rebinding).
    api_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "api")
    database_password_steward: SecretStr
    database_password_auditor: SecretStr
    issuer_url: str
    #: The way to the issuer and what the API proves itself by there, to have agents' tokens made; both or no agents.
    issuer_socket: Path | None = None
    issuer_api_secret: SecretStr | None = None
    #: What the API proves itself by as the registrar, to keep programs' clients; without it there are no new ones.
    issuer_registrar_secret: SecretStr | None = None
    #: The issuer's public keys, brought as a file by the key-fetcher.
    issuer_keys_file: Path
    #: Uploads wait here, on the disk of the data, until they are stored whole.
    incoming_dir: Path
    #: Where the metered reader draws pages of originals; without it none are shown.
    reader_socket: Path | None = None
    #: The data folder of a hub on one machine: what its supervisor wrote of the parts, for admins and auditors.
    data_dir: Path | None = None
    max_upload_bytes: Annotated[int, Field(ge=1)] = 2_000_000_000
    max_request_bytes: Annotated[int, Field(ge=1024, le=1_000_000)] = 65_536
    answers_at_once: Annotated[int, Field(ge=1, le=256)] = 64

    @property
    def sockets(self) -> dict[str, Path]:
        """Network zone → the socket its people come in by."""
        return {self.zone_place: self.api_socket, **self.zone_sockets}

    @model_validator(mode="after")
    def _one_socket_a_zone(self) -> Self:
        if self.zone_place in self.zone_sockets:
            raise ValueError(f"zone_sockets names {self.zone_place} again, whose socket is api_socket")
        if len({path.with_suffix("") for path in self.sockets.values()}) < len(self.sockets):
            raise ValueError("two network zones share a socket, or two that differ in their suffix alone")
        return self
