"""Every sentence a person reads, in each language, side by side: a key, then English, then German."""

from typing import Final

from ui.wording import around, asking, bounding, holding, keeping, law, public, rules, vocabulary, wrong

LANGUAGES: Final = ("en", "de")

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    **around.SENTENCES,
    **asking.SENTENCES,
    **bounding.SENTENCES,
    **holding.SENTENCES,
    **keeping.SENTENCES,
    **law.SENTENCES,
    **public.SENTENCES,
    **rules.SENTENCES,
    **vocabulary.SENTENCES,
    **wrong.SENTENCES,
}
