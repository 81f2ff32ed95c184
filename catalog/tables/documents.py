"""What came in: submissions, documents, their immutable versions, and the text read from each."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from catalog.tables.base import identifier, metadata, moment, reference

submissions = Table(
    "submissions",
    metadata,
    identifier(),
    reference("dataset_id", "datasets"),
    Column("actor", Text, nullable=False),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    moment("submitted_at", default_now=True),
)

#: Tags that documents carry beyond their dataset's, one row for all with equal ones; none: the dataset's.
#: A row is never changed: a document with other tags has another.
document_laws = Table(
    "document_laws",
    metadata,
    identifier(),
    reference("dataset_id", "datasets"),
    Column("classification", Text),
    Column("store_in", ARRAY(Text)),
    Column("process_in", ARRAY(Text)),
    Column("access_from", ARRAY(Text)),
    Column("forbidden_legal_control", ARRAY(Text)),
    Index("ix_document_laws_dataset_id", "dataset_id", "id", unique=True),
    UniqueConstraint(
        "dataset_id",
        "classification",
        "store_in",
        "process_in",
        "access_from",
        "forbidden_legal_control",
        name="uq_document_laws_tags",
        postgresql_nulls_not_distinct=True,
    ),
    CheckConstraint("classification IN ('public', 'internal', 'restricted', 'secret')", name="classification"),
    CheckConstraint(
        "cardinality(store_in) > 0 AND cardinality(process_in) > 0 AND cardinality(access_from) > 0", name="residency"
    ),
    CheckConstraint(
        "num_nonnulls(classification, store_in, process_in, access_from, forbidden_legal_control) > 0", name="tags"
    ),
)

documents = Table(
    "documents",
    metadata,
    identifier(),
    reference("dataset_id", "datasets"),
    # The path the submitter gave: metadata, not text.
    Column("name", Text, nullable=False),
    # No honest question reaches it: whoever is disclosed a passage of it raises an alert.
    Column("bait", Boolean, nullable=False, server_default=text("false")),
    moment("submitted_at", default_now=True),
    # Tags of its own; none: those of its dataset.
    Column("law_id", Uuid),
    ForeignKeyConstraint(
        ["dataset_id", "law_id"],
        ["hub.document_laws.dataset_id", "hub.document_laws.id"],
        name="fk_documents_law_of_its_dataset",
    ),
    UniqueConstraint("dataset_id", "name"),
    Index("ix_documents_law_id", "dataset_id", "law_id", postgresql_where=text("law_id IS NOT NULL")),
)

document_versions = Table(
    "document_versions",
    metadata,
    identifier(),
    reference("document_id", "documents"),
    reference("dataset_id", "datasets"),
    reference("submission_id", "submissions"),
    Column("ordinal", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", Text),
    Column("state", Text, nullable=False),
    # Why it was refused or held: a RefusalReason and a detail without document text.
    Column("reason", Text),
    Column("detail", Text),
    moment("submitted_at", default_now=True),
    moment("settled_at", nullable=True),
    # A steward looked at it and let it go on: what is printed in it holds it no more.
    Column("released", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("document_id", "ordinal"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    CheckConstraint(
        "state IN ('quarantined', 'held', 'published', 'refused', 'superseded', 'withdrawn')", name="state"
    ),
    CheckConstraint("(state IN ('refused', 'held')) <= (reason IS NOT NULL)", name="reason"),
    CheckConstraint("(state = 'quarantined') = (settled_at IS NULL)", name="settled_at"),
    Index("ix_document_versions_published", "dataset_id", postgresql_where=text("state = 'published'")),
)

text_revisions = Table(
    "text_revisions",
    metadata,
    identifier(),
    reference("version_id", "document_versions"),
    reference("dataset_id", "datasets"),
    Column("parser", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("characters", Integer, nullable=False),
    # The coordinates every span counts in; immutable.
    Column("body", Text, nullable=False),
    moment("extracted_at", default_now=True),
    CheckConstraint("characters = char_length(body)", name="characters"),
    Index(None, "version_id"),
)
