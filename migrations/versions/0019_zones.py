"""Network zones people come in through are places; a decision names its zone; a place can be retired."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = "kind IN ('site', 'store', 'database', 'worker', 'endpoint', 'zone')"


def upgrade() -> None:
    """Apply the change."""
    op.drop_constraint(op.f("ck_places_kind"), "places", schema="hub")
    op.create_check_constraint(op.f("ck_places_kind"), "places", KINDS, schema="hub")
    op.add_column("places", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True), schema="hub")
    op.add_column("decisions", sa.Column("zone", sa.Text(), server_default=sa.text("''"), nullable=False), schema="hub")
