"""Beside another system: who gets new lectures, and lectures that are priced and never made."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and mark the lectures that there are as real ones."""
    op.create_table(
        "rollouts",
        sa.Column("workspace", sa.Text(), primary_key=True),
        sa.Column("percent", sa.Integer(), nullable=False),
    )
    op.create_table(
        "rollout_keys",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("rollout_key", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "rollout_key"),
    )
    op.add_column("lectures", sa.Column("is_shadow", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "shadow_edits",
        sa.Column("lecture", sa.Text(), sa.ForeignKey("lectures.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.Float(), nullable=False),
        sa.Column("nodes", sa.LargeBinary(), nullable=False),
        sa.Column("calls", sa.LargeBinary(), nullable=False),
        sa.Column("low_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("high_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("made", sa.LargeBinary(), nullable=False),
        sa.Column("legacy_usd_micros", sa.BigInteger()),
        sa.PrimaryKeyConstraint("lecture", "version"),
    )
