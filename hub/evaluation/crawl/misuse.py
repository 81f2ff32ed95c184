"""A7 and A9 on ground of their own, held against the same bound as those who ask."""

from itertools import count
from typing import Any

from catalog.db import Database
from hub.evaluation.bench.beside import Person
from hub.evaluation.crawl import ground
from hub.evaluation.crawl.abuse import Abuse
from hub.evaluation.crawl.attack import dice
from hub.evaluation.crawl.corpus import corpus
from hub.evaluation.crawl.insider import Insider
from hub.evaluation.crawl.mouth import Speaker
from hub.evaluation.crawl.plan import DEFENDED, INSIDER, MISUSE, UNDEFENDED
from hub.evaluation.crawl.stage import Stage
from hub.evaluation.crawl.watch import Watch
from hub.local import api_settings, data_folder

_PEOPLE = 8


def abused(at: Stage, number: int, *, rounds: int, defended: bool) -> dict[str, Any]:
    """Return what misuse of the doors brought."""
    records = corpus(at.seed * 1_000 + number, at.records)
    plot = ground.attacked(f"crawl-{number}", records, defended=defended)
    subject = ground.person(plot, f"crawl-{number}", f"crawl-{number}")
    versions = count(1)
    abuse = Abuse(
        speaker=Speaker(http=at.http, headers=Person(subject, at.key, at.issuer).headers, questions=False),
        records=records,
        watch=Watch(records=records),
        dice=dice(at.seed, f"{number}"),
        step=ground.step,
        renew=lambda: ground.renew(plot, subject),
        again=lambda: ground.fill(plot.dataset_id, records[: ground.PER_DOCUMENT], " " * next(versions)),
    )
    abuse.run(rounds)
    bound = None
    if (limits := plot.limits) is not None:
        bound = min(limits.lifetime, limits.organisation, limits.window * abuse.windows)
    broken = [f"an account read {abuse.characters} of {bound}"] if bound and abuse.characters > bound else []
    return _result(MISUSE, abuse.watch, abuse.characters, bound, broken)


def taken_over(at: Stage, number: int, *, tries: int, defended: bool) -> dict[str, Any]:
    """Return what the API's own role brought to one who claims to be anybody."""
    records = corpus(at.seed * 1_000 + number, at.records)
    plot = ground.attacked(f"crawl-{number}", records, defended=defended)
    homes = 2 if defended else 1  # without a defence one organisation has all of it
    people = [ground.person(plot, f"crawl-{number}-{one}", f"crawl-{number}-{one % homes}") for one in range(_PEOPLE)]
    database = Database(api_settings(data_folder()).url("hub_api"), pool_size=2)
    try:
        insider = Insider(
            database=database,
            dataset_id=plot.dataset_id,
            people=people,
            records=records,
            watch=Watch(records=records),
            dice=dice(at.seed, f"{number}"),
        )
        for _ in range(_PEOPLE):
            insider.run(tries // _PEOPLE)
            ground.next_day()
        audited = ground.charged(plot.dataset_id)
    finally:
        database.close()
    bound = None if plot.limits is None else plot.limits.together
    broken = [f"together {insider.characters} of {bound}"] if bound and insider.characters > bound else []
    broken += [f"{insider.characters} came and {audited} are in the trail"] * (insider.characters > audited)
    return _result(INSIDER, insider.watch, insider.characters, bound, broken)


def _result(name: str, watch: Watch, characters: int, bound: int | None, broken: list[str]) -> dict[str, Any]:
    return {
        "adversary": name,
        "arm": DEFENDED if bound else UNDEFENDED,
        "questions": watch.questions,
        "chunk_coverage": round(watch.coverage, 4),
        "verbatim_coverage": round(watch.verbatim, 4),
        "questions_to_half": watch.half_after,
        "characters": characters,
        "bound": bound,
        "violations": broken,
        "curve": watch.curve,
    }
