"""Accounts of programs: people of a kind of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("people", sa.Column("kind", sa.Text(), server_default="person", nullable=False), schema="hub")
    op.create_check_constraint(op.f("ck_people_kind"), "people", "kind IN ('person', 'service')", schema="hub")
    op.create_table(
        "service_accounts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("key_made_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(client) <= 160", name=op.f("ck_service_accounts_client")),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_service_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_service_accounts")),
        sa.UniqueConstraint("client", name=op.f("uq_service_accounts_client")),
        schema="hub",
    )
