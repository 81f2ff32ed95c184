"""Decisions of the policy, each a row; and what was disclosed under each."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from catalog.tables.base import identifier, metadata, moment, reference

decisions = Table(
    "decisions",
    metadata,
    identifier(),
    reference("subject_id", "people"),
    Column("action", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("dataset_ids", ARRAY(Uuid), nullable=False),
    # The network zone the session came in through: a decision is of no use in another one.
    Column("zone", Text, nullable=False, server_default=text("''")),
    # The laws it permits, as they stood: of those datasets, and of documents stricter than theirs.
    Column("law_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    # [{"datasets": n, "permitted": bool, "rules": [...], "reasons": [...]}] one per law signature
    Column("rulings", JSONB, nullable=False),
    moment("made_at", default_now=True),
)

disclosures = Table(
    "disclosures",
    metadata,
    identifier(),
    reference("decision_id", "decisions"),
    reference("subject_id", "people"),
    Column("chunk_ids", ARRAY(Uuid), nullable=False),
    Column("charged", ARRAY(Integer), nullable=False),
    Column("left_out", Integer, nullable=False),
    # The transaction that charged: text is read only once it has committed.
    Column("charged_in", BigInteger, nullable=False),
    moment("made_at", default_now=True),
    # `context`: a model reads it to answer; `reading`: a person does.
    Column("form", Text, nullable=False, server_default=text("'reading'")),
    CheckConstraint("form IN ('context', 'reading')", name="form"),
)
