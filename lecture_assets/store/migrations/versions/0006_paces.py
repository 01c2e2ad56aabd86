"""How fast vendors are called is shared through the database."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a bucket has its row once a request needs it."""
    op.create_table(
        "paces",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("per_minute", sa.Float(), nullable=False),
        sa.Column("free_at", sa.Float(), nullable=False),
        sa.Column("closed_until", sa.Float(), nullable=False),
        sa.Column("slowed_at", sa.Float(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket"),
    )
