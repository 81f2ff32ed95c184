"""Named groups of places: who belongs to one, from which day until which, and by which source."""

from sqlalchemy import CheckConstraint, Column, Date, Table, Text

from catalog.tables.base import metadata

group_members = Table(
    "group_members",
    metadata,
    Column("name", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("joined_on", Date, primary_key=True),
    Column("left_on", Date),  # the first day it no longer belonged
    Column("source", Text, nullable=False),
    CheckConstraint("left_on > joined_on", name="term"),
    CheckConstraint("name ~ '^[A-Z][A-Z0-9-]{1,31}$' AND char_length(source) BETWEEN 3 AND 300", name="name"),
)
