"""ISO 3166 places, and which places a residency of places and groups stands for.

A subdivision (`CA-QC`) lies inside its country (`CA`).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

import pycountry

from catalog.errors import SettingsError
from catalog.vocabulary import Jurisdiction

#: Each known group with the places it stands for on the day of a decision (`groups.today`).
Groups = Mapping[str, frozenset[str]]

_GROUP_NAME: Final = re.compile(r"[A-Z][A-Z0-9-]{1,31}")


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


def is_group_name(name: str) -> bool:
    """Tell whether a group may be called so."""
    return _GROUP_NAME.fullmatch(name) is not None


def residency(codes: Iterable[str], groups: Groups) -> list[str]:
    """Return declared places and groups, checked, sorted and without repeats.

    Raises SettingsError for an unknown one.
    """
    declared = sorted(set(codes))
    for code in declared:
        if code not in groups:
            try:
                place(code)
            except SettingsError:
                raise SettingsError(
                    f"'{code}' is neither a place nor a group. Give ISO 3166 codes such as DE or CA-QC, "
                    f"or one of the groups {', '.join(sorted(groups))}."
                ) from None
    return declared


def expand(codes: Iterable[str], groups: Groups) -> frozenset[str]:
    """Return the places that declared `codes` stand for; a group nobody knows any more stands for none."""
    places: set[str] = set()
    for code in codes:
        places |= groups.get(code, frozenset({code}) if is_place(code) else frozenset())
    return frozenset(places)


def require_possible(tags: Mapping[str, Iterable[str]], groups: Groups) -> None:
    """Raise SettingsError for tags that no place in the world could meet, with what to change.

    A store or a machine stands under the law of its country: where all places of a tag lie under a law that must reach
    no operator, nobody may keep the dataset.
    """
    forbidden = frozenset(tags["forbidden_legal_control"])
    for tag, doing in (("store_in", "stored"), ("process_in", "processed"), ("access_from", "accessed from")):
        places = expand(tags[tag], groups)
        if not places:
            raise SettingsError(
                f"It may be {doing} nowhere: {', '.join(tags[tag])} stands for no place today. "
                "Give ISO 3166 codes, or a group that has members (`hub group list`)."
            )
        if tag != "access_from" and all(enclosing(place) & forbidden for place in places):
            raise SettingsError(
                f"It may be {doing} in {', '.join(tags[tag])} only, and the law of {', '.join(sorted(forbidden))} must "
                "reach no operator: nobody could keep it. Name another place, or take that law out."
            )


def enclosing(code: str) -> frozenset[str]:
    """Return the place itself and what it lies in: `CA-QC` → {`CA-QC`, `CA`}."""
    return frozenset({code, code.partition("-")[0]})


def within(codes: Iterable[str], limit: Iterable[str], groups: Groups) -> bool:
    """Tell whether every place of a residency lies inside another one; a residency of no place lies nowhere."""
    inside, outer = expand(codes, groups), expand(limit, groups)
    return bool(inside) and all(enclosing(code) & outer for code in inside)


def both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the places two expanded residencies have in common."""
    return frozenset(code for code in one | other if enclosing(code) & one and enclosing(code) & other)


def shared(residencies: Iterable[Iterable[str]], groups: Groups) -> tuple[str, ...]:
    """Return the places all residencies have in common, as a group's name where it is exactly that group.

    A subdivision lies inside its country: `CA` and `CA-QC` have `CA-QC` in common.
    """
    expanded = [expand(one, groups) for one in residencies]
    named = frozenset().union(*expanded)
    common = frozenset(code for code in named if all(enclosing(code) & one for one in expanded))
    return next(((name,) for name in sorted(groups) if groups[name] == common and common), tuple(sorted(common)))
