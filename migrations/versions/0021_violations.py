"""What the law of residency refused, a row each."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
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
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("door IN ('object', 'index', 'model', 'session', 'site')", name=op.f("ck_violations_door")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_violations_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violations")),
        schema="hub",
    )
    op.create_index(op.f("ix_violations_at"), "violations", ["at"], schema="hub")
    op.create_index(op.f("ix_violations_dataset_id"), "violations", ["dataset_id"], schema="hub")
