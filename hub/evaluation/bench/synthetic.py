"""Chunks nobody wrote: words by Zipf's law, vectors in clusters, the same at every run."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hub.evaluation.bench.ground import CHUNKS_PER_DOCUMENT, Made

DIMENSIONS: Final = 384
_CLUSTERS: Final = 200
_SPREAD: Final = 0.9  # of a chunk around the centre of its cluster; the centre itself has length 1
_WORDS: Final = 20_000
_EMPTY_WORDS: Final = 30  # the commonest of a language, which no index keeps (Zipf and Mandelbrot)
_WORDS_PER_CHUNK: Final = 90
Vectors = NDArray[np.float32]


class Generator:
    """One stream of chunks and questions; `seed` makes it repeatable."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        frequencies = 1 / (np.arange(_WORDS) + _EMPTY_WORDS)
        self._frequencies = frequencies / frequencies.sum()
        self._centres = _unit(self._random.normal(size=(_CLUSTERS, DIMENSIONS)))

    def vectors(self, count: int) -> Vectors:
        """Return unit vectors, rounded as the index keeps them."""
        near = self._centres[self._random.integers(0, _CLUSTERS, count)]
        noise = self._random.normal(size=(count, DIMENSIONS)) * (_SPREAD / DIMENSIONS**0.5)
        return _unit(near + noise).astype(np.float16).astype(np.float32)

    def words(self, count: int) -> str:
        """Return words as frequent as those of a language that carry meaning: the commonest is in every third chunk."""
        ranks = self._random.choice(_WORDS, count, p=self._frequencies)
        return " ".join(f"word{rank}" for rank in ranks)

    def chunks(self, count: int) -> list[Made]:
        """Return so many chunks."""
        found = self.vectors(count)
        return [Made(body=f"{self.words(_WORDS_PER_CHUNK)}.\n", embedding=vector.tolist()) for vector in found]

    def documents(self, count: int) -> Iterator[list[Made]]:
        """Yield so many chunks in documents."""
        made = iter(self.chunks(count))
        while document := list(islice(made, CHUNKS_PER_DOCUMENT)):
            yield document


def nearest(stored: Vectors, question: Vectors, depth: int) -> set[int]:
    """Return the rows nearest to a question by cosine: the truth an index is measured against."""
    similar = stored @ question
    return {int(row) for row in np.argpartition(-similar, min(depth, len(similar) - 1))[:depth]}


def _unit(found: NDArray[Any]) -> NDArray[Any]:
    scaled: NDArray[Any] = found / np.linalg.norm(found, axis=-1, keepdims=True)
    return scaled
