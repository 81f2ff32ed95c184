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
    # Another account of the same person: what it reads is charged to the one behind it.
    reference("behind_id", "people", nullable=True),
    # A program's account is one that nobody signs in to; it has its own grants and none of its organisation's.
    Column("kind", Text, nullable=False, server_default="person"),
    moment("registered_at", default_now=True),
    UniqueConstraint("slug"),
    CheckConstraint("behind_id <> id", name="behind"),
    CheckConstraint("kind IN ('person', 'service')", name="kind"),
    CheckConstraint("clearance IN ('public', 'internal', 'restricted', 'secret')", name="clearance"),
)
