"""What was granted: to whom, for which purpose, from when until when."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Table, Text, text

from catalog.tables.base import identifier, metadata, moment, reference

grants = Table(
    "grants",
    metadata,
    identifier(),
    reference("dataset_id", "datasets"),
    reference("person_id", "people", nullable=True),
    reference("organisation_id", "organisations", nullable=True),
    Column("everyone", Boolean, nullable=False),
    Column("purpose", Text, nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    # Overrides of the dataset's budget for this grant.
    Column("window_characters", BigInteger),
    Column("lifetime_characters", BigInteger),
    # How much of a passage the person themselves may see; full reading and training are confirmed by the owner.
    Column("mode", Text, nullable=False, server_default=text("'quotes'")),
    Column("confirmed_by", Text),
    Column("given_by", Text, nullable=False),
    moment("given_at", default_now=True),
    moment("suspended_at", nullable=True),
    moment("revoked_at", nullable=True),
    Column("revoked_by", Text),
    Column("revoked_reason", Text),
    CheckConstraint("num_nonnulls(person_id, organisation_id) + everyone::int = 1", name="one_grantee"),
    CheckConstraint("starts_at < ends_at", name="term"),
    CheckConstraint("num_nonnulls(revoked_at, revoked_by, revoked_reason) IN (0, 3)", name="revocation"),
    CheckConstraint("mode IN ('answers', 'quotes', 'full', 'train')", name="mode"),
    CheckConstraint("mode IN ('answers', 'quotes') OR confirmed_by IS NOT NULL", name="confirmed"),
    CheckConstraint("window_characters > 0", name="window_characters"),
    CheckConstraint("lifetime_characters > 0", name="lifetime_characters"),
    Index(None, "dataset_id", "purpose"),
    Index(None, "person_id"),
    Index(None, "organisation_id"),
    Index("ix_grants_everyone", "dataset_id", postgresql_where=text("everyone")),
)
