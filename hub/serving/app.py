"""The model server's API on its UNIX socket: OpenAI's shape, four routes, strict requests, no text in any log."""

import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse

from catalog.errors import NotFoundError
from hub.models.registry import ModelRecord
from hub.serving.chat import ChatError, ChatModel
from hub.serving.requests import ChatRequest, EmbeddingsRequest


class EmbeddingModel(Protocol):
    """What turns texts into vectors."""

    dimensions: int

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of length 1 for each text."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many word pieces are read of these texts."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The two models, and what the registry knows of them."""

    embedding: ModelRecord
    embedder: EmbeddingModel
    chat: ModelRecord
    answerer: ChatModel
    max_answer_tokens: int


def create_app(loaded: Loaded) -> FastAPI:
    """Build the routes over two loaded models."""
    app = FastAPI(title="Model server", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(ChatError, _on_chat_error)
    app.add_exception_handler(NotFoundError, _on_unknown_model)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_card(loaded.embedding), _card(loaded.chat)]}

    @app.post("/v1/embeddings")
    async def embeddings(request: EmbeddingsRequest) -> Response:
        _expect(request.model, loaded.embedding)
        return await run_in_threadpool(_embed, loaded, request)

    @app.post("/v1/chat/completions")
    async def chat(request: ChatRequest) -> Response:
        _expect(request.model, loaded.chat)
        asked = request.for_llama(max_answer_tokens=loaded.max_answer_tokens)
        if request.stream:
            return await _stream(loaded.answerer.stream(asked), loaded.chat)
        return JSONResponse(_signed(await run_in_threadpool(loaded.answerer.complete, asked), loaded.chat))

    return app


def _card(model: ModelRecord) -> dict[str, Any]:
    """OpenAI's fields, and what tells one revision from another."""
    return {
        "id": model.name,
        "object": "model",
        "created": int(model.imported_at.timestamp()),
        "owned_by": model.source,
        "kind": model.kind,
        "revision": model.sha256,
        "dimensions": model.dimensions,
        "licence": model.licence,
        "origin": model.origin,
        "ancestry": None if model.ancestry is None else [asdict(one) for one in model.ancestry],
    }


def _expect(name: str | None, model: ModelRecord) -> None:
    if name not in {None, model.name}:
        raise NotFoundError(f"This server runs {model.name} for that. Ask for it by this name or by none.")


def _embed(loaded: Loaded, request: EmbeddingsRequest) -> Response:
    prefix = loaded.embedding.prompts.get(request.input_type, "")
    texts = [prefix + text for text in request.texts]
    data = [
        {"object": "embedding", "index": index, "embedding": _encoded(vector, request.encoding_format)}
        for index, vector in enumerate(loaded.embedder.embed(texts))
    ]
    tokens = loaded.embedder.count_tokens(texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    # The revision beside the name: whoever compares vectors must know that the same weights made them.
    made_by = {"model": loaded.embedding.name, "revision": loaded.embedding.sha256}
    return JSONResponse({"object": "list", "data": data, **made_by, "usage": usage})


def _encoded(vector: list[float], encoding_format: str) -> list[float] | str:
    if encoding_format == "base64":
        return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode("ascii")
    return vector


async def _stream(chunks: AsyncIterator[dict[str, Any]], model: ModelRecord) -> Response:
    """Server-sent events. The first chunk is awaited here: an error before it is an error, not a broken stream."""
    first = await anext(chunks, None)

    async def events() -> AsyncIterator[str]:
        async with aclosing(chunks):  # type: ignore[type-var]  # an async generator, closed when the client leaves
            if first is not None:
                yield f"data: {json.dumps(_signed(first, model))}\n\n"
            try:
                async for chunk in chunks:
                    yield f"data: {json.dumps(_signed(chunk, model))}\n\n"
            except ChatError as error:
                yield f"data: {json.dumps(_problem(str(error), error.code))}\n\n"
            yield "data: [DONE]\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _signed(answer: dict[str, Any], model: ModelRecord) -> dict[str, Any]:
    """Return a whole answer or a piece of one with the model that made it, its revision beside the name."""
    return {**answer, "model": model.name, "revision": model.sha256}


def _problem(message: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code}}


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    """Say which field is wrong and why, never what was in it."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    wrong = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in found[:5])
    return JSONResponse(_problem(f"The request is not one this server takes. {wrong}", "invalid_request"), 422)


async def _on_chat_error(_: Request, error: Exception) -> JSONResponse:
    status, code = (error.status, error.code) if isinstance(error, ChatError) else (500, "model_failed")
    return JSONResponse(_problem(str(error), code), status)


async def _on_unknown_model(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse(_problem(str(error), "model_not_found"), 404)
