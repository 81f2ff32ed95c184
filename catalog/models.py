"""Registers which models an endpoint serves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Text, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from catalog.ancestry import Ancestor, ServedModel
from catalog.audit import AuditEvent, record
from catalog.errors import UnregisteredPlaceError
from catalog.residency import place
from catalog.tables import places, served_models
from catalog.vocabulary import EventType, ModelKind, PlaceKind


def serve(session: Session, endpoint: str, models: Iterable[ServedModel]) -> None:
    """Say which models an endpoint serves from now on; unchanged ones leave no audit row.

    Raises UnregisteredPlaceError, and SettingsError for an origin that is no place.
    """
    query = select(places.c.id).where(places.c.name == endpoint, places.c.kind == PlaceKind.ENDPOINT)
    place_id = session.scalar(query.with_for_update())
    if place_id is None:
        raise UnregisteredPlaceError(endpoint)
    now = sorted(models, key=lambda one: one.sha256)
    for one in now:
        for code in (one.origin, *(ancestor.origin for ancestor in one.ancestry or ())):
            if code is not None:
                place(code)
    columns = [column for column in served_models.c if column.name != "place_id"]
    found = session.execute(
        select(*columns).where(served_models.c.place_id == place_id).order_by(served_models.c.sha256)
    )
    if now == [read(dict(row)) for row in found.mappings()]:
        return
    session.execute(delete(served_models).where(served_models.c.place_id == place_id))
    rows = [asdict(one) for one in now]
    if rows:
        session.execute(insert(served_models).inline(), [{**row, "place_id": place_id} for row in rows])
    record(session, AuditEvent(type=EventType.MODELS_PLACED, object=f"place:{endpoint}", detail={"models": rows}))


def of_place() -> Any:  # noqa: ANN401  # a column
    """Return, for a query over places, what each serves as one JSON column: read with `read`."""
    row = func.jsonb_build_object(*(part for c in served_models.c for part in (cast(c.name, Text), c)))
    same = served_models.c.place_id == places.c.id
    return select(func.jsonb_agg(row)).where(same).scalar_subquery().label("models")


def read(row: Mapping[str, Any]) -> ServedModel:
    """Return a row of the table, or of `of_place`, as a model."""
    ancestry: Sequence[Mapping[str, Any]] | None = row["ancestry"]
    return ServedModel(
        name=row["name"],
        kind=ModelKind(row["kind"]),
        sha256=row["sha256"],
        origin=row["origin"],
        ancestry=None if ancestry is None else tuple(Ancestor(**one) for one in ancestry),
    )
