"""Frames passages as data for the model: numbered, and without characters that could pass for the frame."""

import unicodedata
from collections.abc import Sequence

from catalog.disclosure import Passage

#: Unicode tags, zero-width and direction marks (category Cf): people don't see them, models read them.
_INVISIBLE = frozenset({"Cf", "Co", "Cs", "Cn"})


def framed(passages: Sequence[Passage]) -> str:
    """Return the passages as the prompt shows them, `[1]` first."""
    return "\n\n".join(f"[{number}] {_source(p)}\n{visible(p.body)}" for number, p in enumerate(passages, start=1))


def visible(text: str) -> str:
    """Return the text without invisible characters and with brackets that can't be taken for a citation."""
    kept = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return kept.replace("[", "(").replace("]", ")").strip()


def _source(passage: Passage) -> str:
    parts = [passage.dataset_title, passage.heading]
    return visible(" > ".join(part for part in parts if part))
