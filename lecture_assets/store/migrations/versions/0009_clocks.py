"""The store's time is one, whatever the clocks of those say who share it; and what a vendor told of its limits has an age."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, in which each boot of the machine gets a row; a limit that was told before this is forgotten."""
    op.add_column("paces", sa.Column("told_at", sa.Float()))
    op.create_table(
        "clocks",
        sa.Column("boot", sa.Text(), primary_key=True),
        sa.Column("ahead", sa.Float(), nullable=False),
        sa.Column("set_at", sa.Float(), nullable=False),
    )
