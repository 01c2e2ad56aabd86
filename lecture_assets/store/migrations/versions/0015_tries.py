"""How often a failed call was tried, and what its vendor calls the last try."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of failures so far nobody knows."""
    op.add_column("failures", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("failures", sa.Column("request_id", sa.Text()))
