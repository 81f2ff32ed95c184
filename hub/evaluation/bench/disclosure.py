"""P14: what disclosure adds to a question, and how many disclosures a second 64 people get from one dataset."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Any, Final

from catalog import chunks
from catalog.db import Database
from catalog.disclosure import disclose
from catalog.policy.model import Scope, Subject
from catalog.vocabulary import ChunkId, DatasetId, DocumentId, Purpose
from hub.ask import permitted
from hub.evaluation.bench import ground
from hub.evaluation.bench.synthetic import Generator
from hub.evaluation.bench.timing import interleaved, p50_ms, p95_ms
from hub.local import services
from hub.services import Services

MOST_ADDED_MS: Final = 5.0
LEAST_PER_S: Final = 200.0
PEOPLE: Final = 64
_CHUNKS: Final = 4_000
_WARM_UP: Final = 20
_SHARE: Final = Decimal("0.2")  # of the dataset, for all organisations of one round together
_AMPLE: Final = " " * 5_000_000  # the dataset is so large that no organisation's share of it ends
_CONNECTIONS: Final = 16  # of the answering process: people wait for one, not for each other's


def measure(*, questions: int, rounds: int, organisations: int) -> dict[str, Any]:
    """Return both figures beside their limits; needs a running hub that nobody else uses."""
    random = Generator(14)
    dataset_id = _dataset(random)
    with services() as hub:
        added = _added(hub, dataset_id, random, questions)
        found = [_crowd(hub, dataset_id, organisations, number) for number in range(rounds)]
    per_s = round(median(found), 1)
    return {
        "bench": "disclose",
        "added": {**added, "limit_ms": MOST_ADDED_MS, "met": added["added_p50_ms"] <= MOST_ADDED_MS},
        "crowd": {
            "people": PEOPLE,
            "organisations": organisations,
            "rounds_per_s": [round(one, 1) for one in found],
            "per_s": per_s,
            "limit_per_s": LEAST_PER_S,
            "met": per_s >= LEAST_PER_S,
        },
    }


def _dataset(random: Generator) -> DatasetId:
    ground.organisation("bench")
    dataset_id = ground.dataset("bench-disclose", "bench")
    with ground.workers_database() as database:
        for number, made in enumerate(random.documents(_CHUNKS)):
            ground.publish(database, dataset_id, f"{number:04d}.txt", made, more=_AMPLE)
    return dataset_id


def _added(hub: Services, dataset_id: DatasetId, random: Generator, questions: int) -> dict[str, Any]:
    """Ask with and without disclosure, in turns: decision, search, and for every second one what was found."""
    reader = ground.person("bench-reader", "bench")
    ground.grant(dataset_id, reader, Decimal("0.1"))
    asked = random.vectors(questions + _WARM_UP)
    words = [random.words(8) for _ in asked]
    alone: list[float] = []

    def search(number: int) -> tuple[Scope, list[ChunkId]]:
        scope = permitted(reader, Purpose.EVALUATION, hub)
        with hub.database.begin(scope.asker) as session:
            found = chunks.nearest(
                session,
                scope.decision_id,
                question=words[number],
                embedding=asked[number].tolist(),
                limit=hub.settings.passages_per_answer,
            )
        return scope, [one.chunk_id for one in found]

    def search_and_read(number: int) -> None:
        scope, found = search(number)
        before = time.perf_counter()
        disclose(hub.database, scope, found)
        alone.append(time.perf_counter() - before)

    acts: dict[str, Callable[[int], object]] = {"without": search, "with": search_and_read}
    interleaved(acts, rounds=_WARM_UP)
    alone.clear()
    times = interleaved(acts, rounds=questions)
    # Each question against itself: questions differ by more from one another than by what disclosing adds to one.
    longer = [full - bare for full, bare in zip(times["with"], times["without"], strict=True)]
    return {
        "questions": questions,
        "passages": hub.settings.passages_per_answer,
        "without_p50_ms": p50_ms(times["without"]),
        "with_p50_ms": p50_ms(times["with"]),
        "added_p50_ms": p50_ms(longer),
        "disclose_p50_ms": p50_ms(alone),
        "disclose_p95_ms": p95_ms(alone),
    }


def _crowd(hub: Services, dataset_id: DatasetId, organisations: int, number: int, each: int = 20) -> float:
    """Return disclosures per second while everyone reads at once, each what is new to them."""
    for one in range(organisations):
        ground.organisation(f"bench-{number}-{one}")
    readers = [ground.person(f"bench-{number}-{one}", f"bench-{number}-{one % organisations}") for one in range(PEOPLE)]
    for reader in readers:
        ground.grant(dataset_id, reader, _SHARE / organisations)
    database = Database(hub.settings.url("hub_api"), pool_size=_CONNECTIONS)
    try:
        crowd = replace(hub, database=database)
        ids = _some_chunks(crowd, readers[0], dataset_id)
        scopes = [permitted(reader, Purpose.EVALUATION, crowd) for reader in readers]
        return PEOPLE * each / _all_at_once(database, scopes, ids, each, hub.settings.passages_per_answer)
    finally:
        database.close()


def _some_chunks(hub: Services, reader: Subject, dataset_id: DatasetId) -> list[ChunkId]:
    """Return the chunks of one document that search finds, in reading order."""
    random = Generator(dataset_id.int % 1000)
    scope = permitted(reader, Purpose.EVALUATION, hub)
    with hub.database.begin(scope.asker) as session:
        (found,) = chunks.nearest(
            session, scope.decision_id, question="word1", embedding=random.vectors(1)[0].tolist(), limit=1
        )
        return chunks.of_document(session, scope.decision_id, DocumentId(found.document_id))


def _all_at_once(
    database: Database, scopes: Sequence[Scope], ids: Sequence[ChunkId], each: int, passages: int
) -> float:
    """Return the seconds until everyone has read their share."""
    gate = threading.Barrier(len(scopes) + 1)

    def read(scope: Scope) -> None:
        gate.wait()
        for turn in range(each):
            disclose(database, scope, ids[turn * passages : (turn + 1) * passages])

    with ThreadPoolExecutor(len(scopes)) as pool:
        readers = [pool.submit(read, scope) for scope in scopes]
        gate.wait()
        before = time.perf_counter()
        for reader in readers:
            reader.result()
        return time.perf_counter() - before
