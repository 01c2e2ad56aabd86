"""What Dagster was told of each lecture is remembered, so that only what differs is told again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a lecture of an earlier version is told from its beginning."""
    op.create_table(
        "told",
        sa.Column("lecture", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lecture"], ["lectures.id"]),
        sa.PrimaryKeyConstraint("lecture", "subject"),
    )
    op.create_table(
        "tellings",
        sa.Column("lecture", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lecture"], ["lectures.id"]),
        sa.PrimaryKeyConstraint("lecture"),
    )
