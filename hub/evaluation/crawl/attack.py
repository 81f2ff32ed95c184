"""One attack: mouths in turn, day after day, until nothing more comes; and the bound it is held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from hub.evaluation.crawl.adversaries import Adversary
from hub.evaluation.crawl.corpus import LENGTH
from hub.evaluation.crawl.mouth import Mouth
from hub.evaluation.crawl.watch import Watch

#: After so many refusals in a row by every mouth the day is over.
_DRY: Final = 3


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bound of one dataset, in characters."""

    window: int
    lifetime: int
    organisation: int
    together: int


@dataclass(frozen=True, kw_only=True)
class Colluder:
    """Someone who takes part: how they speak, and which organisation's share they use."""

    organisation: str
    mouth: Mouth


@dataclass(kw_only=True)
class Got:
    """What one colluder got."""

    organisation: str
    records: set[int] = field(default_factory=set)
    refused: int = 0

    @property
    def characters(self) -> int:
        """Of records something came of, each once and whole: so they are charged."""
        return len(self.records) * LENGTH


@dataclass(kw_only=True)
class Attack:
    """An adversary with one or more colluders on one dataset."""

    adversary: Adversary
    colluders: Sequence[Colluder]
    watch: Watch
    next_day: Callable[[], None]
    got: list[Got] = field(init=False)
    days: int = 0

    def __post_init__(self) -> None:
        self.got = [Got(organisation=one.organisation) for one in self.colluders]

    def run(self, *, questions: int, days: int) -> "Attack":
        """Ask until `questions` are asked, or `days` more windows have begun and given all they had."""
        turn, dry = 0, 0
        while self.watch.questions < questions:
            if dry >= _DRY * len(self.colluders):
                if self.days >= days:
                    break
                self.days, dry = self.days + 1, 0
                self.next_day()
            who = turn % len(self.colluders)
            turn += 1
            asked = self.adversary.ask()
            if asked is None:
                break
            heard = self.colluders[who].mouth.say(asked)
            came = self.watch.read(heard.texts)
            self.adversary.hear(heard)
            fresh = came - self.got[who].records
            self.got[who].records |= came
            self.got[who].refused += heard.refused is not None
            dry = dry + 1 if heard.refused == "budget" and not fresh else 0
        return self

    def violations(self, limits: Limits) -> list[str]:
        """Return each way in which more came than the bound allows: none ever should."""
        each = min(limits.lifetime, limits.window * (self.days + 1))
        found = [f"an account read {one.characters} of {each}" for one in self.got if one.characters > each]
        shares: dict[str, int] = {}
        for one in self.got:
            shares[one.organisation] = shares.get(one.organisation, 0) + one.characters
        found += [f"{name} read {n} of {limits.organisation}" for name, n in shares.items() if n > limits.organisation]
        together = sum(shares.values())
        return found + ([f"all read {together} of {limits.together}"] if together > limits.together else [])

    def result(self, limits: Limits | None, *, charged: int) -> dict[str, Any]:
        """Return the figures; with or without a defence, nothing comes that the trail did not charge."""
        characters = sum(one.characters for one in self.got)
        uncharged = [f"{characters} came and {charged} are in the trail"] if characters > charged else []
        return {
            "colluders": len(self.colluders),
            "questions": self.watch.questions,
            "days": self.days + 1,
            "chunk_coverage": round(self.watch.coverage, 4),
            "verbatim_coverage": round(self.watch.verbatim, 4),
            "questions_to_half": self.watch.half_after,
            "characters": characters,
            "charged": charged,
            "refused": sum(one.refused for one in self.got),
            "bound": None if limits is None else vars(limits),
            "violations": uncharged + ([] if limits is None else self.violations(limits)),
            "curve": self.watch.curve,
        }


def dice(seed: int, name: str) -> Random:
    """Return dice of an attack's own, the same for a seed."""
    return Random(f"{seed} {name}")  # noqa: S311  # repeatable on purpose
