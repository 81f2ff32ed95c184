"""P6 and P7: how long a search takes and how much of the truth it finds, by size and by the share one may see.

Measured once more when every second document is closed by tags of its own: the datasets stay the same, and the index
still holds what may not be found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from catalog import chunks, document_laws, document_tags
from catalog.chunks import SearchMode
from catalog.policy.model import Scope, Subject
from catalog.vocabulary import ChunkId, Classification, DatasetId, DocumentId, Purpose
from hub.ask import permitted
from hub.evaluation.bench import ground
from hub.evaluation.bench.synthetic import Generator, Vectors, nearest
from hub.evaluation.bench.timing import interleaved, p50_ms, p95_ms
from hub.local import operator_session, services
from hub.services import Services

LEAST_RECALL: Final = 0.98
DEPTH: Final = 10
#: Share of the whole each dataset holds. The one who sees 10 % sees the first three, the one who sees all, all four.
SHARES: Final = {"tenth": 0.001, "one": 0.009, "nine": 0.09, "ninety": 0.90}
SEES: Final = {
    "100 %": ("tenth", "one", "nine", "ninety"),
    "10 %": ("tenth", "one", "nine"),
    "1 %": ("tenth", "one"),
    "0.1 %": ("tenth",),
}
CLOSED: Final = Classification.RESTRICTED  # above the clearance of each reader
_MODES: Final = (SearchMode.DENSE, SearchMode.HYBRID)
_WARM_UP: Final = 3
_PER_DECISION: Final = 5  # rounds: a decision lives 30 s, also on a busy machine
Tell = Callable[[str, int, int], None]


@dataclass(kw_only=True)
class Index:
    """What was published: each dataset's vectors, and which row each chunk is."""

    datasets: dict[str, DatasetId]
    readers: dict[str, Subject]
    vectors: dict[str, list[Vectors]]
    documents: dict[str, list[DocumentId]]
    size: int = 0


def measure(sizes: Sequence[int], *, questions: int, tell: Tell) -> dict[str, Any]:
    """Return times and recall at each size; needs a running hub that nobody else uses."""
    random = Generator(6)
    index = _prepare()
    found: list[dict[str, Any]] = []
    with services() as hub:
        for size in sorted(sizes):
            _grow(index, size, random, tell)
            found.append({"chunks": size, "visible": _at_one_size(hub, index, random, questions)})
        _close(index)
        closed = _at_one_size(hub, index, random, questions)
    return {
        "bench": "search",
        "questions": questions,
        "depth": DEPTH,
        "sizes": found,
        "half_closed": {"chunks": index.size, "visible": closed},
        "limit_recall": LEAST_RECALL,
        "met": met([*(row for size in found for row in size["visible"].values()), *closed.values()]),
    }


def met(rows: Sequence[Mapping[str, float]]) -> bool:
    """Tell whether each share found enough of the truth, and never fewer rows than there are to find."""
    return all(row["recall"] >= LEAST_RECALL and row["fewest_rows"] >= min(DEPTH, row["chunks"]) for row in rows)


def _prepare() -> Index:
    ground.organisation("bench")
    made = {name: ground.dataset(f"bench-{name}", "bench") for name in SHARES}
    readers = {share: ground.person(f"bench-{len(names)}", "bench") for share, names in SEES.items()}
    for share, names in SEES.items():
        for name in names:
            ground.grant(made[name], readers[share])
    empty: dict[str, list[Vectors]] = {name: [] for name in SHARES}
    return Index(datasets=made, readers=readers, vectors=empty, documents={name: [] for name in SHARES})


def _grow(index: Index, size: int, random: Generator, tell: Tell) -> None:
    """Publish until so many chunks are there, each dataset its share."""
    done = index.size
    with ground.workers_database() as database:
        for name, share in SHARES.items():
            wanted = round(size * share) - round(index.size * share)
            for made in random.documents(wanted):
                number = len(index.documents[name])
                document = ground.publish(database, index.datasets[name], f"{number:04d}.txt", made)
                index.documents[name].append(document)
                index.vectors[name].append(np.array([one.embedding for one in made], dtype=np.float32))
                done += len(made)
                tell("Publishing", done, size)
    index.size = size


