"""A corpus nobody wrote: records that name each other, each with a mark of 128 bits that stands nowhere else."""

import hashlib
from dataclasses import dataclass
from random import Random
from typing import Final

#: Every record has exactly so many characters, so that bounds are met to the character.
LENGTH: Final = 400
#: Of so many words the rest of a record is made: what anyone may guess a question from.
COMMON: Final = tuple(
    (
        "river harbour bridge valley archive market council garden railway quarry meadow tower canal orchard mill "
        "forest ferry customs school hospital library station granary lighthouse chapel quay warehouse foundry"
    ).split()
)
#: What a record's common words begin with: before it stands what is its own.
TAIL: Final = "Around it: "
_NAMED: Final = 3  # other records a record names
_PER_TOPIC: Final = 10
_NEAR_DUPLICATES: Final = 20  # one record in so many repeats another with few words changed


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record: its own name, the names it mentions, its mark and its words."""

    number: int
    name: str
    topic: str
    mentions: tuple[str, ...]
    mark: str
    body: str


def corpus(seed: int, count: int) -> list[Record]:
    """Return `count` records, the same for a seed; other seeds share neither names nor marks."""
    dice = Random(seed)  # noqa: S311  # repeatable on purpose
    names = [_name(seed, number) for number in range(count)]
    made: list[Record] = []
    for number, name in enumerate(names):
        repeated = made[dice.randrange(len(made))] if made and dice.randrange(_NEAR_DUPLICATES) == 0 else None
        topic = repeated.topic if repeated else f"topic{_digest(seed, 'topic', number // _PER_TOPIC)[:6]}"
        mentions = repeated.mentions if repeated else tuple(dice.sample(names, min(_NAMED, count)))
        mark = _digest(seed, "mark", number)[:32]
        rest = repeated.body.partition(TAIL)[2] if repeated else " ".join(dice.choices(COMMON, k=60))
        body = (
            f"The record {name} belongs to {topic}. It is kept beside {', '.join(mentions)}. "
            f"Its mark is {mark}. {TAIL}{rest}"
        )
        # It ends as a sentence does: what an echo or a model may quote of it.
        body = body[: LENGTH - 2].ljust(LENGTH - 2, ".") + ".\n"
        made.append(Record(number=number, name=name, topic=topic, mentions=mentions, mark=mark, body=body))
    return made


def _name(seed: int, number: int) -> str:
    return f"item{_digest(seed, 'name', number)[:8]}"


def _digest(seed: int, kind: str, number: int) -> str:
    return hashlib.sha256(f"{seed} {kind} {number}".encode()).hexdigest()
