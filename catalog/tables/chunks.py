"""The index: chunks with their place in the original, and the counts BM25 needs."""

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from catalog.tables.base import identifier, metadata, reference

DIMENSIONS = 384

chunks = Table(
    "chunks",
    metadata,
    identifier(),
    reference("dataset_id", "datasets"),
    reference("document_id", "documents"),
    reference("version_id", "document_versions"),
    reference("revision_id", "text_revisions"),
    Column("ordinal", Integer, nullable=False),
    # Half-open range of characters of the text revision.
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("first_page", Integer),
    Column("last_page", Integer),
    Column("heading", Text, nullable=False),
    Column("body", Text, nullable=False),
    # False once a newer version is published or the document is withdrawn.
    Column("live", Boolean, nullable=False, server_default=text("true")),
    Column("language", Text, nullable=False),
    Column("lexemes", TSVECTOR, nullable=False),
    Column("lexeme_count", Integer, nullable=False),
    # Lineages this passage is a copy from: reading it is charged to them too.
    Column("origin_lineages", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("embedding", HALFVEC(DIMENSIONS), nullable=False),
    UniqueConstraint("revision_id", "ordinal"),
    CheckConstraint("span_start >= 0 AND span_start < span_end", name="span"),
    CheckConstraint("char_length(body) = span_end - span_start", name="body"),
    Index("ix_chunks_dataset_id", "dataset_id", postgresql_where=text("live")),
    # Passages of documents that a decision does not open are found by it.
    Index("ix_chunks_document_id", "document_id", postgresql_where=text("live")),
    Index("ix_chunks_lexemes", "lexemes", postgresql_using="gin", postgresql_where=text("live")),
    Index(
        "ix_chunks_embedding",
        "embedding",
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
        postgresql_where=text("live"),
    ),
)

lexeme_counts = Table(
    "lexeme_counts",
    metadata,
    reference("dataset_id", "datasets", primary_key=True),
    Column("language", Text, primary_key=True),
    Column("lexeme", Text, primary_key=True),
    # Live chunks that hold the lexeme (BM25's document frequency, kept per dataset so that
    # what a person may not see can't move what they see).
    Column("chunks", BigInteger, nullable=False),
    CheckConstraint("chunks >= 0", name="chunks"),
)

index_sizes = Table(
    "index_sizes",
    metadata,
    reference("dataset_id", "datasets", primary_key=True),
    Column("language", Text, primary_key=True),
    Column("chunks", BigInteger, nullable=False),
    Column("lexemes", BigInteger, nullable=False),
    CheckConstraint("chunks >= 0 AND lexemes >= 0", name="sizes"),
)
