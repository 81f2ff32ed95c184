"""What the process that answers questions must be told."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

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
