"""Calls stand in line for a vendor's limits, each workspace with its share; and vendors say what their limits are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a line has its rows once a call stands in it."""
    op.add_column("paces", sa.Column("told", sa.Float()))
    op.create_table(
        "shares",
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("line", "workspace"),
    )
    op.create_table(
        "turns",
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.Column("place", sa.Float(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("line", "worker"),
    )
