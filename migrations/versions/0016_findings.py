"""What the residency scan found lying where it may not."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("dataset_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("held > 0", name=op.f("ck_findings_held")),
        sa.CheckConstraint("gone_at >= found_at", name=op.f("ck_findings_gone_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        schema="hub",
    )
    op.create_index(
        op.f("ix_findings_kind_object_rule_place"),
        "findings",
        ["kind", "object", "rule", "place"],
        unique=True,
        schema="hub",
        postgresql_where=sa.text("gone_at IS NULL"),
    )
