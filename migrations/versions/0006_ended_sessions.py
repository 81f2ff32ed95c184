"""Sessions that were ended before their tokens end."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "ended_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("token_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.CheckConstraint("char_length(session_id) <= 128", name=op.f("ck_ended_sessions_session_id")),
        sa.CheckConstraint("char_length(token_id) <= 128", name=op.f("ck_ended_sessions_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_sessions")),
        sa.UniqueConstraint("token_id", name=op.f("uq_ended_sessions_token_id")),
        schema="hub",
    )
    op.create_index(
        op.f("ix_ended_sessions_person_id_session_id"),
        "ended_sessions",
        ["person_id", "session_id"],
        schema="hub",
    )
    op.create_index(op.f("ix_ended_sessions_forgotten_at"), "ended_sessions", ["forgotten_at"], schema="hub")
