"""Cuts a passage into sentences and rows of tables, as English and German write them: where a quote begins and ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: A mark, and whatever closes with it, before white space.
_GAP: Final = re.compile(r"(?<=[.!?…])[\"'”“\u2019»)]*\s+")
#: The last word before the gap, with its dot, and the word before it.
_LAST: Final = re.compile(r"(?:(\w+)\s+)?(\w+)\.[\"'”“\u2019»)]*\s+$")
#: What a sentence begins with: a capital or a letter without case, a figure, a quotation.
_OPENS: Final = frozenset("\"'“„«»(")
#: Abbreviations that no sentence ends with, and those that stand before their figure.
_SHORT: Final = frozenset("bzw ca dr mr mrs ms prof st rev gen vgl bzgl inkl zzgl evtl ggf sog tel str".split())
_SHORT_MONTHS: Final = frozenset("jan feb mär mar apr jun jul aug sep sept okt oct nov dez dec".split())
_BEFORE_FIGURE: Final = _SHORT_MONTHS | frozenset("nr no nos art abs kap abb fig vol bd sec ziff lit pp".split())
_MONTHS: Final = _SHORT_MONTHS | frozenset(
    (
        "januar jänner februar märz april mai juni juli august september oktober november dezember "
        "january february march may june july october december"
    ).split()
)
#: „Der 3. Deich“: what stands before an ordinal.
_BEFORE_ORDINAL: Final = frozenset("der die das den dem des am im zum zur vom beim".split())
_FIGURE: Final = re.compile(r"\d|[IVXLC]+\b")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence or a row in the document's own letters, white space joined; `table` counts tables, None for prose."""

    text: str
    table: int | None = None


def sentences(body: str) -> list[Sentence]:
    """Return sentences and rows in order; a blank line parts sentences, but not the rows of one table."""
    found: list[Sentence] = []
    prose: list[str] = []
    table = 0
    for line in [*body.split("\n"), ""]:
        if line.strip() and "|" not in line:
            prose.append(line)
            continue
        if prose:
            found += [Sentence(text=text) for text in _cut("\n".join(prose))]
            prose, table = [], table + 1
        if line.strip():
            found.append(Sentence(text=" ".join(line.split()), table=table))
    return found


def _cut(prose: str) -> Iterator[str]:
    begun = 0
    for gap in _GAP.finditer(prose):
        if _ends(prose[begun : gap.end()], prose[gap.end() :]):
            yield " ".join(prose[begun : gap.end()].split())
            begun = gap.end()
    if rest := " ".join(prose[begun:].split()):
        yield rest


def _ends(before: str, after: str) -> bool:
    """Say whether a sentence ends between the two: not inside a date, after an abbreviation or an initial."""
    if not after or not (after[0] in _OPENS or (after[0].isalnum() and not after[0].islower())):
        return False
    last = _LAST.search(before)
    if last is None:
        return True
    before_it, word, following = (last[1] or "").casefold(), last[2], _WORD.match(after)
    if word.isdigit() and len(word) <= 2:  # noqa: PLR2004  # a day; a year or a sum may end a sentence
        return before_it not in _BEFORE_ORDINAL and (following is None or following[0].casefold() not in _MONTHS)
    if (len(word) == 1 and word.isalpha()) or word.casefold() in _SHORT:
        return False
    return word.casefold() not in _BEFORE_FIGURE or _FIGURE.match(after) is None
