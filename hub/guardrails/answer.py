"""Ties a draft to the passages: one sentence there must bear the answer, and stand near what was asked about.

Small models answer from the passages well but abstain badly, so whether there is an answer is decided here and not by
the model: words the draft adds to the question must stand in one sentence of a passage, and most of the question's own
words must stand around that sentence. The sentence becomes the citation's quote, so the number never depends on what
the model wrote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from catalog.disclosure import Passage
from hub.answers import Citation
from hub.guardrails.passages import visible

#: Share of the draft's new words that must stand in or around the quoted sentence; figures and their units stand in it.
MIN_BORNE = 0.5
#: Share of the question's words that must stand in the quote, its neighbours, its heading or its document's name.
MIN_ASKED = 0.5

_WORD = re.compile(r"\w+(?:[.,:]\d+)*")
#: A sentence ends at a mark before a capital, a figure or a quotation, but not after a title or an initial.
_END = re.compile(
    r"(?<=[.!?])(?<!\b(?:St|Dr|Mr|Ms|Nr)\.)(?<!\b(?:Mrs|Art|Abs|Rev|Gen)\.)(?<!\b[A-Z]\.)\s+(?=[^\W\d_a-z]|[\d\"“(])|\n\s*\n|\n(?=[^\n]*\|)|(?<=\|)\n"
)  # table rows end at the line
_NUMBER = re.compile(r"\s*\[\d+\]")
_NONE = re.compile(r"^\W*(none|not found|no answer|n/a)\b", re.IGNORECASE)
#: Words of four letters and more that carry no meaning of their own; shorter ones are left out anyway.
_EMPTY = frozenset(
    (
        "what when where which whom whose much many long does have will would should could there their they that "
        "this these those from with were been into than then also only such"
    ).split()
)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A draft whose citation holds."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True)
class _Support:
    """How well one sentence bears a draft."""

    number: int
    passage: Passage
    sentence: str
    borne: float
    asked: float


def check(draft: str, question: str, passages: Sequence[Passage]) -> Checked | None:
    """Return the answer with its citation, or None when no passage bears it."""
    answer = _clean(draft)
    if not answer or _NONE.match(answer):
        return None
    asked = _meaning(question)
    added = [word for word in _meaning(answer) if not _among(word, asked)]
    supports = list(_supports(asked, added, _bound(answer, added), passages))
    best = max(supports, key=lambda s: (s.borne, s.asked), default=None)
    if best is None or not added or best.borne < MIN_BORNE or best.asked < MIN_ASKED:
        return None
    citation = Citation(number=best.number, passage=best.passage, quote=best.sentence)
    return Checked(text=f"{answer} [{best.number}]", citations=(citation,))


def _supports(
    asked: Sequence[str], added: Sequence[str], bound: Sequence[str], passages: Sequence[Passage]
) -> Iterator[_Support]:
    for number, passage in enumerate(passages, start=1):
        # A quote is the document's own letters; what is compared is what the model saw of them.
        quotes = [part for part in map(_joined, _END.split(passage.body)) if visible(part)]
        sentences = [visible(part) for part in quotes]
        about = _words(f"{passage.heading} {passage.document_name} {passage.dataset_title}")
        for at, sentence in enumerate(sentences):
            held = _words(sentence)
            near = _words(" ".join(sentences[max(0, at - 2) : at + 2])) + about
            yield _Support(
                number=number,
                passage=passage,
                sentence=quotes[at],
                borne=_borne(added, held, near) if all(_among(word, held) for word in bound) else 0.0,
                asked=_share(asked, near),
            )


def _borne(added: Sequence[str], sentence: Sequence[str], near: Sequence[str]) -> float:
    """Return the share of new words held nearby, more where the sentence holds them."""
    return 0.9 * _share(added, near) + 0.1 * _share(added, sentence)


def _bound(answer: str, added: Sequence[str]) -> list[str]:
    """Return the new words that must stand in the sentence itself: each figure, and the new word right after one."""
    figures = [word for word in added if word[0].isdigit()]
    return figures + [unit for word, unit in pairwise(_words(answer)) if word in figures and unit in added]


def _clean(text: str) -> str:
    first = next((line for line in text.strip().splitlines() if line.strip()), "")
    return _joined(_NUMBER.sub("", first)).strip(' "“”„«»*')


def _joined(text: str) -> str:
    return " ".join(text.split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _meaning(text: str) -> list[str]:
    """Return the words that say something: figures, and words of four letters or more that are not empty."""
    return [word for word in _words(text) if word[0].isdigit() or (len(word) > 3 and word not in _EMPTY)]  # noqa: PLR2004  # as said


def _share(wanted: Sequence[str], held: Sequence[str]) -> float:
    return sum(_among(word, held) for word in wanted) / len(wanted) if wanted else 1.0


def _among(word: str, held: Sequence[str]) -> bool:
    return any(_same(word, other) for other in held)


def _same(a: str, b: str) -> bool:
    """Say whether two words are forms of one: they begin alike over most of their length (any language)."""
    if a == b:
        return True
    if a[0].isdigit() or b[0].isdigit():
        return False
    alike = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return alike >= max(4, min(len(a), len(b)) - 2, 0.6 * max(len(a), len(b)))
