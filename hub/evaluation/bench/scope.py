"""How long it takes to decide which of many datasets one person may ask: few laws, many datasets."""

import gc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from catalog import datasets, grants
from catalog.policy.model import Subject
from catalog.vocabulary import Classification, Purpose
from hub.ask import permitted
from hub.evaluation.bench import ground
from hub.evaluation.bench.timing import p50_ms, p95_ms, took_s
from hub.local import operator_session, services

Tell = Callable[[str, int, int], None]
MOST_P95_MS: Final = 50.0
MOST_LAWS: Final = 200
_WARM_UP: Final = 10
#: The tags that vary; their combinations are the laws, spread evenly over the datasets.
_TAGS: Final[dict[str, Sequence[object]]] = {
    "classification": (Classification.INTERNAL, Classification.RESTRICTED, Classification.SECRET),
    "process_in": (["DE"], ["EU"], ["DE", "FR"], ["EEA"], ["FR"], ["CH", "EU"], ["US"]),
    "access_from": (["DE"], ["EU"], ["CH", "EEA"], ["US"], ["CA-QC"]),
    "purposes": ([Purpose.EVALUATION], [Purpose.EVALUATION, Purpose.RESEARCH]),
}


def measure(*, count: int, laws: int, decisions: int, tell: Tell) -> dict[str, Any]:
    """Return the time of a decision beside its limit; needs a running hub that nobody else uses."""
    ground.organisation("bench")
    reader = ground.person("bench-scope", "bench")
    made = _register(reader, count, laws, tell)
    with services() as hub:
        gc.collect()
        gc.freeze()  # as the API does at its start
        for _ in range(_WARM_UP):
            permitted(reader, Purpose.EVALUATION, hub)
        times = [took_s(lambda: permitted(reader, Purpose.EVALUATION, hub)) for _ in range(decisions)]
        scope = permitted(reader, Purpose.EVALUATION, hub)
    p95 = p95_ms(times)
    return {
        "bench": "scope",
        "datasets": count,
        "laws": made,
        "permitted": len(scope.dataset_ids),
        "decision": {"p50_ms": p50_ms(times), "p95_ms": p95, "limit_ms": MOST_P95_MS, "met": p95 <= MOST_P95_MS},
    }


def _register(reader: Subject, count: int, laws: int, tell: Tell) -> int:
    """Register so many datasets under so many laws, each granted to the reader; return how many laws there are."""
    tags = [dict(zip(_TAGS, values, strict=True)) for values in islice(product(*_TAGS.values()), min(laws, MOST_LAWS))]
    now = datetime.now(UTC)
    term = grants.Term(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=1))
    with operator_session() as session:
        for number in range(count):
            new = ground.declared(f"scope-{number:05d}", "bench", **tags[number % len(tags)])
            grants.give(
                session,
                dataset_id=datasets.register(session, new),
                grantee=grants.Grantee(person_id=reader.person_id),
                purpose=Purpose.EVALUATION,
                term=term,
            )
            tell("registering datasets", number + 1, count)
    return len(tags)
