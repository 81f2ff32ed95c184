"""The second line: what no honest reading does, noticed where it is disclosed."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from catalog.tables.base import identifier, metadata, moment, reference

alerts = Table(
    "alerts",
    metadata,
    identifier(),
    Column("kind", Text, nullable=False),
    reference("person_id", "people"),
    reference("dataset_id", "datasets"),
    reference("disclosure_id", "disclosures"),
    # Figures and ids, never a word of text.
    Column("evidence", JSONB, nullable=False),
    moment("raised_at", default_now=True),
    CheckConstraint("kind IN ('bait', 'novelty')", name="kind"),
    Index(None, "raised_at"),
)
