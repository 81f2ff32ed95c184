"""${message}."""

# Add a column before the code that needs it, fill it, drop the old one a release later.
# Long locks stop the hub: set lock_timeout where a table is large.
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    ${upgrades if upgrades else "pass"}
