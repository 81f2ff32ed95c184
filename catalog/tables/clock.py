"""The one clock: how far `hub_now()` runs ahead of the database's own, never behind; only the owner may set it."""

from sqlalchemy import CheckConstraint, Column, Interval, SmallInteger, Table

from catalog.tables.base import metadata

clock = Table(
    "clock",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("ahead", Interval, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("ahead >= interval '0'", name="never_behind"),
)
