"""Takes times side by side: on a shared machine only what is interleaved in one run can be compared."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles


def took_s(act: Callable[[], object]) -> float:
    """Return how long one call takes."""
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def interleaved(acts: Mapping[str, Callable[[int], object]], *, rounds: int) -> dict[str, list[float]]:
    """Return seconds per act: every round calls each of them once, in turns first and last."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    names = list(acts)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            times[name].append(took_s(lambda name=name, number=number: acts[name](number)))  # type: ignore[misc]
    return times


def p50_ms(times_s: Sequence[float]) -> float:
    """Return the median in milliseconds."""
    return round(median(times_s) * 1000, 3)


def p95_ms(times_s: Sequence[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return round(quantiles(times_s, n=20, method="inclusive")[-1] * 1000, 3)
