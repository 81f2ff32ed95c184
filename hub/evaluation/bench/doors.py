"""The API's door under a crowd: everyone asks at once over the real socket, the model an echo of known length."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp

from catalog.policy.model import Subject
from catalog.settings import load
from catalog.vocabulary import Purpose
from hub.evaluation.bench import ground
from hub.evaluation.bench.beside import Person, api_beside
from hub.evaluation.bench.echo import CountedWords
from hub.evaluation.bench.timing import p50_ms, p95_ms
from hub.identity.development import DevelopmentKey
from hub.local import data_folder
from hub.stack.processes import family, resident_bytes
from hub.stack.settings import StackSettings

MOST_MS: Final = 300.0
MOST_GROWTH: Final = 0.10
_GAUGES: Final = 400
_PER_DOCUMENT: Final = 20
_TIMEOUT: Final = aiohttp.ClientTimeout(total=120)
_AMPLE: Final = " " * 5_000_000  # nobody's share of the dataset ends
Tell = Callable[[str, int, int], None]


def measure(*, people: int, questions: int, warm_up: int, model_s: float, tell: Tell) -> dict[str, Any]:
    """Return errors, times and memory beside their limits; needs a running hub that nobody else uses."""
    crowd_key = DevelopmentKey(data_folder().secrets_dir / "bench-key.json")
    issuer = load(StackSettings).issuer_url
    crowd = [Person(subject, crowd_key, issuer) for subject in _ground(people)]
    with api_beside(crowd_key, 0.0) as (socket, _):
        asyncio.run(_asked(socket, crowd, people, model_s=0.0))
        burst = asyncio.run(_asked(socket, crowd, people, model_s=0.0))
    memory: list[int] = []
    with api_beside(crowd_key, model_s) as (socket, pid):

        def look() -> None:
            memory.append(resident_bytes(sorted({pid, *family(pid)})))

        steady = asyncio.run(
            _asked(socket, crowd, questions, model_s=model_s, warm_up=warm_up, warm=look, tell=partial(tell, "Asking"))
        )
        look()
    before, after = memory
    growth = round(after / before - 1, 4)
    return {
        "bench": "doors",
        "people": people,
        "model_s": model_s,
        "errors": {
            "found": burst["errors"] + steady["errors"],
            "limit": 0,
            "met": burst["errors"] + steady["errors"] == 0,
        },
        "but_the_model": {**steady, "limit_ms": MOST_MS, "met": steady["p95_ms"] <= MOST_MS},
        "all_in_one_moment": {**burst, "limit_ms": MOST_MS, "met": burst["p95_ms"] <= MOST_MS},
        "memory": {
            "before_bytes": before,
            "after_bytes": after,
            "growth": growth,
            "limit": MOST_GROWTH,
            "met": growth <= MOST_GROWTH,
        },
    }


def _ground(people: int) -> list[Subject]:
    """Publish sentences of which each answers one question, and let everyone read them."""
    ground.organisation("bench")
    dataset_id, words = ground.dataset("bench-doors", "bench"), CountedWords()
    bodies = [f"The gauge{number} of the river stands at {number * 7 + 3} centimetres. " for number in range(_GAUGES)]
    made = [ground.Made(body=body, embedding=vector) for body, vector in zip(bodies, words.embed(bodies), strict=True)]
    with ground.workers_database() as database:
        for at in range(0, _GAUGES, _PER_DOCUMENT):
            ground.publish(database, dataset_id, f"{at:04d}.txt", made[at : at + _PER_DOCUMENT], more=_AMPLE)
    subjects = [ground.person(f"bench-{number}", "bench") for number in range(people)]
    for subject in subjects:
        ground.grant(dataset_id, subject)
    return subjects


async def _asked(  # noqa: PLR0913  # whom, how much, and who hears of it
    socket: Path,
    crowd: Sequence[Person],
    questions: int,
    *,
    model_s: float,
    warm_up: int = 0,
    warm: Callable[[], None] = lambda: None,
    tell: Callable[[int, int], None] = lambda _, __: None,
) -> dict[str, Any]:
    """Let everyone ask at once, and again as soon as they are answered, until so many questions are asked.

    Those of the warm-up come before and don't count: everyone begins in one moment, and only by and by do people whose
    answers take equally long ask at times of their own. What that moment costs is measured by itself.
    """
    left, times, errors = iter(range(-warm_up, questions)), [], 0
    # Light on purpose: what the crowd itself takes of the processor is taken from the hub.
    connector = aiohttp.UnixConnector(path=str(socket), limit=len(crowd))

    async def ask_on(http: aiohttp.ClientSession, person: Person) -> None:
        nonlocal errors
        for number in left:
            if number == 0:
                began.append(time.perf_counter())
                warm()
            took_s = await _one(http, person, number)
            if took_s is None:
                errors += 1
            elif number >= 0:
                times.append(took_s - model_s)
            tell(len(times) + errors, questions)

    began: list[float] = []
    async with aiohttp.ClientSession("http://localhost", connector=connector, timeout=_TIMEOUT) as http:
        await asyncio.gather(*(ask_on(http, person) for person in crowd))
    per_s = questions / (time.perf_counter() - began[0])
    kept = times if len(times) > 1 else [0.0, 0.0]
    return {
        "questions": questions,
        "errors": errors,
        "p50_ms": p50_ms(kept),
        "p95_ms": p95_ms(kept),
        "per_s": round(per_s, 1),
    }


async def _one(http: aiohttp.ClientSession, person: Person, number: int) -> float | None:
    """Ask and hear to the end; None unless an answer came."""
    gauge = number * 37 % _GAUGES
    body = {
        "question": f"At how many centimetres stands gauge{gauge} of the river?",
        "purpose": str(Purpose.EVALUATION),
    }
    headers, last = person.headers(), b""  # whoever asks has signed in before
    began = time.perf_counter()
    try:
        async with http.post("/questions", json=body, headers=headers) as answer:
            async for line in answer.content:
                last = line if line.startswith(b"event: ") else last
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
    return time.perf_counter() - began if last == b"event: answer\n" else None
