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
    moment("acknowledged_at", nullable=True),
    reference("acknowledged_by", "people", nullable=True),
    # What the admin found, in their words.
    Column("note", Text),
    CheckConstraint("kind IN ('bait', 'novelty')", name="kind"),
    CheckConstraint("char_length(note) BETWEEN 3 AND 500", name="note"),
    CheckConstraint("num_nonnulls(acknowledged_at, acknowledged_by, note) IN (0, 3)", name="acknowledgement"),
    CheckConstraint("acknowledged_by <> person_id", name="not_ones_own"),
    Index(None, "raised_at"),
)
