"""An alert is acknowledged, once, by an admin, with a note."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("alerts", sa.Column("acknowledged_at", sa.DateTime(timezone=True)), schema="hub")
    op.add_column("alerts", sa.Column("acknowledged_by", sa.Uuid()), schema="hub")
    op.add_column("alerts", sa.Column("note", sa.Text()), schema="hub")
    op.create_foreign_key(
        op.f("fk_alerts_acknowledged_by_people"),
        "alerts", "people", ["acknowledged_by"], ["id"], source_schema="hub", referent_schema="hub",
    )  # fmt: skip
    for name, holds in (
        ("note", "char_length(note) BETWEEN 3 AND 500"),
        ("acknowledgement", "num_nonnulls(acknowledged_at, acknowledged_by, note) IN (0, 3)"),
        ("not_ones_own", "acknowledged_by <> person_id"),
    ):
        op.create_check_constraint(op.f(f"ck_alerts_{name}"), "alerts", holds, schema="hub")
