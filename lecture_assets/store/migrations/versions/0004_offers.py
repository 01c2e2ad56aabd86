"""Plans that somebody was told of are remembered, so that a run that is held to one can say what is different."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a token of an earlier version is refused without the difference."""
    op.create_table(
        "offers",
        sa.Column("lecture", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nodes", sa.JSON(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("high_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["lecture"], ["lectures.id"]),
        sa.PrimaryKeyConstraint("lecture", "token"),
    )
