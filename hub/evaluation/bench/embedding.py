"""P4 and P5: texts a second over the model server, beside sentence-transformers' default on the same weights."""

import json
import random
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Final

from catalog.embedding import EmbeddingClient
from catalog.errors import SettingsError
from catalog.vocabulary import ModelKind
from hub.evaluation.bench.timing import interleaved, p50_ms
from hub.local import data_folder
from hub.models.export import original
from hub.models.registry import Registry

LEAST_TIMES_FASTER: Final = 3.0
LEAST_COSINE: Final = 0.999
MOST_OF_A_QUESTION: Final = 0.6
_QUESTIONS: Final = 40
_WORDS: Final = (40, 160)  # a chunk's length, in words


def measure(*, count: int, rounds: int, corpus: Path | None) -> dict[str, Any]:
    """Return both rates, their ratio and the least cosine; needs a running hub."""
    folder = data_folder()
    model = Registry(folder.models_dir).choose(ModelKind.EMBEDDING)
    texts = read(corpus, count) if corpus else make(count)
    peer = original(folder.models_dir / model.name / "source")
    ours = EmbeddingClient(folder.model_socket, timeout_s=600)
    try:
        cosine = _least_cosine(ours.embed_documents(texts).vectors, peer(texts))
        acts: dict[str, Callable[[int], object]] = {
            "ours": lambda _: ours.embed_documents(texts),
            "peer": lambda _: peer(texts),
        }
        batches = interleaved(acts, rounds=rounds)
        single: dict[str, Callable[[int], object]] = {
            "ours": lambda number: ours.embed_question(_question(texts, number)),
            "peer": lambda number: peer([_question(texts, number)]),
        }
        questions = interleaved(single, rounds=_QUESTIONS)
    finally:
        ours.close()
    return _report(model.name, texts, batches, questions, cosine)


def _report(
    name: str, texts: Sequence[str], batches: dict[str, list[float]], questions: dict[str, list[float]], cosine: float
) -> dict[str, Any]:
    rates = {side: round(len(texts) / median(times), 1) for side, times in batches.items()}
    faster = round(rates["ours"] / rates["peer"], 2)
    share = round(median(questions["ours"]) / median(questions["peer"]), 2)
    return {
        "bench": "embed",
        "model": name,
        "texts": len(texts),
        "mean_characters": round(sum(map(len, texts)) / len(texts)),
        "texts_per_s": rates,
        "times_faster": {"found": faster, "limit": LEAST_TIMES_FASTER, "met": faster >= LEAST_TIMES_FASTER},
        "min_cosine": {"found": round(cosine, 6), "limit": LEAST_COSINE, "met": cosine >= LEAST_COSINE},
        "question_p50_ms": {side: p50_ms(times) for side, times in questions.items()},
        "question_share": {"found": share, "limit": MOST_OF_A_QUESTION, "met": share <= MOST_OF_A_QUESTION},
    }


def read(corpus: Path, count: int) -> list[str]:
    """Return the first texts of a corpus.jsonl. SettingsError when there are none."""
    try:
        with corpus.open(encoding="utf-8") as file:
            found = [json.loads(line)["text"] for line in islice(file, count)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{corpus} is no corpus: one JSON object with `text` in each line.") from error
    if not found:
        raise SettingsError(f"{corpus} holds no text.")
    return found


def make(count: int) -> list[str]:
    """Return chunks of mixed lengths, put together from the demonstration's sentences; the same at every run."""
    drawn = random.Random(4)  # noqa: S311  # repeatable, nothing secret
    with as_file(files("hub.demo") / "documents") as folder:
        pages = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.*"))]
    words = [word for page in pages for word in page.split()]
    made = []
    for _ in range(count):
        at, length = drawn.randrange(len(words)), drawn.randint(*_WORDS)
        made.append(" ".join([*words[at:], *words][:length]))
    return made


def _question(texts: Sequence[str], number: int) -> str:
    return " ".join(texts[number % len(texts)].split()[:12])


def _least_cosine(ours: Sequence[Sequence[float]], peer: Sequence[Sequence[float]]) -> float:
    return min(_cosine(one, other) for one, other in zip(ours, peer, strict=True))


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    lengths = sum(a * a for a in one) ** 0.5 * sum(b * b for b in other) ** 0.5
    return float(sum(a * b for a, b in zip(one, other, strict=True)) / lengths)
