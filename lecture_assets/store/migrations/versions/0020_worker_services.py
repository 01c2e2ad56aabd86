"""Worker services of any machine, and the runs that are launched for them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables; nothing is launched yet."""
    op.create_table(
        "launched_runs",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("launched_at", sa.Float(), nullable=False),
        sa.Column("service", sa.Text()),
        sa.Column("is_ending", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_index("launched_runs_by_instance", "launched_runs", ["instance", "service"])
    op.create_table(
        "worker_services",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.Float(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("is_draining", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("service"),
    )
