"""Who waits for an answer hears what happens meanwhile."""

from enum import StrEnum
from typing import Protocol


class Stage(StrEnum):
    """What is happening, for a person who waits."""

    CHECKING = "checking"  # who asks
    LOOKING = "looking"  # in so many datasets
    READING = "reading"  # so many passages

    def words(self, count: int) -> str:
        """Return it as a person reads it in a terminal; `count` is of datasets or passages."""
        plural = "" if count == 1 else "s"
        match self:
            case Stage.CHECKING:
                return "Checking who asks"
            case Stage.LOOKING:
                return f"Looking in {count} dataset{plural}"
            case Stage.READING:
                return f"Reading {count} passage{plural}"


class Listener(Protocol):
    """Someone who waits and is told what happens."""

    def stage(self, stage: Stage, count: int = 0) -> None:
        """Hear that a new stage has begun."""

    def piece(self, text: str) -> None:
        """Hear what the model wrote next; the draft is not checked yet."""


class Silence:
    """Nobody waits."""

    def stage(self, stage: Stage, count: int = 0) -> None:
        """Hear nothing."""

    def piece(self, text: str) -> None:
        """Hear nothing."""


SILENCE = Silence()
