"""Webhooks: where they go, and what is to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("disabled_at", sa.Float()),
        sa.Column("disabled_because", sa.Text()),
    )
    op.create_index("webhook_endpoints_by_workspace", "webhook_endpoints", ["workspace"])
    op.create_table(
        "webhook_messages",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("endpoint", sa.Text(), sa.ForeignKey("webhook_endpoints.id"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("claimed_until", sa.Float(), nullable=False, server_default="0"),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("said", sa.Text()),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("webhook_messages_waiting", "webhook_messages", ["next_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("webhook_messages_by_endpoint", "webhook_messages", ["endpoint"])
