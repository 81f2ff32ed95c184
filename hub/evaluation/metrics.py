"""Rank measures over one query's documents."""

from collections.abc import Mapping, Sequence
from math import log2


def ndcg(ranked: Sequence[str], judged: Mapping[str, int], *, depth: int) -> float:
    """Normalised discounted cumulated gain (Järvelin & Kekäläinen 2002) with gain 2^score-1."""

    def dcg(scores: Sequence[int]) -> float:
        return sum((2.0**score - 1) / log2(place + 2) for place, score in enumerate(scores[:depth]))

    best = dcg(sorted(judged.values(), reverse=True))
    return dcg([judged.get(document, 0) for document in ranked]) / best if best else 0.0


def recall(ranked: Sequence[str], judged: Mapping[str, int], *, depth: int) -> float:
    """Share of the relevant documents (score > 0) among the first `depth`."""
    relevant = {document for document, score in judged.items() if score > 0}
    return len(relevant & set(ranked[:depth])) / len(relevant) if relevant else 0.0
