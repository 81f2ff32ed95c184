"""A dataset's owner reviews what is public of it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "metadata_reviews",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_metadata_reviews_digest")),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["hub.datasets.id"], name=op.f("fk_metadata_reviews_dataset_id_datasets")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_metadata_reviews_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metadata_reviews")),
        schema="hub",
    )
    op.create_index(
        op.f("ix_metadata_reviews_dataset_id_reviewed_at"),
        "metadata_reviews",
        ["dataset_id", "reviewed_at"],
        schema="hub",
    )
