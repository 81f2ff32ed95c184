"""What answering needs, built once at the composition root and passed as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog.db import Database
from catalog.embedding import EmbeddingClient
from hub.generate import Writer
from hub.settings import ApiSettings


@dataclass(frozen=True, kw_only=True)
class Models:
    """What one endpoint serves: an embedder and a chat model."""

    embedder: EmbeddingClient
    writer: Writer


@dataclass(frozen=True, kw_only=True)
class Services:
    """One role's database, the preferred endpoint's embedder and chat model, the other endpoints, the settings."""

    database: Database
    embedder: EmbeddingClient
    writer: Writer
    settings: ApiSettings
    elsewhere: Mapping[str, Models] = field(default_factory=dict)

    def at(self, endpoint: str) -> Models:
        """Return what the endpoint of that name serves."""
        preferred = endpoint == self.settings.endpoint_place
        return Models(embedder=self.embedder, writer=self.writer) if preferred else self.elsewhere[endpoint]

    def close(self) -> None:
        """Give every connection back."""
        for models in (Models(embedder=self.embedder, writer=self.writer), *self.elsewhere.values()):
            models.embedder.close()
            models.writer.close()
        self.database.close()


def open_services(settings: ApiSettings) -> Services:
    """Open what answering needs, as the API's database role."""
    here = _models(settings.endpoint_place, settings.model_socket, settings)
    return Services(
        database=Database(settings.url("hub_api"), pool_size=settings.database_pool_size),
        embedder=here.embedder,
        writer=here.writer,
        settings=settings,
        elsewhere={place: _models(place, socket, settings) for place, socket in settings.more_endpoints.items()},
    )


def _models(place: str, socket: Path, settings: ApiSettings) -> Models:
    return Models(
        embedder=EmbeddingClient(socket, timeout_s=settings.embed_timeout_s),
        writer=Writer(
            socket, place=place, timeout_s=settings.generate_timeout_s, max_tokens=settings.max_answer_tokens
        ),
    )
