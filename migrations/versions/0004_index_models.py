"""Which embedding model built the index; an index from before takes the model of its next publication for its own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "index_models",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_index_models_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_models")),
        schema="hub",
    )
