"""Named groups of places as dated members: what a group stands for depends on the day, by the database's clock.

`EU` is only exceptionally reserved in ISO 3166, so groups are the hub's own, each member with its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Date, ScalarSelect, and_, cast, func, insert, or_, select, update
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, SettingsError
from catalog.residency import Groups, is_group_name, is_place, place
from catalog.tables import group_members
from catalog.vocabulary import EventType

_LEAST_SOURCE: Final = 3
MOST_SOURCE: Final = 140  # two of them, joining and leaving, stand in one field of 300


@dataclass(frozen=True, kw_only=True)
class Membership:
    """One country or subdivision in a group, from a day until before another; `source` is the treaty or act."""

    name: str
    member: str
    joined_on: date
    left_on: date | None = None
    source: str


def snapshot() -> ScalarSelect[dict[str, list[str]]]:
    """Return the query of every group's members on the database's today, to stand inside another query."""
    columns = group_members.c
    today = select(cast(func.timezone("UTC", func.hub.hub_now()), Date)).scalar_subquery()
    belongs = and_(columns.joined_on <= today, or_(columns.left_on.is_(None), columns.left_on > today))
    members = func.coalesce(func.jsonb_agg(columns.member).filter(belongs), func.jsonb_build_array())
    by_name = select(columns.name, members.label("members")).group_by(columns.name).subquery()
    return select(func.jsonb_object_agg(by_name.c.name, by_name.c.members)).scalar_subquery()


def today(session: Session) -> Groups:
    """Return what each known group stands for today."""
    return read(session.scalar(select(snapshot())))


def read(found: dict[str, list[str]] | None) -> Groups:
    """Return a snapshot as it came from the database in the form decisions use."""
    return {name: frozenset(members) for name, members in (found or {}).items()}


def every(session: Session) -> list[Membership]:
    """Return all memberships, also past and coming ones, by name and member."""
    columns = group_members.c
    rows = session.execute(select(group_members).order_by(columns.name, columns.member, columns.joined_on))
    return [Membership(**row) for row in rows.mappings()]


def join(session: Session, new: Sequence[Membership]) -> None:
    """Let places belong to a group from a day on; several at once make a new group.

    Raises SettingsError for a name, place, date or source that won't do, ConflictError where one belongs already.
    """
    for one in new:
        _check(one)
        columns = group_members.c
        same = (columns.name == one.name) & (columns.member == one.member)
        before_it_ends = columns.joined_on < (one.left_on or date.max)
        after_it_begins = func.coalesce(columns.left_on, date.max) > one.joined_on
        if session.scalar(select(func.count()).where(same, before_it_ends, after_it_begins)):
            raise ConflictError(f"{one.member} belongs to {one.name} already in that time. `hub group list` shows it.")
        session.execute(insert(group_members), vars(one))
        _told(session, one)


def leave(session: Session, name: str, member: str, *, on: date, source: str) -> None:
    """End a membership: from `on` the place no longer belongs. Raises SettingsError when it doesn't belong then."""
    _check_source(source)
    columns = group_members.c
    current = (columns.name == name) & (columns.member == member) & columns.left_on.is_(None) & (columns.joined_on < on)
    ended = session.execute(
        update(group_members).where(current).values(left_on=on, source=columns.source + "; " + source)
        .returning(columns.joined_on)
    ).first()  # fmt: skip
    if ended is None:
        raise SettingsError(f"{member} does not belong to {name} on that day. `hub group list` shows who does.")
    _told(session, Membership(name=name, member=member, joined_on=ended.joined_on, left_on=on, source=source))


def _check(new: Membership) -> None:
    if not is_group_name(new.name) or is_place(new.name):
        raise SettingsError(
            f"'{new.name}' can't name a group: give 2 to 32 capital letters, digits or dashes that are no ISO 3166 "
            "code, for example NORDIC."
        )
    place(new.member)
    if new.left_on is not None and new.left_on <= new.joined_on:
        raise SettingsError("A place leaves a group after it joined. Give the first day it no longer belongs.")
    _check_source(new.source)


def _check_source(source: str) -> None:
    if not _LEAST_SOURCE <= len(source.strip()) <= MOST_SOURCE:
        raise SettingsError("Say by what the place belongs: the treaty or act, in 3 to 140 characters (--source).")


def _told(session: Session, one: Membership) -> None:
    detail = {"member": one.member, "joined_on": str(one.joined_on), "source": one.source}
    if one.left_on is not None:
        detail["left_on"] = str(one.left_on)
    record(session, AuditEvent(type=EventType.GROUP_CHANGED, object=f"group:{one.name}", detail=detail))
