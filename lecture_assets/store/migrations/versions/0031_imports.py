"""Imports of many lectures in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "import_jobs",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_index("import_jobs_by_age", "import_jobs", ["workspace", "created_at"])
    op.create_table(
        "import_items",
        sa.Column("job", sa.Text(), sa.ForeignKey("import_jobs.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_shadow", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("given", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("owner", sa.Text()),
        sa.Column("claimed_until", sa.Float(), nullable=False, server_default="0"),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lecture", sa.Text()),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", sa.Float()),
        sa.PrimaryKeyConstraint("job", "number"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("import_items_waiting", "import_items", ["number"], sqlite_where=waiting, postgresql_where=waiting)
