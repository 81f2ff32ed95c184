"""Programs that may ask for a person for a short while: whose, by which name, for which purpose, in which token."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint

from catalog.tables.base import identifier, metadata, moment, reference

agents = Table(
    "agents",
    metadata,
    identifier(),
    reference("person_id", "people"),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    # The id of its token; another token for the same audience is none of this hub's.
    Column("token_id", Text, nullable=False),
    moment("admitted_at", default_now=True),
    moment("ends_at"),
    UniqueConstraint("token_id"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 80", name="name"),
    CheckConstraint("char_length(token_id) <= 128", name="token_id"),
    Index(None, "person_id"),
)
