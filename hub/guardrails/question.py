"""Is this a question the hub can take: text, not empty, not too long, no control characters."""

import unicodedata

from catalog.errors import GuardrailError


def checked(question: str, *, max_characters: int) -> str:
    """Return the question, normalised (NFC, single spaces).

    Raises GuardrailError with a sentence that says what is wrong and never repeats the question.
    """
    if len(question) > max_characters:
        raise GuardrailError(f"The question has {len(question):,} characters; {max_characters:,} are allowed.")
    plain = " ".join(
        "".join(
            " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
            for c in unicodedata.normalize("NFC", question)
            if unicodedata.category(c) not in {"Cf", "Cs", "Co"}
        ).split()
    )
    if not any(c.isalnum() for c in plain):
        raise GuardrailError("The question is empty.")
    return plain
