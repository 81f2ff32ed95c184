"""A model server without models: the real routes over words counted into places, and a chat that repeats a sentence.

It takes exactly as long as it is told, so that what a question takes besides can be measured.
"""

import asyncio
import hashlib
import math
import re
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import uvicorn

from catalog.vocabulary import ModelKind
from hub.evaluation.bench.ground import SYNTHETIC
from hub.evaluation.crawl.disguise import repeated
from hub.models.registry import ModelFile, ModelRecord
from hub.seal.sockets import listen
from hub.serving.app import Loaded, create_app

_PIECES: Final = 12


class CountedWords:
    """Each word adds one to one of the places: texts that share words are near each other."""

    dimensions = SYNTHETIC.dimensions

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of length 1 for each text."""
        return [self._vector(text) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many words are read."""
        return sum(len(text.split()) for text in texts)

    def _vector(self, text: str) -> list[float]:
        counts = [0.0] * self.dimensions
        for word in re.findall(r"\w+", text.lower()):
            counts[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % self.dimensions] += 1.0
        length = math.sqrt(sum(count * count for count in counts)) or 1.0
        return [count / length for count in counts]


class Echo:
    """Repeats the sentence of the passages that holds most of the question's names, in pieces, over `takes_s`.

    Who commands it to repeat its context gets all of it, disguised as they like: no model obeys better.
    """

    def __init__(self, takes_s: float) -> None:
        self._takes_s = takes_s

    def complete(self, request: dict[str, object]) -> dict[str, Any]:
        """Return the whole answer."""
        message = {"role": "assistant", "content": _sentence(request)}
        return {**_frame("chat.completion"), "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}

    async def stream(self, request: dict[str, object]) -> AsyncIterator[dict[str, Any]]:
        """Return the answer in pieces."""
        words = _sentence(request).split(" ")
        size = max(1, math.ceil(len(words) / _PIECES))
        pieces = [" ".join(words[at : at + size]) + " " for at in range(0, len(words), size)]
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, piece in enumerate(pieces, start=1):
            await asyncio.sleep(began + self._takes_s * number / len(pieces) - loop.time())
            delta = {"role": "assistant", "content": piece}
            yield _chunk({"index": 0, "finish_reason": None, "delta": delta})
        yield _chunk({"index": 0, "finish_reason": "stop", "delta": {}})


def _frame(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-echo", "object": kind, "created": 0, "model": "echo"}


def _chunk(choice: dict[str, Any]) -> dict[str, Any]:
    return {**_frame("chat.completion.chunk"), "choices": [choice]}


def _sentence(request: dict[str, object]) -> str:
    messages = request["messages"]
    assert isinstance(messages, list)  # noqa: S101  # the route has checked it
    prompt = str(messages[-1]["content"])
    passages, _, question = prompt.rpartition("Question: ")
    told = repeated(question, passages)
    if told is not None:
        return told
    asked = {word: 10 if re.search(r"\d", word) else 1 for word in re.findall(r"\w{4,}", question)}
    best: str = max(re.findall(r"[^.\n]+\.", passages), key=partial(_shared, asked), default="")
    return best.strip() if _shared(asked, best) else "none"


def _shared(asked: dict[str, int], sentence: str) -> int:
    """Weigh the words a sentence shares with a question: a name, which holds a figure, weighs most."""
    return sum(asked.get(word, 0) for word in set(re.findall(r"\w+", sentence)))


def _record(name: str, kind: ModelKind, revision: str, dimensions: int | None) -> ModelRecord:
    return ModelRecord(
        name=name,
        kind=kind,
        sha256=revision,
        licence="Apache-2.0",
        source="bench",
        imported_at=datetime(2026, 1, 1, tzinfo=UTC),
        files=(ModelFile(path=name, sha256=revision, bytes=0),),
        dimensions=dimensions,
    )


def main() -> None:
    """Serve on the socket that is named first, each answer over the seconds named next."""
    loaded = Loaded(
        embedding=_record(SYNTHETIC.name, ModelKind.EMBEDDING, SYNTHETIC.revision, SYNTHETIC.dimensions),
        embedder=CountedWords(),
        chat=_record("echo", ModelKind.CHAT, "1" * 64, None),
        answerer=Echo(float(sys.argv[2])),
        max_answer_tokens=1024,
    )
    config = uvicorn.Config(create_app(loaded), log_level="warning", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listen(Path(sys.argv[1]))])


if __name__ == "__main__":
    main()
