"""What would become of one dataset under other tags, or with a part of the site elsewhere, in rules and figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalog.policy.facts import LYING, alike_rulings
from catalog.policy.model import Ruling, Subject, Surroundings
from catalog.residency import expand
from catalog.vocabulary import Classification, PersonId, Purpose

_NOBODY: Final = PersonId(UUID(int=0))


@dataclass(frozen=True, kw_only=True)
class Refusing:
    """A rule that would refuse: its sentence, and the part or place it looks at; `already`: it refuses today."""

    rule: str
    reason: str
    door: str
    tag: str
    place: str
    already: bool


@dataclass(frozen=True, kw_only=True)
class Stranded:
    """People of one place who hold a live grant, ask today and could not then; `held`: all who hold one there."""

    jurisdiction: str
    people: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What would become of one dataset; `out_of_place`: what is kept here may not lie here then."""

    slug: str
    title: str
    documents: int
    versions: int
    out_of_place: bool
    already_out_of_place: bool
    refusing: tuple[Refusing, ...]
    stranded: tuple[Stranded, ...]
    endpoints: tuple[str, ...]

    @property
    def breaks(self) -> bool:
        """Whether anything that works today would not then."""
        worse = self.out_of_place and not self.already_out_of_place
        return worse or bool(self.stranded) or any(not one.already for one in self.refusing)


@dataclass(frozen=True, kw_only=True)
class _Group:
    """People alike for the law."""

    jurisdiction: str
    clearance: Classification
    purposes: tuple[Purpose, ...]
    people: int


def effect_on(
    session: Session,
    row: Mapping[str, Any],
    now: tuple[Mapping[str, Any], Surroundings],
    then: tuple[Mapping[str, Any], Surroundings],
) -> Effect:
    """Compare a dataset under the tags and surroundings of today with those of then."""
    groups = _groups(session, row["id"])
    before, after = (_ruled({**row, **tags}, here, groups) for tags, here in (now, then))
    held = session.execute(kept(row["id"])).one()
    refusing = _refusing(before, after)
    return Effect(
        slug=row["slug"],
        title=row["title"],
        documents=held.documents,
        versions=held.versions,
        out_of_place=_may_not_lie(after[0]),
        already_out_of_place=_may_not_lie(before[0]),
        refusing=refusing,
        stranded=_stranded(groups, before[2], after[2]),
        endpoints=tuple(sorted({one.place for one in refusing if one.door == "model"})),
    )


def holders(dataset_id: UUID) -> Select[Any]:
    """Return the query of who holds a live grant, alike for the law; none where the dataset isn't the steward's."""
    told = func.hub.holders(dataset_id).table_valued("jurisdiction", "clearance", "purposes", "people")
    return select(told).order_by("jurisdiction", "clearance", "purposes")


def kept(dataset_id: UUID) -> Select[Any]:
    """Return the query of how many documents and versions are kept here; none where it isn't the steward's."""
    return select(func.hub.kept_versions(dataset_id).table_valued("documents", "versions"))


def _groups(session: Session, dataset_id: UUID) -> list[_Group]:
    return [
        _Group(
            jurisdiction=row.jurisdiction,
            clearance=Classification(row.clearance),
            purposes=tuple(map(Purpose, row.purposes)),
            people=row.people,
        )
        for row in session.execute(holders(dataset_id))
    ]


def _ruled(
    tags: Mapping[str, Any], here: Surroundings, groups: Sequence[_Group]
) -> tuple[Ruling, Ruling, dict[tuple[int, Purpose], Ruling]]:
    """Rule on taking in, on somebody the dataset is meant for, and on each group of holders by purpose."""
    meant = Subject(
        person_id=_NOBODY,
        jurisdiction=min(expand(tags["access_from"], here.groups), default=""),
        clearance=Classification.SECRET,
    )
    keys = [(number, purpose) for number, group in enumerate(groups) for purpose in group.purposes]
    asked = [(meant, Purpose(min(tags["purposes"])))]
    for number, purpose in keys:
        group = groups[number]
        someone = Subject(person_id=_NOBODY, jurisdiction=group.jurisdiction, clearance=group.clearance)
        asked.append((someone, purpose))
    ingest, (site, *held) = alike_rulings(tags, here, asked)
    return ingest, site, dict(zip(keys, held, strict=True))


def _refusing(
    before: tuple[Ruling, Ruling, Mapping[Any, Ruling]], after: tuple[Ruling, Ruling, Mapping[Any, Ruling]]
) -> tuple[Refusing, ...]:
    today, then = (_rules((ruled[0], ruled[1], *ruled[2].values())) for ruled in (before, after))
    return tuple(
        Refusing(rule=key[0], reason=reason, door=door, tag=tag, place=key[1], already=key in today)
        for key, (reason, door, tag) in sorted(then.items())
    )


def _rules(rulings: Iterable[Ruling]) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return each rule that forbids, with the place it looked at, once."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for ruling in rulings:
        if ruling.permitted:
            continue
        breaches = {breach.rule: breach for breach in ruling.breaches}
        for rule, reason in zip(ruling.rules, ruling.reasons, strict=True):
            breach = breaches.get(rule)
            at = (breach.place, str(breach.door), breach.tag) if breach else ("", "", "")
            found[rule, at[0]] = (reason, *at[1:])
    return found


def _stranded(
    groups: Sequence[_Group], now: Mapping[tuple[int, Purpose], Ruling], then: Mapping[tuple[int, Purpose], Ruling]
) -> tuple[Stranded, ...]:
    lost: dict[str, int] = {}
    held: dict[str, int] = {}
    for number, group in enumerate(groups):
        keys = [(number, purpose) for purpose in group.purposes]
        held[group.jurisdiction] = held.get(group.jurisdiction, 0) + group.people
        if any(now[key].permitted and not then[key].permitted for key in keys):
            lost[group.jurisdiction] = lost.get(group.jurisdiction, 0) + group.people
    return tuple(Stranded(jurisdiction=code, people=lost[code], held=held[code]) for code in sorted(lost))


def _may_not_lie(ingest: Ruling) -> bool:
    return any(breach.tag in LYING for breach in ingest.breaches)


def site_rulings(tags: Mapping[str, Any], here: Surroundings) -> tuple[Ruling, Ruling]:
    """Rule on taking documents in, and on somebody the dataset is meant for: what every other ruling here hangs on."""
    ingest, meant, _ = _ruled(tags, here, [])
    return ingest, meant
