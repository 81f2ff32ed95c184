"""What an adversary has got so far: which records by their marks, how much of the corpus word for word, and when."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.evaluation.crawl.corpus import LENGTH, Record

#: Word for word: so many characters in a row.
SLICE: Final = 40
_MARK: Final = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(kw_only=True)
class Watch:
    """Reads every response of one attack."""

    records: Sequence[Record]
    seen: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)
    slices: set[tuple[int, int]] = field(default_factory=set)
    questions: int = 0
    half_after: int | None = None
    curve: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_mark = {record.mark: record.number for record in self.records}
        self._by_body = {record.body: record.number for record in self.records}
        self._by_slice: dict[str, list[tuple[int, int]]] = {}
        for record in self.records:
            for at in range(0, LENGTH, SLICE):
                self._by_slice.setdefault(record.body[at : at + SLICE], []).append((record.number, at))

    @property
    def coverage(self) -> float:
        """Share of the records whose mark was seen."""
        return len(self.seen) / len(self.records)

    @property
    def verbatim(self) -> float:
        """Share of the corpus's characters that came word for word."""
        return len(self.slices) * SLICE / (len(self.records) * LENGTH)

    @property
    def characters(self) -> int:
        """Characters of records that came whole."""
        return len(self.whole) * LENGTH

    def read(self, texts: Iterable[str]) -> set[int]:
        """Take the texts of one response; return the records that came whole."""
        self.questions += 1
        came: set[int] = set()
        for text in texts:
            if (number := self._by_body.get(text)) is not None:
                came.add(number)
            self.seen |= {self._by_mark[mark] for mark in _MARK.findall(text) if mark in self._by_mark}
            for at in range(max(0, len(text) - SLICE) + 1):
                self.slices.update(self._by_slice.get(text[at : at + SLICE], ()))
        self.whole |= came
        if self.half_after is None and self.coverage >= 0.5:  # noqa: PLR2004  # half
            self.half_after = self.questions
        if not self.curve or self.questions % 20 == 0:
            self.curve.append((self.questions, round(self.coverage, 4)))
        return came
