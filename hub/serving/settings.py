"""What the model server is told: where it listens, which models it runs, and how much one request may ask."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ModelServerSettings(BaseSettings):
    """Variables `HUB_MODEL_…`."""

    model_config = SettingsConfigDict(env_prefix="HUB_MODEL_", frozen=True, extra="forbid")

    socket: Annotated[Path, Field(description="the UNIX socket to listen on")]
    folder: Annotated[Path, Field(description="the models folder, with registry.json")]
    embedding: Annotated[str | None, Field(description="name of the embedding model; default: imported last")] = None
    chat: Annotated[str | None, Field(description="name of the chat model; default: imported last")] = None
    threads: Annotated[int, Field(ge=1, le=256, description="processor threads")] = 2
    context_tokens: Annotated[int, Field(ge=512, le=131_072, description="window of the chat model")] = 4096
    max_answer_tokens: Annotated[int, Field(ge=1, le=32_768, description="longest answer")] = 1024
