"""Finds the classification printed in a text: a line that is nothing but a marking, or one that names it as such."""

import re
from typing import Final

from catalog.vocabulary import Classification

#: Markings of states, alliances and offices, in capitals, with the level of the hub each asks for at least.
MARKINGS: Final[dict[Classification, tuple[str, ...]]] = {
    Classification.SECRET: (
        *("SECRET", "TOP SECRET", "GEHEIM", "STRENG GEHEIM", "SEGRETO", "SECRETO", "TAJNE"),
        *("SECRET DÉFENSE", "TRÈS SECRET", "TRÈS SECRET DÉFENSE", "NATO SECRET", "COSMIC TOP SECRET"),
        *("SECRET UE", "EU SECRET", "SECRET UE/EU SECRET", "TRÈS SECRET UE/EU TOP SECRET", "EU TOP SECRET"),
    ),
    Classification.RESTRICTED: (
        *("RESTRICTED", "CONFIDENTIAL", "STRICTLY CONFIDENTIAL", "NATO RESTRICTED", "NATO CONFIDENTIAL"),
        *("OFFICIAL-SENSITIVE", "OFFICIAL SENSITIVE", "VERTRAULICH", "STRENG VERTRAULICH", "VS-VERTRAULICH"),
        *("VS - VERTRAULICH", "VS-NFD", "VS - NFD", "NUR FÜR DEN DIENSTGEBRAUCH", "VS-NUR FÜR DEN DIENSTGEBRAUCH"),
        *("VS - NUR FÜR DEN DIENSTGEBRAUCH", "CONFIDENTIEL", "CONFIDENTIEL DÉFENSE", "DIFFUSION RESTREINTE"),
        *("RESTREINT UE", "EU RESTRICTED", "RESTREINT UE/EU RESTRICTED", "CONFIDENTIEL UE", "EU CONFIDENTIAL"),
        "CONFIDENTIEL UE/EU CONFIDENTIAL",
    ),
    Classification.INTERNAL: (
        *("INTERNAL", "INTERNAL USE ONLY", "FOR INTERNAL USE ONLY", "INTERN", "NUR FÜR DEN INTERNEN GEBRAUCH"),
        *("USAGE INTERNE", "OFFICIAL USE ONLY", "FOR OFFICIAL USE ONLY"),
    ),
}
_LEVELS: Final = {marking: level for level, markings in MARKINGS.items() for marking in markings}
#: What may stand around a marking on its line.
_AROUND: Final = " \t*_#=~|<>[](){}«»\"'“”„.:;,!•·/\\-\u2013\u2014"
_NAMED: Final = re.compile(
    r"(?:security |document )?(?:classification|classified|marking|einstufung|schutzstufe|vs-einstufung|"
    r"classification de sécurité|clasificación|classificazione)\s*[:=\u2013\u2014]\s*(.+)",
    re.IGNORECASE,
)
_DASH: Final = re.compile("[\u2013\u2014]")
#: What begins so is a marking in letters of any case.
_NO_PROSE: Final = "VS"
_LONGEST: Final = 80


def printed(text: str) -> Classification:
    """Return the highest level a marking in the text asks for; public where there is none."""
    return max(map(_asked, text.splitlines()), default=Classification.PUBLIC, key=lambda level: level.level)


def _asked(line: str) -> Classification:
    """Read one line: capitals that are a marking count; where the line says that it is one, letters of any case do."""
    bare = line.strip(_AROUND)
    if not bare or len(bare) > _LONGEST:
        return Classification.PUBLIC
    named = _NAMED.fullmatch(bare)
    words = named[1].strip(_AROUND) if named else bare
    if named or words.upper().startswith(_NO_PROSE):
        words = words.upper()
    return _LEVELS.get(re.sub(r"\s+", " ", _DASH.sub("-", words)), Classification.PUBLIC)
