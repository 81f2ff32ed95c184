"""Registers where the site and its parts stand, and who operates them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog import groups, models
from catalog.ancestry import ServedModel
from catalog.audit import AuditEvent, record
from catalog.errors import UnregisteredPlaceError
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
    session: Session, *, name: str, kind: PlaceKind, jurisdiction: str, operator: str, legal_control: Iterable[str]
) -> None:
    """Add or change a place; unchanged ones leave no audit row."""
    values = {
        "name": name,
        "kind": kind,
        "jurisdiction": checked_place(jurisdiction),
        "operator": operator,
        "legal_control": sorted({checked_place(code) for code in legal_control}),
    }
    columns = ("kind", "jurisdiction", "operator", "legal_control")
    statement = upsert(places).values(values)
    changed = session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={column: statement.excluded[column] for column in columns},
            where=~(
                (places.c.kind == statement.excluded.kind)
                & (places.c.jurisdiction == statement.excluded.jurisdiction)
                & (places.c.operator == statement.excluded.operator)
                & (places.c.legal_control == statement.excluded.legal_control)
            ),
        ).returning(places.c.id)
    ).first()
    if changed:
        record(session, AuditEvent(type=EventType.PLACE_REGISTERED, object=f"place:{name}", detail=values))


def find(session: Session, names: Iterable[str]) -> tuple[dict[str, Place], Groups]:
    """Return the places named so, and what each group stands for today, in one statement.

    Raises UnregisteredPlaceError: what isn't registered is refused.
    """
    wanted = set(names)
    query = select(places, models.of_place(), groups.snapshot().label("groups")).where(places.c.name.in_(wanted))
    rows = session.execute(query).mappings().all()
    found = {str(row["name"]): _place(dict(row)) for row in rows}
    if missing := sorted(wanted - set(found)):
        raise UnregisteredPlaceError(missing[0])
    return found, groups.read(rows[0]["groups"] if rows else None)


def every(session: Session) -> list[Place]:
    """Return all registered places by name."""
    query = select(places, models.of_place()).order_by(places.c.name)
    return [_place(dict(row)) for row in session.execute(query).mappings()]


def _place(row: dict[str, object]) -> Place:
    return Place(
        name=str(row["name"]),
        kind=PlaceKind(str(row["kind"])),
        jurisdiction=Jurisdiction(str(row["jurisdiction"])),
        operator=str(row["operator"]),
        legal_control=frozenset(row["legal_control"]),  # type: ignore[call-overload]
        models=tuple(models.read(one) for one in row["models"] or ()),  # type: ignore[attr-defined]
    )
