"""The metadata every table hangs on: schema, naming convention, and the few column shapes that repeat."""

from sqlalchemy import Column, DateTime, ForeignKey, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

SCHEMA = "hub"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def identifier() -> Column[object]:
    """Return a random primary key: an id tells nothing about how many or when (promise 4)."""
    return Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()"))


def reference(name: str, table: str, *, nullable: bool = False, primary_key: bool = False) -> Column[object]:
    """Return a foreign key `name` to `table`.id."""
    return Column(name, ForeignKey(f"{SCHEMA}.{table}.id"), nullable=nullable, primary_key=primary_key)


def moment(name: str, *, nullable: bool = False, default_now: bool = False) -> Column[object]:
    """Return an aware timestamp; `default_now` takes the database's own clock (`hub_now()`)."""
    default = text("hub.hub_now()") if default_now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def texts(name: str) -> Column[object]:
    """Return a text array without a default."""
    return Column(name, ARRAY(Text), nullable=False)
