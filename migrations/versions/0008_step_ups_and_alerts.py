"""People ask their owner for more; the second line raises alerts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "step_ups",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("characters > 0", name=op.f("ck_step_ups_characters")),
        sa.CheckConstraint("char_length(reason) BETWEEN 3 AND 500", name=op.f("ck_step_ups_reason")),
        sa.CheckConstraint(
            "num_nonnulls(decided_at, decided_by, granted) IN (0, 3)", name=op.f("ck_step_ups_decision")
        ),
        sa.CheckConstraint("decided_by <> person_id", name=op.f("ck_step_ups_not_ones_own")),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_step_ups_person_id_people")),
        sa.ForeignKeyConstraint(["decided_by"], ["hub.people.id"], name=op.f("fk_step_ups_decided_by_people")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_step_ups_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_ups")),
        schema="hub",
    )
    op.create_index(
        "ix_step_ups_person_id_dataset_id", "step_ups", ["person_id", "dataset_id"], unique=True, schema="hub",
        postgresql_where=sa.text("decided_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_step_ups_dataset_id", "step_ups", ["dataset_id"], schema="hub")
    op.add_column(
        "documents", sa.Column("bait", sa.Boolean(), server_default=sa.text("false"), nullable=False), schema="hub"
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.CheckConstraint("kind IN ('bait', 'novelty')", name=op.f("ck_alerts_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_alerts_person_id_people")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_alerts_dataset_id_datasets")),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["hub.disclosures.id"], name=op.f("fk_alerts_disclosure_id_disclosures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        schema="hub",
    )
    op.create_index("ix_alerts_raised_at", "alerts", ["raised_at"], schema="hub")
