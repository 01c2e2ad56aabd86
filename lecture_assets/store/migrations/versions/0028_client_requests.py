"""Requests of programs by their names, what they upload, and how much of a lecture they want to be regenerated."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "client_requests",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("mutation", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "mutation", "client_key"),
    )
    op.create_index("client_requests_by_time", "client_requests", ["asked_at"])
    op.create_index("lectures_by_age", "lectures", ["workspace", "created_at"])
    op.create_table(
        "uploads",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "sha256", "sort"),
    )
    op.create_index("uploads_by_time", "uploads", ["uploaded_at"])
    op.create_table(
        "regeneration_scopes",
        sa.Column("lecture", sa.Text(), sa.ForeignKey("lectures.id"), primary_key=True),
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("pending", sa.LargeBinary(), nullable=False),
        sa.Column("is_pending", sa.Integer(), nullable=False, server_default="0"),
    )
