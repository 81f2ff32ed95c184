"""A follow-up question is understood with the one before it; small models rewrite questions badly, so words decide."""

import re
from typing import Final

#: Words that point back at something said before (English, German).
POINTING: Final = frozenset(
    "it its they them their this that these those he she his her there then he's it's one ones same"
    " er sie es ihm ihr ihn ihnen sein seine deren dessen dies diese dieser dieses das dort dann davon dazu dabei"
    " derselbe dieselbe dasselbe".split()
)
#: A question that begins so goes on with another.
GOING_ON: Final = (
    *("and ", "or ", "but ", "what about", "how about"),
    *("und ", "oder ", "aber ", "was ist mit", "wie steht"),
)
#: So few words hardly name what they are about.
FEW_WORDS: Final = 3


def goes_on(question: str) -> bool:
    """Say whether a question needs the one before it."""
    words = re.findall(r"[^\W\d_]+", question.lower())
    return (
        len(words) <= FEW_WORDS
        or question.lower().lstrip().startswith(GOING_ON)
        or any(word in POINTING for word in words)
    )


def understood(question: str, earlier: str | None) -> str:
    """Return the question with the one before it in front where it needs it."""
    return f"{earlier} {question}" if earlier and goes_on(question) else question
