"""Where things stand: the site and each store, database, worker and endpoint, with who operates it."""

from sqlalchemy import CheckConstraint, Column, Table, Text, UniqueConstraint

from catalog.tables.base import identifier, metadata, moment, texts

places = Table(
    "places",
    metadata,
    identifier(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("operator", Text, nullable=False),
    # Jurisdictions whose law can compel the operator.
    texts("legal_control"),
    moment("registered_at", default_now=True),
    UniqueConstraint("name"),
    CheckConstraint("kind IN ('site', 'store', 'database', 'worker', 'endpoint')", name="kind"),
)
