"""Since when a request waits, and how many calls its plan has: edits are started before bulk work, and the oldest first."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; requests that wait already are the oldest, and how large they are is found out."""
    op.add_column("requests", sa.Column("queued_at", sa.Float(), nullable=False, server_default="0"))
    op.add_column("requests", sa.Column("calls", sa.Integer()))
