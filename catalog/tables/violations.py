"""What the law of residency refused: at which door, by which rule, for which place and tag, and who tried."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from catalog.tables.base import identifier, metadata, moment

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
    # The datasets one refusal is about: a question may meet the same rule at many.
    Column("dataset_ids", ARRAY(Uuid), nullable=False),
    Column("actor", Text, nullable=False),
    # The decision it was part of; none where documents are taken in.
    Column("decision_id", Uuid),
    CheckConstraint("door IN ('object', 'index', 'model', 'session', 'site')", name="door"),
    CheckConstraint("cardinality(dataset_ids) > 0", name="datasets"),
    Index(None, "at"),
    Index(None, "dataset_ids", postgresql_using="gin"),
)
