"""Chooses the Postgres text search configuration that suits a text."""

from typing import Final

#: ISO 639-1 (what the detector answers) → configuration that Postgres ships. Anything else is searched as `simple`.
CONFIGURATIONS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
SIMPLE: Final = "simple"
_SAMPLE_CHARACTERS: Final = 2_000
_LEAST_LETTERS: Final = 40
_LEAST_CERTAINTY: Final = 0.8


def text_search_configuration(text: str) -> str:
    """Return the configuration for a text's main language; short or unclear texts are `simple`."""
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0  # the library draws at random: the same text must always get the same answer
    sample = text[:_SAMPLE_CHARACTERS]
    if sum(character.isalpha() for character in sample) < _LEAST_LETTERS:
        return SIMPLE
    try:
        likeliest = detect_langs(sample)[0]
    except LangDetectException:
        return SIMPLE
    return CONFIGURATIONS.get(likeliest.lang, SIMPLE) if likeliest.prob >= _LEAST_CERTAINTY else SIMPLE
