"""ISO 3166 places and named groups of them, and which places a residency stands for.

`EU` is only exceptionally reserved in ISO 3166, so groups are our own, with their source and date.
A subdivision (`CA-QC`) lies inside its country (`CA`).
"""

from collections.abc import Iterable
from functools import cache

import pycountry

from catalog.errors import SettingsError
from catalog.vocabulary import Jurisdiction

#: Member states of the European Union since 2020-02-01 (Treaty on European Union, art. 52; withdrawal of GB).
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

#: Named groups and their members.
GROUPS: dict[str, frozenset[str]] = {
    "EU": frozenset(_EU.split()),
    # Agreement on the European Economic Area, art. 126 and annexes.
    "EEA": frozenset([*_EU.split(), "IS", "LI", "NO"]),
}


@cache
def is_place(code: str) -> bool:
    """Tell whether `code` is an ISO 3166-1 alpha-2 or 3166-2 code."""
    if "-" in code:
        return code in {subdivision.code for subdivision in pycountry.subdivisions}
    return code in {country.alpha_2 for country in pycountry.countries}


def place(code: str) -> Jurisdiction:
    """Return `code` as a jurisdiction.

    Raises SettingsError when it is not one.
    """
    if not is_place(code):
        raise SettingsError(
            f"'{code}' is not a place. Give an ISO 3166 code such as DE (country) or CA-QC (subdivision)."
        )
    return Jurisdiction(code)


def residency(codes: Iterable[str]) -> list[str]:
    """Return declared places and groups, checked, sorted and without repeats.

    Raises SettingsError for an unknown one.
    """
    declared = sorted(set(codes))
    for code in declared:
        if code not in GROUPS:
            try:
                place(code)
            except SettingsError:
                raise SettingsError(
                    f"'{code}' is neither a place nor a group. Give ISO 3166 codes such as DE or CA-QC, "
                    f"or one of the groups {', '.join(GROUPS)}."
                ) from None
    return declared


def expand(codes: Iterable[str]) -> frozenset[str]:
    """Return the places that declared `codes` stand for."""
    places: set[str] = set()
    for code in codes:
        places |= GROUPS.get(code, frozenset({code}))
    return frozenset(places)


def enclosing(code: str) -> frozenset[str]:
    """Return the place itself and what it lies in: `CA-QC` → {`CA-QC`, `CA`}."""
    return frozenset({code, code.partition("-")[0]})
