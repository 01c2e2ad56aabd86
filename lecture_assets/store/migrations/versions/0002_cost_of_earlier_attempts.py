"""What the attempts before the newest one cost is kept beside what all of them cost."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; so far the ledger forgot earlier attempts, so there is nothing to fill in."""
    op.add_column("calls", sa.Column("earlier_usd_micros", sa.BigInteger(), nullable=False, server_default="0"))
