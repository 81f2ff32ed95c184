"""What search must find, in plain Python: Okapi BM25, the cosine, and the mean of both over the candidates."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

K1, B = 1.2, 0.75


@dataclass(frozen=True, kw_only=True)
class Known:
    """A chunk as the oracle knows it: its lexemes with their counts, in the language it was written in."""

    key: str
    language: str
    lexemes: Mapping[str, int]
    vector: Sequence[float] = ()

    @property
    def length(self) -> int:
        return sum(self.lexemes.values())


def bm25(corpus: Sequence[Known], question: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Score of each chunk that holds a lexeme of the question; `question` gives its lexemes in each language."""
    mean_length = sum(chunk.length for chunk in corpus) / len(corpus)
    holding = Counter((chunk.language, lexeme) for chunk in corpus for lexeme in chunk.lexemes)
    scores: dict[str, float] = {}
    for chunk in corpus:
        shared = set(question.get(chunk.language, ())) & set(chunk.lexemes)
        if not shared:
            continue
        norm = K1 * (1 - B + B * chunk.length / mean_length)
        scores[chunk.key] = sum(
            math.log(
                1 + (len(corpus) - holding[chunk.language, lexeme] + 0.5) / (holding[chunk.language, lexeme] + 0.5)
            )
            * chunk.lexemes[lexeme]
            * (K1 + 1)
            / (chunk.lexemes[lexeme] + norm)
            for lexeme in shared
        )
    return scores


def cosines(corpus: Sequence[Known], question: Sequence[float]) -> dict[str, float]:
    """Cosine of each chunk in the half precision the index keeps."""
    asked = np.asarray(question, dtype=np.float16).astype(np.float64)
    found = {}
    for chunk in corpus:
        vector = np.asarray(chunk.vector, dtype=np.float16).astype(np.float64)
        found[chunk.key] = float(vector @ asked / (np.linalg.norm(vector) * np.linalg.norm(asked)))
    return found


def hybrid(lexical: Mapping[str, float], dense: Mapping[str, float]) -> dict[str, float]:
    """Mean of both scores, each scaled to 0…1 over all chunks."""
    low, high = min(dense.values()), max(dense.values())
    best = max(lexical.values(), default=0.0)
    return {
        key: ((lexical.get(key, 0.0) / best if best else 0.0) + ((cosine - low) / (high - low) if high > low else 1.0))
        / 2
        for key, cosine in dense.items()
    }
