"""The secret that URLs are signed with; which takes have the bytes of a medium."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "signing_secrets",
        sa.Column("purpose", sa.Text(), primary_key=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    there = sa.text("artifact IS NOT NULL")
    op.create_index("takes_by_artifact", "takes", ["artifact"], sqlite_where=there, postgresql_where=there)
