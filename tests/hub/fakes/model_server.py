"""A model server without models: the real routes over hashing embeddings and an answerer that quotes.

`run(socket)` starts it in a thread; `python model_server.py SOCKET` in a process. What it says about text is
deterministic, so a test can know the answer; what it does over HTTP is the real app.
"""

import hashlib
import math
import re
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from catalog.vocabulary import ModelKind
from hub.models.registry import ModelFile, ModelRecord
from hub.seal.sockets import listen
from hub.serving.app import Loaded, create_app
from hub.serving.chat import ChatError

DIMENSIONS = 384
WINDOW_WORDS = 3000


class HashingEmbedder:
    """Each word adds one to one of 384 places: texts that share words are near each other."""

    dimensions = DIMENSIONS

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> int:
        return sum(len(self._words(text)) for text in texts)

    def _words(self, text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())[:256] or [""]

    def _vector(self, text: str) -> list[float]:
        counts = [0.0] * DIMENSIONS
        for word in self._words(text):
            counts[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % DIMENSIONS] += 1.0
        length = math.sqrt(sum(count * count for count in counts))
        return [count / length for count in counts]


class QuotingChat:
    """Answers with the passage sentence that shares most words with the question or last line, citing its `[n]`."""

    name = "quoting-chat"

    def complete(self, request: dict[str, object]) -> dict[str, Any]:
        text = self._answer(request)
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return {**self._frame("chat.completion"), "choices": [choice], "usage": self._usage(request, text)}

    async def stream(self, request: dict[str, object]) -> AsyncIterator[dict[str, Any]]:
        text = self._answer(request)
        for piece in re.findall(r"\S+\s*", text):
            choice = {"index": 0, "finish_reason": None, "delta": {"role": "assistant", "content": piece}}
            yield {**self._frame("chat.completion.chunk"), "choices": [choice]}
        choice = {"index": 0, "finish_reason": "stop", "delta": {}}
        yield {**self._frame("chat.completion.chunk"), "choices": [choice]}

    def _frame(self, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-fake", "object": kind, "created": 0, "model": self.name}

    def _usage(self, request: dict[str, object], text: str) -> dict[str, int]:
        asked, answered = len(str(request["messages"]).split()), len(text.split())
        return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}

    def _answer(self, request: dict[str, object]) -> str:
        messages = request["messages"]
        assert isinstance(messages, list)
        prompt = "\n".join(str(message["content"]) for message in messages)
        if len(prompt.split()) > WINDOW_WORDS:
            raise ChatError("The prompt is longer than the window.", status=400, code="context_length_exceeded")
        asked = re.findall(r"^Question: (.+)$", prompt, re.MULTILINE) or prompt.strip().splitlines()
        question = set(re.findall(r"\w{4,}", asked[-1].lower()))
        best, score = "I don't know.", 1
        passages = prompt.rsplit("\n\nQuestion: " if "\n\nQuestion: " in prompt else "\n\n", 1)[0]
        for number, passage in re.findall(r"^\[(\d+)\][:\s]*(.+?)(?=^\[\d+\]|\Z)", passages, re.MULTILINE | re.DOTALL):
            for sentence in re.split(r"(?<=[.!?])\s+|\n", passage):
                shared = len(question & set(re.findall(r"\w{4,}", sentence.lower())))
                if shared > score:
                    best, score = f"{sentence.strip()} [{number}]", shared
        limit = request["max_tokens"]
        assert isinstance(limit, int)
        return " ".join(best.split()[:limit])


def a_record(name: str, kind: ModelKind, dimensions: int | None) -> ModelRecord:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return ModelRecord(
        name=name,
        kind=kind,
        sha256=digest,
        licence="Apache-2.0",
        source="tests",
        imported_at=datetime(2026, 1, 1, tzinfo=UTC),
        files=(ModelFile(path=name, sha256=digest, bytes=0),),
        dimensions=dimensions,
    )


class Scripted(QuotingChat):
    """Says what a test tells it to, one word a piece, and keeps what it was asked."""

    def __init__(self, says: str = "") -> None:
        self.says = says
        self.asked: list[dict[str, object]] = []
        self.fails: ChatError | None = None

    @property
    def prompt(self) -> str:
        """The last one, whole."""
        messages = self.asked[-1]["messages"]
        assert isinstance(messages, list)
        return "\n".join(str(message["content"]) for message in messages)

    def _answer(self, request: dict[str, object]) -> str:
        self.asked.append(request)
        if self.fails:
            raise self.fails
        return self.says or super()._answer(request)


class Listening(HashingEmbedder):
    """Keeps every text it was given."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.heard += texts
        return super().embed(texts)


def server(
    answerer: QuotingChat | None = None,
    embedder: str = "hashing-embedder",
    chat: str = QuotingChat.name,
    reader: HashingEmbedder | None = None,
) -> uvicorn.Server:
    loaded = Loaded(
        embedding=a_record(embedder, ModelKind.EMBEDDING, DIMENSIONS),
        embedder=reader or HashingEmbedder(),
        chat=a_record(chat, ModelKind.CHAT, None),
        answerer=answerer or QuotingChat(),
        max_answer_tokens=1024,
    )
    return uvicorn.Server(uvicorn.Config(create_app(loaded), log_level="warning", access_log=False, lifespan="off"))


@contextmanager
def run(
    socket_path: Path,
    answerer: QuotingChat | None = None,
    embedder: str = "hashing-embedder",
    chat: str = QuotingChat.name,
    reader: HashingEmbedder | None = None,
) -> Iterator[Path]:
    """The fake in a thread of this process; under another name it is another model."""
    running = server(answerer, embedder, chat, reader)
    listener = listen(socket_path)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not running.started:
            time.sleep(0.01)
        yield socket_path
    finally:
        running.should_exit = True
        thread.join(timeout=10)
        listener.close()


if __name__ == "__main__":
    server().run(sockets=[listen(Path(sys.argv[1]))])
