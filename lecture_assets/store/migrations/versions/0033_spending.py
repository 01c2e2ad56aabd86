"""Sums of charges by workspace and month: for each new call, ceilings summed all charges of a workspace."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and add up what was charged."""
    spending = op.create_table(
        "spending",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "month"),
    )
    sums: dict[tuple[str, str], int] = {}
    charged = sa.text("SELECT workspace, intended_at, cost_usd_micros FROM charges")
    for workspace, intended_at, cost in op.get_bind().execute(charged):
        month = datetime.fromtimestamp(intended_at, UTC).strftime("%Y-%m")
        sums[workspace, month] = sums.get((workspace, month), 0) + cost
    rows = [{"workspace": who, "month": month, "cost_usd_micros": cost} for (who, month), cost in sums.items()]
    if rows:
        op.bulk_insert(spending, rows)
