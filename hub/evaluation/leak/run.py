"""Rounds of a changing world in which everybody tries everything, and what came of each way of reading."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from catalog.errors import ConflictError
from hub.evaluation.leak.changes import change
from hub.evaluation.leak.reads import read_everything
from hub.evaluation.leak.reads.visit import Visit
from hub.evaluation.leak.world import PURPOSES, Databases, World

#: Of the proof, and of a measurement unless another is told.
SEED: Final = 20_261
#: Comparisons in one world, before the next one is laid.
A_ROUND: Final = 4_000
_CHANGES: Final = 3  # at most, between so many visits
_VISITS: Final = 2
_TOLD: Final = 20  # differences; with so many there is nothing more to learn
Tell = Callable[["Tally"], None]


@dataclass(kw_only=True)
class Tally:
    """Comparisons by way of reading, changes by kind, and the differences."""

    seed: int
    rounds: int = 0
    comparisons: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)  # comparisons in which something came
    changes: Counter[str] = field(default_factory=Counter)
    differences: int = 0
    told: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def done(self) -> int:
        """All comparisons."""
        return self.comparisons.total()

    def figures(self) -> dict[str, Any]:
        """Return all of it, and the sum."""
        return {"eval": "leak", "done": self.done, **vars(self)}

    @classmethod
    def taken_up(cls, path: Path | None, seed: int) -> "Tally":
        """Return what a file holds, or a new one; ConflictError for another seed's."""
        if path is None or not path.exists():
            return cls(seed=seed)
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["seed"] != seed:
            raise ConflictError("This file holds comparisons of another seed. Name another file, or the same seed.")
        return cls(**{**kept, **{name: Counter(kept[name]) for name in ("comparisons", "shown", "changes")}})

    def keep(self, path: Path | None) -> None:
        """Write it down, so that the next run goes on from here."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(vars(self)), encoding="utf-8")


def run(
    databases: Databases, *, wanted: int, seed: int, path: Path | None = None, tell: Tell = lambda _: None
) -> Tally:
    """Compare until there are `wanted` in all, counting those a file holds; the same seed, the same rounds."""
    tally = Tally.taken_up(path, seed)
    while tally.done < wanted and tally.differences < _TOLD:
        began = time.monotonic()
        dice = Random(f"{seed} {tally.rounds}")  # noqa: S311  # repeatable on purpose
        world = World(databases=databases, tag=f"{seed}-{tally.rounds}")
        try:
            _round(world, dice, tally, min(A_ROUND, wanted - tally.done))
        finally:
            world.clear()
        tally.rounds += 1
        tally.seconds = round(tally.seconds + time.monotonic() - began, 1)
        tally.keep(path)
        tell(tally)
    return tally


def _round(world: World, dice: Random, tally: Tally, most: int) -> None:
    world.lay(dice)
    kept: dict[str, tuple[str, frozenset[str]]] = {}
    until, earlier, at = tally.done + most, None, world.facts.now
    while tally.done < until and tally.differences < _TOLD:
        for _ in range(dice.randint(0, _CHANGES)):
            tally.changes[change(world, dice)] += 1
        for _ in range(_VISITS):
            if world.facts.now != at:  # it is too old, whatever it permitted
                earlier, at = None, world.facts.now
            visit = Visit(
                world=world, who=dice.choice(list(world.people)), purpose=dice.choice(PURPOSES), dice=dice, kept=kept,
                earlier=earlier,
            )  # fmt: skip
            _compare(visit, dice, tally)
            earlier = visit.earlier_here()


def _compare(visit: Visit, dice: Random, tally: Tally) -> None:
    for read in read_everything(visit, dice):
        tally.comparisons[read.path] += 1
        tally.shown[read.path] += bool(read.came)
        if not read.right:
            tally.differences += 1
            more, less = sorted(read.came - read.allowed), sorted(read.allowed - read.came)
            where = f"round {tally.rounds}, comparison {tally.done}"
            tally.told.append(f"{where}: {read.path} for {visit.who}: too much {more}, too little {less}")
