"""What would break if a dataset were tagged otherwise, or a part of the site stood elsewhere; nothing is changed.

The law of today and the law of then are decided by the same rules from the same facts; what is told is the difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.datasets import TAGS
from catalog.effects import Effect, effect_on, site_rulings
from catalog.errors import InvalidError, NotFoundError
from catalog.places import Place
from catalog.policy.model import Surroundings
from catalog.residency import Groups, place, require_possible, residency
from catalog.tables import datasets
from catalog.vocabulary import Classification, Jurisdiction, Purpose

_RESIDENCIES: Final = ("store_in", "process_in", "access_from")


@dataclass(frozen=True, kw_only=True)
class Retag:
    """New tags of a dataset; None leaves one as it is."""

    classification: Classification | None = None
    store_in: Sequence[str] | None = None
    process_in: Sequence[str] | None = None
    access_from: Sequence[str] | None = None
    forbidden_legal_control: Sequence[str] | None = None
    forbidden_model_origins: Sequence[str] | None = None
    purposes: Sequence[Purpose] | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """A registered part of this site, and where it would stand; None leaves its law as it is."""

    name: str
    jurisdiction: str
    legal_control: Sequence[str] | None = None


def retag(session: Session, here: Surroundings, slug: str, change: Retag) -> Effect:
    """Say what other tags would do; raises NotFoundError, SettingsError for tags that won't do."""
    query = select(datasets).where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None))
    found = session.execute(query).mappings().first()
    if found is None:
        raise NotFoundError
    row = dict(found)
    return effect_on(session, row, ({}, here), (checked(change, row, here.groups), here))


def move(session: Session, here: Surroundings, change: Move) -> list[Effect]:
    """Say which datasets another place of a part would touch, and how; raises InvalidError for no part of this site."""
    there = _moved(here, change)
    rows = session.execute(select(datasets).where(datasets.c.withdrawn_at.is_(None)).order_by(datasets.c.slug))
    same: dict[tuple[tuple[str, ...], ...], bool] = {}  # thousands of datasets are a few hundred laws
    effects = []
    for row in map(dict, rows.mappings()):
        tags = tuple(tuple(row[tag]) for tag in TAGS)
        if tags not in same:
            same[tags] = site_rulings(row, here) == site_rulings(row, there)
        if not same[tags]:
            effects.append(effect_on(session, row, ({}, here), ({}, there)))
    return [one for one in effects if one.breaks]


def checked(change: Retag, row: Mapping[str, Any], known: Groups) -> dict[str, Any]:
    """Return the tags that differ, checked as a change of them would be; raises SettingsError."""
    given = {name: value for name, value in vars(change).items() if value is not None}
    for name in (*_RESIDENCIES, "forbidden_model_origins"):
        if name in given:
            given[name] = residency(given[name], known)
    if "forbidden_legal_control" in given:
        given["forbidden_legal_control"] = sorted({place(code) for code in given["forbidden_legal_control"]})
    given = {name: value for name, value in given.items() if value != row[name]}
    if given:
        require_possible({**{name: row[name] for name in TAGS}, **given}, known)
    return given


def _moved(here: Surroundings, change: Move) -> Surroundings:
    stands = place(change.jurisdiction)

    def there(one: Place) -> Place:
        if one.name != change.name:
            return one
        law = one.legal_control if change.legal_control is None else map(place, change.legal_control)
        return replace(one, jurisdiction=Jurisdiction(stands), legal_control=frozenset(law))

    moved: dict[str, Any] = {part: there(one) for part, one in vars(here).items() if isinstance(one, Place)}
    moved["more_endpoints"] = tuple(map(there, here.more_endpoints))
    moved["known_zones"] = tuple(map(there, here.known_zones))
    if change.name not in (known := {one.name for one in (*here.parts, *here.endpoints, *here.known_zones)}):
        names = ", ".join(sorted(known))
        raise InvalidError(f"'{change.name}' is no part of this site. Its parts are: {names}.")
    return replace(here, **moved)
