"""Ties a draft to the passages: its quote must stand in one of them, word for word but for spacing and case."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from catalog.disclosure import Passage
from hub.answers import Citation
from hub.guardrails.passages import visible

#: A quote shorter than this could stand anywhere.
MIN_QUOTE_CHARACTERS = 12
#: Share of a quote's words that must stand together in the passage.
MIN_QUOTE_MATCH = 0.8

_QUOTE = re.compile(r"quote\s*:\s*(?P<quote>.*?)(?=\n\s*answer\s*:|\Z)", re.IGNORECASE | re.DOTALL)
_ANSWER = re.compile(r"answer\s*:\s*(?P<answer>.*)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\s*\[\d+\]")
_NONE = re.compile(r"^\W*(none|not found|no answer|n/a)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A draft whose every citation holds."""

    text: str
    citations: tuple[Citation, ...]


def check(draft: str, passages: Sequence[Passage]) -> Checked | None:
    """Return the answer with its citation, or None when the draft can't be tied to a passage.

    The number comes from where the quote stands, not from what the model wrote.
    """
    quote, answer = _parts(draft)
    if not answer or _NONE.match(quote) or _NONE.match(answer) or len(quote) < MIN_QUOTE_CHARACTERS:
        return None
    best = max(enumerate(passages, start=1), key=lambda place: _match(quote, place[1]), default=None)
    if best is None or _match(quote, best[1]) < MIN_QUOTE_MATCH:
        return None
    number, passage = best
    return Checked(text=f"{answer} [{number}]", citations=(Citation(number=number, passage=passage, quote=quote),))


def _parts(draft: str) -> tuple[str, str]:
    """Return quote and answer; a draft without an answer line answers by its quote."""
    quote = _QUOTE.search(draft)
    answer = _ANSWER.search(draft)
    quoted = _clean(quote["quote"]) if quote else ""
    return quoted, _clean(answer["answer"].split("\n\n")[0]) if answer else quoted


def _clean(text: str) -> str:
    return _NUMBER.sub("", " ".join(text.split())).strip(' "“”„«»*')


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _match(quote: str, passage: Passage) -> float:
    """Return which share of the quote's words stands in the passage in one run (1.0: all of it)."""
    wanted, held = _words(quote), _words(visible(passage.body))
    if not wanted:
        return 0.0
    run = SequenceMatcher(None, wanted, held, autojunk=False).find_longest_match()
    return run.size / len(wanted)
