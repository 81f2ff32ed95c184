"""What the law of residency refused: at which door, by which rule, for which place and tag, and who tried."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, Uuid

from catalog.tables.base import identifier, metadata, moment, reference

violations = Table(
    "violations",
    metadata,
    identifier(),
    moment("at", default_now=True),
    Column("door", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("tag", Text, nullable=False),
    # The registered name of a part, or the ISO 3166 code a person or session comes from.
    Column("place", Text, nullable=False),
    reference("dataset_id", "datasets"),
    Column("actor", Text, nullable=False),
    # The decision it was part of; none where documents are taken in.
    Column("decision_id", Uuid),
    CheckConstraint("door IN ('object', 'index', 'model', 'session', 'site')", name="door"),
    Index(None, "at"),
    Index(None, "dataset_id"),
)
