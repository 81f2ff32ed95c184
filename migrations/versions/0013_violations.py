"""What the law of residency refused, a row each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "violations",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("dataset_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("door IN ('object', 'index', 'model', 'session', 'site')", name=op.f("ck_violations_door")),
        sa.CheckConstraint("cardinality(dataset_ids) > 0", name=op.f("ck_violations_datasets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violations")),
        schema="hub",
    )
    op.create_index(op.f("ix_violations_at"), "violations", ["at"], schema="hub")
    op.create_index(
        op.f("ix_violations_dataset_ids"), "violations", ["dataset_ids"], schema="hub", postgresql_using="gin"
    )
