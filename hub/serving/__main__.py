"""Starts the model server: prove the walls, check every digest, load, listen. `python -m hub.serving`."""

import logging
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from catalog.errors import DataHubError
from catalog.settings import load
from catalog.vocabulary import ModelKind
from hub.models.registry import ModelRecord, Registry
from hub.seal import probe
from hub.seal.sockets import listen
from hub.serving.settings import ModelServerSettings

if TYPE_CHECKING:
    from hub.serving.app import Loaded
    from hub.serving.chat import LlamaChat
    from hub.serving.embedder import Embedder

EXIT_REFUSED: Final = 78


def main() -> int:
    """Serve until a signal; EXIT_REFUSED with one sentence when a wall, a setting or a weights file is wrong."""
    logging.basicConfig(level=logging.WARNING)
    try:
        probe.assert_sealed()
        settings = load(ModelServerSettings)
        loaded = _load(settings)
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    _serve(settings, loaded)
    return 0


def _load(settings: ModelServerSettings) -> "Loaded":
    """Check the digests, loading the libraries meanwhile; then load both models at the same time."""
    registry = Registry(settings.folder)
    embedding = registry.choose(ModelKind.EMBEDDING, settings.embedding)
    chat = registry.choose(ModelKind.CHAT, settings.chat)
    with ThreadPoolExecutor(2) as pool:
        checks: list[Future[None]] = [pool.submit(registry.verify, model) for model in (embedding, chat)]
        from hub.serving.app import Loaded

        for check in checks:
            check.result()
        embedder = pool.submit(_embedder, registry, embedding, settings)
        answerer = pool.submit(_chat, registry, chat, settings)
        return Loaded(
            embedding=embedding,
            embedder=embedder.result(),
            chat=chat,
            answerer=answerer.result(),
            max_answer_tokens=settings.max_answer_tokens,
        )


def _embedder(registry: Registry, model: ModelRecord, settings: ModelServerSettings) -> "Embedder":
    from hub.serving.embedder import Embedder

    loaded = Embedder(
        registry.folder / model.file("model.xml").path,
        registry.folder / model.file("tokenizer.json").path,
        max_tokens=model.max_tokens or 256,
        threads=settings.threads,
    )
    loaded.embed(["ready"])
    return loaded


def _chat(registry: Registry, model: ModelRecord, settings: ModelServerSettings) -> "LlamaChat":
    from hub.serving.chat import LlamaChat

    return LlamaChat(
        registry.folder / model.file("model.gguf").path,
        name=model.name,
        run_dir=settings.socket.parent,
        threads=settings.threads,
        context_tokens=settings.context_tokens,
    )


def _serve(settings: ModelServerSettings, loaded: "Loaded") -> None:
    import uvicorn

    from hub.serving.app import create_app

    app = create_app(loaded)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listen(settings.socket)])


if __name__ == "__main__":
    sys.exit(main())
