"""What anyone may see is found by an index: the time it takes says nothing of what else there is."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_datasets_listed", "datasets", ["id"], schema="hub", postgresql_where=sa.text("listed"))
    op.create_index(op.f("ix_datasets_owner_id"), "datasets", ["owner_id"], schema="hub")
    op.create_index("ix_grants_everyone", "grants", ["dataset_id"], schema="hub", postgresql_where=sa.text("everyone"))
