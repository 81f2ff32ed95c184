"""Which models an endpoint serves, and where each and what it was made from comes from."""

from sqlalchemy import CheckConstraint, Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from catalog.tables.base import metadata, reference

served_models = Table(
    "served_models",
    metadata,
    reference("place_id", "places", primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # The place of its maker; null: nobody said.
    Column("origin", Text),
    # The models it was made from, [{"name", "origin"}]; null: nobody said.
    Column("ancestry", JSONB),
    CheckConstraint("kind IN ('embedding', 'chat')", name="kind"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
)
