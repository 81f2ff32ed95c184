"""Which embedding model built the index: one row, so that no question is compared with another model's vectors."""

from sqlalchemy import CheckConstraint, Column, Integer, SmallInteger, Table, Text

from catalog.tables.base import metadata, moment

index_models = Table(
    "index_models",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    # SHA-256 of the weights.
    Column("revision", Text, nullable=False),
    Column("dimensions", Integer, nullable=False),
    moment("set_at", default_now=True),
    CheckConstraint("id = 1", name="one_row"),
)
