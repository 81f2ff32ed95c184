"""Tells a sentence that denies from one that affirms: an answer may not turn one into the other."""

import re
from typing import Final

#: Words that deny, in the languages of the documents; "No. 5" is a number, "not only" affirms.
_DENIES: Final = re.compile(
    r"\b(?:not(?!\s+(?:only|just|merely)\b)|no(?!\.?\s*\d)|never|none|nobody|nothing|nowhere|neither|nor|cannot"
    r"|nicht(?!\s+nur\b)|nichts|nie|niemals|niemand\w*|nirgends|kein\w{0,2}|weder"
    r"|ne|aucune?|jamais|не|нет|нельзя|никогда|никто)\b"
    r"|\w(?:n['\u2019]t)\b|\bn['\u2019](?=\w)",
    re.IGNORECASE,
)
#: "No boat may go faster than five knots" sets a limit, as "at most five knots" does.
_COMPARES: Final = re.compile(r"\b(?:more|less|\w{2,}er|mehr|weniger)\b[^.;]{0,60}?\b(?:than|als)\b", re.IGNORECASE)


def denies(text: str) -> bool:
    """Say whether something is denied in it."""
    return _DENIES.search(text) is not None


def turns(said: str, borne_by: str) -> bool:
    """Say whether one denies what the other affirms; a limit may be told as one ("no more than five", "five")."""
    if denies(said) == denies(borne_by):
        return False
    denying, affirming = (said, borne_by) if denies(said) else (borne_by, said)
    return _COMPARES.search(denying) is None or _COMPARES.search(affirming) is not None
