"""Every way of reading, each beside what the oracle says may come by it: names, never a word.

Ten ways look into the index, read text, cards, one's history, or what is another's; two are the whole flows.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from hub.evaluation.leak.reads import flows, history, index, others, register, texts
from hub.evaluation.leak.reads.visit import Read, Visit

#: The whole flows take longest: one visit in so many goes through them.
_FLOWS: Final = 4
_EVERY: Final[tuple[Callable[[Visit], Iterator[Read]], ...]] = (
    index.reads, texts.reads, register.reads, history.reads, others.reads,
)  # fmt: skip


def read_everything(visit: Visit, dice: Random) -> Iterator[Read]:
    """Decide, then read by every way there is."""
    visit.decide()
    yield Read("scope", visit.names(visit.scope.dataset_ids), visit.permitted)
    for reads in _EVERY:
        yield from reads(visit)
    if dice.randrange(_FLOWS) == 0:
        yield from flows.reads(visit)
