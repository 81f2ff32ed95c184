"""The whole benchmark: each adversary on ground of its own, without a defence, behind a prompt filter, with budgets."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from hub.evaluation.crawl import ground
from hub.evaluation.crawl.adversaries import Heard, makers
from hub.evaluation.crawl.attack import Attack, dice
from hub.evaluation.crawl.corpus import corpus
from hub.evaluation.crawl.ground import Plot
from hub.evaluation.crawl.misuse import abused, taken_over
from hub.evaluation.crawl.results import Result, Results, Tell
from hub.evaluation.crawl.stage import Stage, stage
from hub.evaluation.crawl.watch import Watch

#: Undefended, this one must get so much of the corpus, or the benchmark is blind.
SEES: Final = ("A4 greedy", "no defence", 0.6)
#: So many names and topics everybody knows: those of the sample questions on the dataset's card.
_ON_THE_CARD: Final = 3
ARMS: Final = ("no defence", "prompt filter", "budgets")
MISUSE: Final = "A7 misuse"
INSIDER: Final = "A9 insider"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is done."""

    seed: int
    records: int
    questions: int
    days: int
    colluders: Sequence[int]
    searching: bool


@dataclass(frozen=True, kw_only=True)
class Job:
    """One attack to come; `same`: its colluders are of one organisation."""

    adversary: str
    arm: str
    count: int = 1
    same: bool = True

    @property
    def name(self) -> str:
        """What tells it from the others."""
        together = "" if self.count == 1 else f" {self.count}, {'one organisation' if self.same else 'several'}"
        return f"{self.adversary}{together}: {self.arm}"


def jobs(plan: Plan) -> list[Job]:
    """Return every attack of a plan, those the claim rests on first."""
    single = [Job(adversary=name, arm=arm) for arm in ARMS for name in makers([])]
    first = [Job(adversary=SEES[0], arm=SEES[1]), Job(adversary=SEES[0], arm="budgets")]
    first.append(Job(adversary="A5 omniscient", arm="budgets"))
    first += [Job(adversary=MISUSE, arm="budgets"), Job(adversary=INSIDER, arm="budgets")]
    together = [
        Job(adversary="A6 colluders", arm="budgets", count=k, same=same)
        for k in plan.colluders
        for same in (True, False)
    ]
    return first + together + [one for one in single if one not in first]


def measure(
    plan: Plan, results: Results, tell: Tell, *, only: Sequence[str] = (), until: float = float("inf")
) -> dict[str, Any]:
    """Run what the results don't hold yet, as long as `until` on the steady clock; needs a throw-away hub that runs.

    `only`: those adversaries alone whose names begin so.
    """
    every = jobs(plan)
    with stage(seed=plan.seed, records=plan.records, searching=plan.searching) as at:
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
    """Return the figures of all attacks, and whether the benchmark sees anything at all."""
    found = list(results.found.values())
    seen = [one["chunk_coverage"] for one in found if (one["adversary"], one["arm"]) == SEES[:2]]
    return {
        "eval": "crawl",
        **asdict(plan),
        "through": "search" if plan.searching else "questions, echo",
        "violations": sum(len(one["violations"]) for one in found),
        "sees": {"least": SEES[2], "found": max(seen, default=None), "met": max(seen, default=0.0) >= SEES[2]},
        "failed": results.failed,
        "not_run": results.not_run,
        "attacks": found,
    }


def _run(at: Stage, plan: Plan, number: int, job: Job) -> Result:
    special: dict[str, Callable[[], Result]] = {
        MISUSE: lambda: abused(at, number, rounds=max(1, plan.questions // 400)),
        INSIDER: lambda: taken_over(at, number, tries=plan.questions),
    }
    return special.get(job.adversary, lambda: _attacked(at, plan, number, job))()


def _attacked(at: Stage, plan: Plan, number: int, job: Job) -> Result:
    """Run one attack on a dataset of its own: what it reads, no other may have read before."""
    records = corpus(plan.seed * 1_000 + number, plan.records)
    plot = ground.attacked(f"crawl-{number}", records, defended=job.arm == "budgets")
    home = f"crawl-{number}"
    colluders = [
        at.speaker(plot, f"{home}-{one}", home if job.same else f"{home}-{one % _most(plot)}", job.arm)
        for one in range(job.count)
    ]
    kind = "A5 omniscient" if job.adversary.startswith("A6") else job.adversary
    adversary = makers(records)[kind](dice(plan.seed, f"{number}"))
    known = " ".join(f"{record.name} {record.topic}" for record in records[:: len(records) // _ON_THE_CARD])
    adversary.hear(Heard(texts=(known,)))
    attack = Attack(adversary=adversary, colluders=colluders, watch=Watch(records=records), next_day=ground.next_day)
    attack.run(questions=plan.questions, days=plan.days if plot.limits else 0)
    name = job.name.removesuffix(f": {job.arm}")
    return {"adversary": name, "arm": job.arm, **attack.result(plot.limits)}


def _most(plot: Plot) -> int:
    """Return how many organisations the owner's ceiling has a share for."""
    assert plot.limits is not None  # noqa: S101  # only the defended are colluded against
    return plot.limits.together // plot.limits.organisation
