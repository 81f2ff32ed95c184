"""How much of a passage an answer may repeat word for word: watched while it is written, by classification.

A second line. What stands in the passages was charged when they were disclosed, whatever the answer does with it; this
keeps an answer from being a copy of them, for people whose grant is for answers only most of all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.disclosure import Passage
from catalog.vocabulary import Classification
from hub.guardrails.passages import visible


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The longest stretch in a row, in characters; of an answer longer than that, the share that may be repeated."""

    run: int
    share: float


#: What is public may be repeated at any length.
LIMITS: Final[dict[Classification, Limit | None]] = {
    Classification.PUBLIC: None,
    Classification.INTERNAL: Limit(run=800, share=0.9),
    Classification.RESTRICTED: Limit(run=400, share=0.8),
    Classification.SECRET: Limit(run=250, share=0.6),
}
#: A shorter stretch is how the language goes, not a copy.
SHORTEST: Final = 40


class _Reading:
    """One passage, and the longest end of what was written that stands in it."""

    def __init__(self, passage: Passage) -> None:
        self.limit = LIMITS[passage.classification]
        self._body = _plain(visible(passage.body))
        self._run = ""

    def after(self, sign: str) -> int:
        """Take the next sign; return how long the stretch is now."""
        run = self._run + sign
        while run and run not in self._body:
            run = run[1:]
        self._run = run
        return len(run)


class Verbatim:
    """Passes pieces on until a limit is reached, and nothing after; signs are compared as a reader sees them."""

    def __init__(self, passages: Sequence[Passage], tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._readings = [_Reading(one) for one in passages if LIMITS[one.classification] is not None]
        self._strictest = min((one.limit.share for one in self._readings if one.limit), default=1.0)
        self._shares_from = min((one.limit.run for one in self._readings if one.limit), default=0)
        self._written, self._last = "", ""
        self._length = self._repeated = self._repeated_until = 0
        self.cut = False

    @property
    def text(self) -> str:
        """What was passed on; where it was cut, up to its last whole word: half a figure would be another one."""
        return self._written.rpartition(" ")[0] if self.cut else self._written

    def piece(self, text: str) -> None:
        """Hear what the model wrote next; pass on what is within the limits."""
        if self.cut:
            return
        within = next((at for at, letter in enumerate(text) if self._exceeds(letter)), None)
        self.cut = within is not None
        said = text[:within]
        self._written += said
        if said:
            self._tell(said)

    def _exceeds(self, letter: str) -> bool:
        return any(self._takes(sign) for sign in _signs(letter, self._last))

    def _takes(self, sign: str) -> bool:
        """Count one sign; say whether it is one too many."""
        self._last = sign
        self._length += 1
        runs = [(one.after(sign), one.limit) for one in self._readings]
        longest = max((run for run, _ in runs), default=0)
        if longest >= SHORTEST:
            self._repeated += self._length - max(self._repeated_until, self._length - longest)
            self._repeated_until = self._length
        if any(limit and run > limit.run for run, limit in runs):
            return True
        return self._length > self._shares_from and self._repeated > self._strictest * self._length


def _signs(letter: str, before: str) -> str:
    """Return a letter as it is compared: white space once and as a blank, capitals and what nobody sees left out."""
    if letter.isspace():
        return "" if before in {" ", ""} else " "
    return visible(letter).casefold()


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
