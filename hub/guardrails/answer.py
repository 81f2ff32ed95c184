"""Ties a draft to the passages: one sentence there must bear the answer, and stand near what was asked about.

Small models answer from the passages well but abstain badly, so whether there is an answer is decided here and not by
the model: words the draft adds to the question must stand in one sentence of a passage, and most of the question's own
words must stand around that sentence. The sentence becomes the citation's quote, so the number never depends on what
the model wrote.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from catalog.disclosure import Passage
from hub.answers import Citation
from hub.guardrails.negation import denies, turns
from hub.guardrails.passages import visible
from hub.guardrails.sentences import Sentence, sentences

#: Share of the draft's new words that must stand in or around the quoted sentence; figures and their units stand in it.
MIN_BORNE = 0.5
#: Share of the question's words that must stand in the quote, its neighbours, its heading or its document's name.
MIN_ASKED = 0.5

_WORD = re.compile(r"\w+(?:[.,:]\d+)*")
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
class _Place:
    """One sentence or row of a passage: `held` are its own words, `near` what may bear with it, `about` its topic."""

    number: int
    at: int
    passage: Passage
    sentences: tuple[Sentence, ...]
    held: tuple[str, ...]
    near: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def quote(self) -> Sentence:
        """What a citation quotes: the document's own letters."""
        return self.sentences[self.at]


@dataclass(frozen=True, kw_only=True)
class _Support:
    """How well one place bears a draft."""

    place: _Place
    borne: float
    asked: float
    turned: bool


def check(draft: str, question: str, passages: Sequence[Passage]) -> Checked | None:
    """Return the answer with its citations, or None when it isn't borne.

    Each sentence of a draft needs one that bears it, unless it says nothing new: then they are borne together.
    """
    answer = _clean(draft)
    if not answer or _NONE.match(answer):
        return None
    places = list(_rows_asked_about(_places(passages), question))
    parts = [sentence.text for sentence in sentences(answer)]
    if not all(_added(part, question) for part in parts):
        parts = [answer]
    supports = [_best(part, question, places) for part in parts]
    borne_by = [support.place for support in supports if support is not None]
    if len(borne_by) < len(parts):
        return None
    text = " ".join(f"{part} [{place.number}]" for part, place in zip(parts, borne_by, strict=True))
    return Checked(text=text, citations=tuple(_citations(borne_by)))


def _places(passages: Sequence[Passage]) -> Iterator[_Place]:
    for number, passage in enumerate(passages, start=1):
        # A quote is the document's own letters; what is compared is what the model saw of them.
        cut = tuple(sentence for sentence in sentences(passage.body) if visible(sentence.text))
        topic = _words(f"{passage.heading} {passage.document_name} {passage.dataset_title}")
        for at, sentence in enumerate(cut):
            if sentence.table is None:
                near = [other for other in cut[max(0, at - 2) : at + 2] if other.table is None]
                about = near
            else:
                # Rows tell of different things: beside a row stands what heads it, and no other row.
                near = [sentence]
                about = [next(row for row in cut if row.table == sentence.table), sentence]
            yield _Place(
                number=number,
                at=at,
                passage=passage,
                sentences=cut,
                held=_held([sentence]),
                near=(*_held(near), *topic),
                about=(*_held(about), *topic),
            )


def _rows_asked_about(places: Iterable[_Place], question: str) -> Iterator[_Place]:
    """Leave out rows that hold less of what was asked than another row of the same document does."""
    asked, known = _meaning(question), list(places)
    most = defaultdict[UUID, int](int)
    rows = [place for place in known if place.quote.table is not None]
    for row in rows:
        most[row.passage.document_id] = max(most[row.passage.document_id], _naming(asked, row))
    for place in known:
        if place.quote.table is None or _naming(asked, place) == most[place.passage.document_id]:
            yield place


def _naming(asked: Sequence[str], row: _Place) -> int:
    """Count the question's words that this row holds and what heads the table doesn't."""
    heads = _words(row.passage.heading)
    return sum(_among(word, row.held) and not _among(word, heads) for word in asked)


def _best(part: str, question: str, places: Sequence[_Place]) -> _Support | None:
    asked, added = _meaning(question), _added(part, question)
    bound = _bound(part, added)
    supports = [
        _Support(
            place=place,
            borne=_borne(added, place.held, place.near),
            asked=_share(asked, place.about),
            turned=_turned(part, question, added, place),
        )
        for place in places
        if all(_among(word, place.held) for word in bound)
    ]
    best = max(supports, key=lambda s: (s.borne, s.asked, not s.turned), default=None)
    # What bears it best but says the opposite isn't made up for by a neighbour that bears it less.
    if best is None or not added or best.turned or best.borne < MIN_BORNE or best.asked < MIN_ASKED:
        return None
    return best


def _turned(part: str, question: str, added: Sequence[str], place: _Place) -> bool:
    """Say whether the draft denies what the place affirms or the other way; the question may hold the denial."""
    bearing = visible(place.quote.text)
    if place.quote.table is not None:
        cells = bearing.split("|")
        bearing = " ".join(cell for cell in cells if any(_among(word, _words(cell)) for word in added))
    return turns(part, bearing) and not (denies(bearing) and denies(question))


def _citations(places: Sequence[_Place]) -> Iterator[Citation]:
    """Yield one citation a passage: from the first to the last sentence that bears something."""
    for number in sorted({place.number for place in places}):
        mine = sorted((place for place in places if place.number == number), key=lambda place: place.at)
        quoted = mine[0].sentences[mine[0].at : mine[-1].at + 1]
        yield Citation(number=number, passage=mine[0].passage, quote=" ".join(one.text for one in quoted))


def _added(part: str, question: str) -> list[str]:
    """Return the words that say something and are not the question's own."""
    asked = _meaning(question)
    return [word for word in _meaning(part) if not _among(word, asked)]


def _held(among: Iterable[Sentence]) -> tuple[str, ...]:
    return tuple(_words(" ".join(visible(sentence.text) for sentence in among)))


def _borne(added: Sequence[str], sentence: Sequence[str], near: Sequence[str]) -> float:
    """Return the share of new words held nearby, more where the sentence holds them; 0 where it holds none."""
    own = _share(added, sentence)
    return 0.9 * _share(added, near) + 0.1 * own if own else 0.0


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
    a, b = _singular(a), _singular(b)
    if a == b:
        return True
    if a[0].isdigit() or b[0].isdigit():
        return False
    alike = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return alike >= max(4, min(len(a), len(b)) - 2, 0.6 * max(len(a), len(b)))


def _singular(word: str) -> str:
    """Return "ferry" for "ferries"; other forms begin alike."""
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 5 else word  # noqa: PLR2004  # not "lies", "dies"
