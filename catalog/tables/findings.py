"""What the residency scan found lying where it may not, from when until when."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from catalog.tables.base import identifier, metadata, moment

findings = Table(
    "findings",
    metadata,
    identifier(),
    # A table of the database, `object` for an original, `backup` or `file` for a file of the data folder.
    Column("kind", Text, nullable=False),
    # Its id, its address, or the file's name.
    Column("object", Text, nullable=False),
    Column("dataset_ids", ARRAY(Uuid), nullable=False),
    # The registered name of the part it lies in.
    Column("place", Text, nullable=False),
    Column("door", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("tag", Text, nullable=False),
    # How many rows of one thing it stands for.
    Column("held", BigInteger, nullable=False),
    moment("found_at", default_now=True),
    moment("seen_at", default_now=True),
    moment("gone_at", nullable=True),
    CheckConstraint("held > 0", name="held"),
    CheckConstraint("gone_at >= found_at", name="gone_at"),
    Index(None, "kind", "object", "rule", "place", unique=True, postgresql_where=text("gone_at IS NULL")),
)
