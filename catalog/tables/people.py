"""Who asks, decides and owns: organisations and people."""

from sqlalchemy import CheckConstraint, Column, Table, Text, UniqueConstraint

from catalog.tables.base import identifier, metadata, moment, reference

organisations = Table(
    "organisations",
    metadata,
    identifier(),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    moment("registered_at", default_now=True),
    UniqueConstraint("slug"),
)

people = Table(
    "people",
    metadata,
    identifier(),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    reference("organisation_id", "organisations"),
    # Attested by the identity provider; the catalog's copy is what development tokens are made from.
    Column("jurisdiction", Text, nullable=False),
    Column("clearance", Text, nullable=False),
    moment("registered_at", default_now=True),
    UniqueConstraint("slug"),
    CheckConstraint("clearance IN ('public', 'internal', 'restricted', 'secret')", name="clearance"),
)
