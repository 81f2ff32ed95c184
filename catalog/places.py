"""Registers where the site and its parts stand, who operates them, and the network zones people come in through."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog import groups, models
from catalog.ancestry import ServedModel
from catalog.audit import AuditEvent, record
from catalog.errors import NotFoundError, SettingsError, UnregisteredPlaceError
from catalog.residency import Groups
from catalog.residency import place as checked_place
from catalog.tables import places
from catalog.vocabulary import EventType, Jurisdiction, PlaceKind


@dataclass(frozen=True, kw_only=True)
class Place:
    """A registered place."""

    name: str
    kind: PlaceKind
    jurisdiction: Jurisdiction
    operator: str
    legal_control: frozenset[str]
    #: What an endpoint serves; nothing is known of one that says none.
    models: tuple[ServedModel, ...] = ()


def register(  # noqa: PLR0913  # a place is these facts
    session: Session,
    *,
    name: str,
    kind: PlaceKind,
    jurisdiction: str,
    operator: str,
    legal_control: Iterable[str],
    anew: bool = False,
) -> None:
    """Add or change a place; unchanged ones leave no audit row. A retired one stays so, unless it is put there anew."""
    values = {
        "name": name,
        "kind": kind,
        "jurisdiction": checked_place(jurisdiction),
        "operator": operator,
        "legal_control": sorted({checked_place(code) for code in legal_control}),
    }
    columns = ("kind", "jurisdiction", "operator", "legal_control")
    statement = upsert(places).values(values)
    back: dict[str, None] = {"retired_at": None} if anew else {}
    changed = session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={column: statement.excluded[column] for column in columns} | back,
            where=(places.c.retired_at.is_not(None) if anew else false())
            | ~(
                (places.c.kind == statement.excluded.kind)
                & (places.c.jurisdiction == statement.excluded.jurisdiction)
                & (places.c.operator == statement.excluded.operator)
                & (places.c.legal_control == statement.excluded.legal_control)
            ),
        ).returning(places.c.id)
    ).first()
    if changed:
        record(session, AuditEvent(type=EventType.PLACE_REGISTERED, object=f"place:{name}", detail=values))


def retire(session: Session, name: str) -> None:
    """Let a zone or an endpoint count as not registered from now on; NotFoundError, SettingsError for another kind."""
    row = session.execute(select(places.c.kind).where(places.c.name == name, _registered()).with_for_update()).first()
    if row is None:
        raise NotFoundError(f"There is no registered place '{name}'. `hub place list` shows them.")
    if row.kind not in {PlaceKind.ZONE, PlaceKind.ENDPOINT}:
        raise SettingsError(f"'{name}' is a {row.kind}, which a site can't do without. Zones and endpoints can go.")
    session.execute(update(places).where(places.c.name == name).values(retired_at=func.hub.hub_now()))
    record(session, AuditEvent(type=EventType.PLACE_RETIRED, object=f"place:{name}", detail={"kind": row.kind}))


def find(session: Session, names: Iterable[str]) -> tuple[dict[str, Place], tuple[Place, ...], Groups]:
    """Return the places named so, every zone, and what each group stands for today, in one statement.

    Raises UnregisteredPlaceError: what isn't registered is refused.
    """
    wanted = set(names)
    asked = places.c.name.in_(wanted) | (places.c.kind == PlaceKind.ZONE)
    query = select(places, models.of_place(), groups.snapshot().label("groups")).where(asked, _registered())
    rows = session.execute(query.order_by(places.c.name)).mappings().all()
    found = {str(row["name"]): _place(dict(row)) for row in rows}
    if missing := sorted(wanted - set(found)):
        raise UnregisteredPlaceError(missing[0])
    zones = tuple(one for one in found.values() if one.kind is PlaceKind.ZONE)
    return found, zones, groups.read(rows[0]["groups"] if rows else None)


def every(session: Session) -> list[Place]:
    """Return all registered places by name."""
    query = select(places, models.of_place()).where(_registered()).order_by(places.c.name)
    return [_place(dict(row)) for row in session.execute(query).mappings()]


def _registered() -> ColumnElement[bool]:
    return places.c.retired_at.is_(None)


def _place(row: dict[str, object]) -> Place:
    return Place(
        name=str(row["name"]),
        kind=PlaceKind(str(row["kind"])),
        jurisdiction=Jurisdiction(str(row["jurisdiction"])),
        operator=str(row["operator"]),
        legal_control=frozenset(row["legal_control"]),  # type: ignore[call-overload]
        models=tuple(models.read(one) for one in row["models"] or ()),  # type: ignore[attr-defined]
    )
