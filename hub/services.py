"""What answering needs, built once at the composition root and passed as an argument."""

from dataclasses import dataclass

from catalog.db import Database
from catalog.embedding import EmbeddingClient
from hub.generate import Writer
from hub.settings import ApiSettings


@dataclass(frozen=True, kw_only=True)
class Services:
    """One role's database, the embedder, the chat model, and this site's settings."""

    database: Database
    embedder: EmbeddingClient
    writer: Writer
    settings: ApiSettings
