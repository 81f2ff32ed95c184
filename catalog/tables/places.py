"""Where things stand: the site, each store, database, worker and endpoint, and the zones people come in through."""

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
    # From then on it is as if it were not registered.
    moment("retired_at", nullable=True),
    UniqueConstraint("name"),
    CheckConstraint("kind IN ('site', 'store', 'database', 'worker', 'endpoint', 'zone')", name="kind"),
)
