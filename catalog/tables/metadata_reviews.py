"""That a dataset's owner looked at what is public of it; written once, never changed."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from catalog.tables.base import identifier, metadata, moment, reference

metadata_reviews = Table(
    "metadata_reviews",
    metadata,
    identifier(),
    reference("dataset_id", "datasets"),
    # The steward who looked.
    reference("person_id", "people"),
    # Of the list and the owner's words as they were looked at.
    Column("digest", Text, nullable=False),
    moment("reviewed_at", default_now=True),
    CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"),
    Index(None, "dataset_id", "reviewed_at"),
)
