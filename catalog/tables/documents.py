"""What came in: submissions, documents, their immutable versions, and the text read from each."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, Table, Text, UniqueConstraint, text

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
    UniqueConstraint("dataset_id", "name"),
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
    UniqueConstraint("document_id", "ordinal"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    CheckConstraint(
        "state IN ('quarantined', 'held', 'published', 'refused', 'superseded', 'withdrawn')", name="state"
    ),
    CheckConstraint("(state IN ('refused', 'held')) <= (reason IS NOT NULL)", name="reason"),
    CheckConstraint("(state = 'quarantined') = (settled_at IS NULL)", name="settled_at"),
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
)
