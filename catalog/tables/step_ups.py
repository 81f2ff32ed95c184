"""More than the budget: what people asked their dataset's owner for, and what the owner said."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Table, Text, text

from catalog.tables.base import identifier, metadata, moment, reference

step_ups = Table(
    "step_ups",
    metadata,
    identifier(),
    reference("person_id", "people"),
    reference("dataset_id", "datasets"),
    Column("purpose", Text, nullable=False),
    # How many characters more they want to read.
    Column("characters", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    moment("asked_at", default_now=True),
    moment("decided_at", nullable=True),
    reference("decided_by", "people", nullable=True),
    Column("granted", Boolean),
    CheckConstraint("characters > 0", name="characters"),
    CheckConstraint("char_length(reason) BETWEEN 3 AND 500", name="reason"),
    CheckConstraint("num_nonnulls(decided_at, decided_by, granted) IN (0, 3)", name="decision"),
    CheckConstraint("decided_by <> person_id", name="not_ones_own"),
    # One open question of a person about a dataset.
    Index(None, "person_id", "dataset_id", unique=True, postgresql_where=text("decided_at IS NULL")),
    Index(None, "dataset_id"),
)
