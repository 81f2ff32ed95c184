"""Agents that ask for a person, and their name beside the person's in the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "agents",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 80", name=op.f("ck_agents_name")),
        sa.CheckConstraint("char_length(token_id) <= 128", name=op.f("ck_agents_token_id")),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_agents_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("token_id", name=op.f("uq_agents_token_id")),
        schema="hub",
    )
    op.create_index(op.f("ix_agents_person_id"), "agents", ["person_id"], schema="hub")
    op.add_column(
        "audit_events",
        sa.Column("agent", sa.Text(), server_default=sa.text("nullif(current_setting('hub.agent', true), '')")),
        schema="hub",
    )
