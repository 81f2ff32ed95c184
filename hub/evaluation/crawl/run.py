"""The whole benchmark: each adversary on ground of its own, without a defence, behind a prompt filter, with budgets."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from hub.evaluation.crawl import ground
from hub.evaluation.crawl.adversaries import Adversary, Heard, makers
from hub.evaluation.crawl.agent import Modelled
from hub.evaluation.crawl.attack import Attack, dice
from hub.evaluation.crawl.corpus import Record, corpus
from hub.evaluation.crawl.ground import Plot
from hub.evaluation.crawl.misuse import abused, taken_over
from hub.evaluation.crawl.plan import AGENT, COLLUDERS, DEFENDED, INSIDER, MISUSE, SEES, UNDEFENDED, Job, Plan, jobs
from hub.evaluation.crawl.results import Result, Results, Tell
from hub.evaluation.crawl.stage import Generator, Stage, stage
from hub.evaluation.crawl.watch import Watch

#: So many names and topics everybody knows: those of the sample questions on the dataset's card.
_ON_THE_CARD: Final = 3
#: So many questions are asked of a real model to know what one takes.
_PROBED: Final = 3
Note = Callable[[str], None]


def measure(  # noqa: PLR0913  # what, how far, and who hears of it
    plan: Plan,
    results: Results,
    tell: Tell,
    *,
    only: Sequence[str] = (),
    until: float = float("inf"),
    note: Note = lambda _: None,
) -> dict[str, Any]:
    """Run what the results don't hold yet, as long as `until` on the steady clock; needs a throw-away hub that runs.

    `only`: those adversaries alone whose names begin so.
    """
    every = jobs(plan)
    with stage(seed=plan.seed, records=plan.records, searching=plan.searching, generator=plan.generator) as at:
        if plan.generator is Generator.LOCAL:
            note(_takes(at, plan, [job for job in every if job.name not in results.found]))
        for number, job in enumerate(every):
            if job.name in results.found:
                continue
            if time.monotonic() >= until or not job.adversary.startswith(tuple(only) or ""):
                results.not_run.append(job.name)
                continue
            tell(number, len(every), job.name, None)
            with results.trying(job.name):
                began = time.monotonic()
                result = _run(at, plan, number, job)
                results.add(job.name, {**result, "seconds": round(time.monotonic() - began, 1)})
            tell(
                number + 1, len(every), job.name, results.found.get(job.name, {"failed": results.failed.get(job.name)})
            )
    return told(plan, results)


def told(plan: Plan, results: Results) -> dict[str, Any]:
    """Return the figures of all attacks, and for which adversaries the benchmark is blind."""
    found = list(results.found.values())
    sees = [] if plan.generator is Generator.LOCAL else list(_seen(plan, found))
    return {
        "eval": "crawl",
        **asdict(plan),
        "through": "search" if plan.searching else f"questions, {plan.generator}",
        "violations": sum(len(one["violations"]) for one in found),
        "blind": [one["adversary"] for one in sees if not one["met"]],
        "sees": sees,
        "failed": results.failed,
        "not_run": results.not_run,
        "attacks": found,
    }


def _seen(plan: Plan, found: Sequence[Result]) -> list[dict[str, Any]]:
    """Return what each adversary got without a defence beside what it must get; a model's own figures aren't judged."""
    got = {one["adversary"]: one["chunk_coverage"] for one in found if one["arm"] == UNDEFENDED}
    return [
        {
            "adversary": name,
            "least": plan.least(name),
            "found": got[name],
            "met": got[name] >= plan.least(name),
            "source": yardstick.source,
        }
        for name, yardstick in SEES.items()
        if name in got
    ]


def _takes(at: Stage, plan: Plan, left: Sequence[Job]) -> str:
    """Ask a real model a few questions, and return a sentence on what all of them will take."""
    records = corpus(at.seed * 1_000 + 999, plan.records)
    plot = ground.attacked("crawl-probe", records, defended=False, embed=at.embed)
    mouth = at.speaker(plot, "crawl-probe", "crawl-probe", UNDEFENDED).mouth
    began = time.monotonic()
    for record in records[:_PROBED]:
        mouth.say(f"To which topic belongs the record {record.name}?")
    each = (time.monotonic() - began) / _PROBED
    questions = sum(plan.questions_of(job.adversary) for job in left)
    return f"A question takes about {each:.1f} s: {questions:,} of them at most {each * questions / 60:.0f} minutes."


def _run(at: Stage, plan: Plan, number: int, job: Job) -> Result:
    special: dict[str, Callable[[], Result]] = {
        MISUSE: lambda: abused(at, number, rounds=max(1, plan.questions // 400), defended=job.arm == DEFENDED),
        INSIDER: lambda: taken_over(at, number, tries=plan.questions, defended=job.arm == DEFENDED),
    }
    return special.get(job.adversary, lambda: _attacked(at, plan, number, job))()


def _attacked(at: Stage, plan: Plan, number: int, job: Job) -> Result:
    """Run one attack on a dataset of its own: what it reads, no other may have read before."""
    records = corpus(plan.seed * 1_000 + number, plan.records)
    plot = ground.attacked(f"crawl-{number}", records, defended=job.arm == DEFENDED, embed=at.embed)
    home = f"crawl-{number}"
    colluders = [
        at.speaker(plot, f"{home}-{one}", home if job.same else f"{home}-{one % _most(plot)}", job.arm)
        for one in range(job.count)
    ]
    adversary = _adversary(at, job, number, records)
    adversary.hear(Heard(texts=(on_the_card(records),)))
    attack = Attack(adversary=adversary, colluders=colluders, watch=Watch(records=records), next_day=ground.next_day)
    attack.run(questions=plan.questions_of(job.adversary), days=plan.days if plot.limits else 0)
    return {
        "adversary": job.kind,
        "arm": job.arm,
        **attack.result(plot.limits, charged=ground.charged(plot.dataset_id)),
    }


def _adversary(at: Stage, job: Job, number: int, records: Sequence[Record]) -> Adversary:
    chance = dice(at.seed, f"{number}")
    if job.adversary == AGENT:
        return Modelled(dice=chance, write=at.pen())
    return makers(records)["A5 omniscient" if job.adversary == COLLUDERS else job.adversary](chance)


def on_the_card(records: Sequence[Record]) -> str:
    """Return what everybody knows beforehand: names and topics of a few records."""
    return " ".join(f"{record.name} {record.topic}" for record in records[:: len(records) // _ON_THE_CARD])


def _most(plot: Plot) -> int:
    """Return how many organisations the owner's ceiling has a share for."""
    assert plot.limits is not None  # noqa: S101  # only the defended are colluded against
    return plot.limits.together // plot.limits.organisation
