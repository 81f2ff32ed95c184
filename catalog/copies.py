"""Prints of a text, by which a copy is known wherever it stands: hashes of runs of words, sampled by winnowing."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

#: Of runs so many words long, each window of so many runs keeps its smallest hash (Schleimer, Wilkerson & Aiken 2003):
#: a shared stretch of 12 words or more shares a print, wherever either text is cut.
RUN: Final = 5
WINDOW: Final = 8
_WORD: Final = re.compile(r"\w+")
_BASE: Final = 1_000_003
_MASK: Final = (1 << 64) - 1


def prints(text: str) -> list[tuple[int, int]]:
    """Return (character where it begins, print) in order, at least one for a text that holds a word."""
    words = [(found.start(), _hash(found[0].casefold())) for found in _WORD.finditer(text)]
    runs = list(_runs([value for _, value in words]))
    kept: list[tuple[int, int]] = []
    at = -1  # the smallest of the window, the last one where several are
    for end in range(min(WINDOW, len(runs)), len(runs) + 1 if runs else 0):
        first = max(0, end - WINDOW)
        if at >= first and runs[end - 1] > runs[at]:
            continue
        at = end - 1 if at >= first else min(range(first, end), key=lambda place: (runs[place], -place))
        kept.append((words[at][0], runs[at]))
    return kept


def prints_of_pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return, for pieces of a text, the places among `spans` and beside each the prints of its stretch of the text.

    That are those which begin in it and the one before: so a piece of few words is as well known as a long one.
    """
    found = prints(text)
    starts = [at for at, _ in found]
    places: list[int] = []
    values: list[int] = []
    for place, (start, end) in enumerate(spans):
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1)
        own = [value for _, value in found[max(0, first) : max(last, 1)]]
        places += [place] * len(own)
        values += own
    return places, values


def _runs(words: Sequence[int]) -> Iterator[int]:
    """Yield the hash of each run as Postgres keeps it: 64 bits, signed."""
    length = min(RUN, len(words))
    if not length:
        return
    leading = pow(_BASE, length - 1, 1 << 64)
    value = 0
    for place, word in enumerate(words):
        if place >= length:
            value = (value - words[place - length] * leading) & _MASK
        value = (value * _BASE + word) & _MASK
        if place >= length - 1:
            mixed = (value ^ (value >> 29)) * 0xBF58476D1CE4E5B9 & _MASK
            yield (mixed ^ (mixed >> 32)) - (1 << 63)


@lru_cache(maxsize=200_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())
