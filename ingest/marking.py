"""Finds quoted words among the characters of a page, whatever became of spaces, hyphens, ligatures and letter case."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

#: A quote that goes on over the page's edge is marked where at least so much of it stands at that edge.
_EDGE_SHARE: Final = 3
_EDGE_LEAST: Final = 16
_EDGE_REACH: Final = 200  # headers and footers may stand between
_MOST_PLACES: Final = 20


def places(characters: Sequence[str], words: str) -> list[range]:
    """Return where `words` stand, as ranges of indexes into `characters`; nothing when they don't."""
    kept = [(at, letter) for at, character in enumerate(characters) for letter in _plain(character)]
    page, sought = "".join(letter for _, letter in kept), "".join(map(_plain, words))
    found = _whole(page, sought) or _over_an_edge(page, sought)
    return [range(kept[start][0], kept[end - 1][0] + 1) for start, end in found]


def _whole(page: str, sought: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = page.find(sought) if sought else -1
    while at >= 0 and len(found) < _MOST_PLACES:
        found.append((at, at + len(sought)))
        at = page.find(sought, at + len(sought))
    return found


def _over_an_edge(page: str, sought: str) -> list[tuple[int, int]]:
    least = max(_EDGE_LEAST, -(-len(sought) // _EDGE_SHARE))
    for length in range(len(sought) - 1, least - 1, -1):
        at = page.rfind(sought[:length])
        if at >= 0 and at + length >= len(page) - _EDGE_REACH:
            return [(at, at + length)]
        at = page.find(sought[-length:])
        if 0 <= at <= _EDGE_REACH:
            return [(at, at + length)]
    return []


@cache
def _plain(character: str) -> str:
    """Return the letters of a character that count: no white space, no hyphens, no control characters."""
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] not in "CZ" and letter != "-"
                   and unicodedata.category(letter) != "Pd")  # fmt: skip