def _close(index: Index) -> None:
    """Close every second document of each dataset; the truth is what is left."""
    for name in SHARES:
        with operator_session() as session:
            for document in index.documents[name][1::2]:
                document_laws.retag(session, document, document_tags.tags(classification=CLOSED))
        del index.documents[name][1::2], index.vectors[name][1::2]


def _at_one_size(hub: Services, index: Index, random: Generator, questions: int) -> dict[str, Any]:
    asked = random.vectors(questions + _WARM_UP)
    words = [random.words(8) for _ in asked]
    sees = [
        share for share, names in SEES.items() if any(index.vectors[name] for name in names)
    ]  # few chunks: no 0.1 %
    kept: dict[str, list[list[ChunkId]]] = {share: [] for share in sees}

    def ask(share: str, mode: SearchMode, scopes: Mapping[str, Scope], number: int) -> None:
        found = _search(hub, scopes[share], words[number], asked[number].tolist(), mode)
        if mode is SearchMode.DENSE:
            kept[share].append(found)

    times: dict[str, list[float]] = {}
    for begun in range(0, len(asked), _PER_DECISION):
        scopes = {share: permitted(reader, Purpose.EVALUATION, hub) for share, reader in index.readers.items()}
        acts = {
            f"{share} {mode}": partial(_at, begun, partial(ask, share, mode, scopes))
            for share in sees
            for mode in _MODES
        }
        for name, measured in interleaved(acts, rounds=min(_PER_DECISION, len(asked) - begun)).items():
            times.setdefault(name, []).extend(measured)
    rows = {share: _rows(hub, index, share) for share in sees}
    return {
        share: {
            "chunks": len(rows[share]),
            **{f"{mode}_p50_ms": p50_ms(times[f"{share} {mode}"][_WARM_UP:]) for mode in _MODES},
            **{f"{mode}_p95_ms": p95_ms(times[f"{share} {mode}"][_WARM_UP:]) for mode in _MODES},
            **_found(kept[share], _truth(index, share, asked), rows[share]),
        }
        for share in sees
    }


def _at(begun: int, act: Callable[[int], None], number: int) -> None:
    act(begun + number)


def _search(hub: Services, scope: Scope, words: str, vector: list[float], mode: SearchMode) -> list[ChunkId]:
    with hub.database.begin(scope.asker) as session:
        found = chunks.nearest(session, scope.decision_id, question=words, embedding=vector, limit=DEPTH, mode=mode)
    return [one.chunk_id for one in found]


def _rows(hub: Services, index: Index, share: str) -> dict[ChunkId, int]:
    """Return which row of the truth each chunk is."""
    reader = index.readers[share]
    scope = permitted(reader, Purpose.EVALUATION, hub)
    ids: list[ChunkId] = []
    with hub.database.begin(scope.asker) as session:
        for name in SEES[share]:
            for document in index.documents[name]:
                ids += chunks.of_document(session, scope.decision_id, document)
    return {chunk: row for row, chunk in enumerate(ids)}


def _truth(index: Index, share: str, asked: Vectors) -> list[set[int]]:
    stored = np.concatenate([part for name in SEES[share] for part in index.vectors[name]])
    return [nearest(stored, question, DEPTH) for question in asked]


def _found(
    kept: Sequence[Sequence[ChunkId]], truth: Sequence[set[int]], rows: Mapping[ChunkId, int]
) -> dict[str, float]:
    shares = [
        len({rows[chunk] for chunk in found} & right) / len(right) for found, right in zip(kept, truth, strict=True)
    ]
    return {
        "recall": round(sum(shares) / len(shares), 4),
        "worst_recall": round(min(shares), 4),
        "fewest_rows": min(map(len, kept)),
    }
