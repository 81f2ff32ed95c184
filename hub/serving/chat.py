"""Chat by llama.cpp's own server inside this process: one request in, one answer or a stream of chunks out."""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, Protocol

from catalog.errors import DataHubError, ModelFileError

#: Fields of llama.cpp's answers that say something about other requests or this machine.
_PRIVATE: Final = ("timings", "system_fingerprint")


class ChatError(DataHubError):
    """The chat model could not answer."""

    def __init__(self, message: str, *, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class ChatModel(Protocol):
    """What answers."""

    def complete(self, request: dict[str, object]) -> dict[str, Any]:
        """Return the whole answer; ChatError when there is none."""

    def stream(self, request: dict[str, object]) -> AsyncIterator[dict[str, Any]]:
        """Return the answer in chunks; ChatError before the first when there is none."""


class LlamaChat:
    """A GGUF model, loaded once. Requests queue up inside llama.cpp."""

    def __init__(self, weights: Path, *, name: str, run_dir: Path, threads: int, context_tokens: int) -> None:
        self._name = name
        # llama.cpp insists on listening: on a socket that is taken away at once, behind a key nobody knows.
        unused = run_dir / "chat.sock"
        unused.unlink(missing_ok=True)
        try:
            self._server = _load(weights, unused, threads=threads, context_tokens=context_tokens)
        except RuntimeError as error:
            raise ModelFileError(f"The chat model {name} can't be loaded: llama.cpp refuses the file.") from error
        finally:
            unused.unlink(missing_ok=True)

    def complete(self, request: dict[str, object]) -> dict[str, Any]:
        """Return the whole answer; ChatError when there is none."""
        return self._checked(self._server.handle_chat_completions(request))

    async def stream(self, request: dict[str, object]) -> AsyncIterator[dict[str, Any]]:
        """Return the answer in chunks, made in a thread of its own; ends with it when nobody listens any more."""
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        abandoned = threading.Event()

        def take(chunk: dict[str, Any] | None) -> bool:
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            return abandoned.is_set()  # true stops the model

        def work() -> None:
            try:
                self._server.handle_chat_completions(request, take)
            finally:
                take(None)

        thread = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            while (chunk := await chunks.get()) is not None:
                yield self._checked(chunk)
        finally:
            abandoned.set()
            await asyncio.shield(thread)

    def _checked(self, found: dict[str, Any]) -> dict[str, Any]:
        if "error" in found:
            raise _translated(found["error"])
        kept = {name: value for name, value in found.items() if name not in _PRIVATE}
        return {**kept, "model": self._name}


def _load(weights: Path, socket: Path, *, threads: int, context_tokens: int) -> Any:  # noqa: ANN401  # comes untyped
    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostnames = [str(socket)]
    params.api_keys = [secrets.token_urlsafe(32)]
    params.n_ctx, params.n_parallel = context_tokens, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers, params.fit_params = 0, False
    params.cache_prompt, params.cache_ram_mib, params.n_ctx_checkpoints = True, 0, 0
    params.ctx_shift = False
    params.offline, params.ui, params.endpoint_slots, params.endpoint_props = True, False, False, False
    params.endpoint_metrics, params.server_tools, params.models_autoload = False, [], False
    params.n_threads_http, params.verbosity = 1, 0
    return xllamacpp.Server(params)


def _translated(error: dict[str, Any]) -> ChatError:
    """llama.cpp's error in our words; its own message may quote the prompt, so it is not passed on."""
    match error.get("type"):
        case "exceed_context_size_error":
            size, window = error.get("n_prompt_tokens"), error.get("n_ctx")
            return ChatError(
                f"The prompt has {size} tokens and the model's window holds {window}. Send fewer or shorter passages, "
                "or raise HUB_MODEL_CONTEXT_TOKENS.",
                status=400,
                code="context_length_exceeded",
            )
        case "invalid_request_error":
            return ChatError("The chat model refuses this request.", status=400, code="invalid_request")
        case _:
            return ChatError("The chat model failed. Look at logs/model.log.", status=500, code="model_failed")
