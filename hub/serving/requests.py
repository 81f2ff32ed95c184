"""What may be asked of the model server: a strict part of OpenAI's API. Anything else is refused, by name."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", frozen=True)
_Text = Annotated[str, Field(max_length=100_000)]


class EmbeddingsRequest(BaseModel):
    """POST /v1/embeddings."""

    model_config = _STRICT

    input: Annotated[list[_Text], Field(min_length=1, max_length=512)] | _Text
    model: Annotated[str, Field(max_length=80)] | None = None
    encoding_format: Literal["float", "base64"] = "float"
    input_type: Literal["document", "query"] = "document"  # ours: some models want a prefix for questions

    @property
    def texts(self) -> list[str]:
        """The inputs, always as a list."""
        return [self.input] if isinstance(self.input, str) else list(self.input)


class Message(BaseModel):
    """One turn. Text only: an image by address would make the server fetch it."""

    model_config = _STRICT

    role: Literal["system", "user", "assistant"]
    content: _Text


class StreamOptions(BaseModel):
    """Whether the last chunk counts tokens."""

    model_config = _STRICT

    include_usage: bool = False


class ChatRequest(BaseModel):
    """POST /v1/chat/completions. No tools, no remote content, no grammar, no sampling beyond temperature and top_p."""

    model_config = _STRICT

    messages: Annotated[list[Message], Field(min_length=1, max_length=64)]
    model: Annotated[str, Field(max_length=80)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=32_768)] = 512
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: Annotated[int, Field(ge=0, le=2**32 - 2)] = 1
    stop: Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(max_length=8)] | None = None
    stream: bool = False
    stream_options: StreamOptions | None = None

    def for_llama(self, *, max_answer_tokens: int) -> dict[str, object]:
        """Return the request as llama.cpp's server takes it."""
        found: dict[str, object] = {
            "messages": [message.model_dump() for message in self.messages],
            "max_tokens": min(self.max_tokens, max_answer_tokens),
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
            "cache_prompt": True,
            "stream": self.stream,
        }
        if self.stop:
            found["stop"] = self.stop
        if self.stream_options is not None and self.stream_options.include_usage:
            found["stream_options"] = {"include_usage": True}
        return found
