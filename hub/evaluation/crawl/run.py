"""The whole benchmark: each adversary on ground of its own, without a defence, behind a prompt filter, with budgets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.evaluation.crawl import ground
from hub.evaluation.crawl.adversaries import Heard, makers
from hub.evaluation.crawl.attack import Attack, dice
from hub.evaluation.crawl.corpus import corpus
from hub.evaluation.crawl.ground import Plot
from hub.evaluation.crawl.misuse import abused, taken_over
from hub.evaluation.crawl.stage import Stage, stage
from hub.evaluation.crawl.watch import Watch

#: Undefended, this one must get so much of the corpus, or the benchmark is blind.
SEES: Final = ("A4 greedy", "no defence", 0.6)
#: So many names everybody knows: those of the sample questions on the dataset's card.
_ON_THE_CARD: Final = 3
ARMS: Final = ("no defence", "prompt filter", "budgets")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is done."""

    seed: int
    records: int
    questions: int
    days: int
    colluders: Sequence[int]
    searching: bool
    arms: Sequence[str] = ARMS


@dataclass(frozen=True, kw_only=True)
class Job:
    """One attack to come; `same`: its colluders are of one organisation."""

    name: str
    arm: str
    count: int = 1
    same: bool = True


def measure(plan: Plan, tell: Tell) -> dict[str, Any]:
    """Return every attack's figures; needs a throw-away hub that runs."""
    results: list[dict[str, Any]] = []
    with stage(seed=plan.seed, records=plan.records, searching=plan.searching) as at:
        jobs = [Job(name=name, arm=arm) for arm in plan.arms for name in makers([])]
        jobs += [
            Job(name="A6 colluders", arm="budgets", count=k, same=same)
            for k in plan.colluders
            for same in (True, False)
        ]
        for number, job in enumerate(jobs):
            tell("Crawling", number, len(jobs))
            results.append(_attacked(at, plan, number, job))
        results.append(abused(at, len(jobs), rounds=max(1, plan.questions // 400)))
        results.append(taken_over(at, len(jobs) + 1, tries=plan.questions))
        tell("Crawling", len(jobs), len(jobs))
    seen = [one["chunk_coverage"] for one in results if (one["adversary"], one["arm"]) == SEES[:2]]
    return {
        "eval": "crawl",
        "seed": plan.seed,
        "records": plan.records,
        "through": "search" if plan.searching else "questions, echo",
        "violations": sum(len(one["violations"]) for one in results),
        "sees": {"least": SEES[2], "found": max(seen, default=None), "met": max(seen, default=0.0) >= SEES[2]},
        "attacks": results,
    }


def _attacked(at: Stage, plan: Plan, number: int, job: Job) -> dict[str, Any]:
    """Run one attack on a dataset of its own: what it reads, no other may have read before."""
    arm, count, same = job.arm, job.count, job.same
    records = corpus(plan.seed * 1_000 + number, plan.records)
    plot = ground.plot(f"crawl-{number}", records, defended=arm == "budgets")
    home = f"crawl-{number}"
    colluders = [
        at.speaker(plot, f"{home}-{one}", home if same or count == 1 else f"{home}-{one % _most(plot)}", arm)
        for one in range(count)
    ]
    kind = "A5 omniscient" if job.name.startswith("A6") else job.name
    adversary = makers(records)[kind](dice(plan.seed, f"{number}"))
    adversary.hear(Heard(texts=(" ".join(record.name for record in records[:_ON_THE_CARD]),)))
    attack = Attack(adversary=adversary, colluders=colluders, watch=Watch(records=records), next_day=ground.next_day)
    attack.run(questions=plan.questions, days=plan.days if plot.limits else 0)
    together = "" if count == 1 else f" {count}, {'one organisation' if same else 'several'}"
    return {"adversary": job.name + together, "arm": arm, **attack.result(plot.limits)}


def _most(plot: Plot) -> int:
    """Return how many organisations the owner's ceiling has a share for."""
    assert plot.limits is not None  # noqa: S101  # only the defended are colluded against
    return plot.limits.together // plot.limits.organisation
