"""A lecture is found by workspace and name. What refers to it keeps its key, which was its name so far."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; each lecture is called by its key."""
    op.add_column("lectures", sa.Column("name", sa.Text()))
    op.add_column("lectures", sa.Column("deleted_at", sa.Float()))
    op.execute("UPDATE lectures SET name = id")
    op.create_index("lectures_by_name", "lectures", ["workspace", "name"], unique=True)
