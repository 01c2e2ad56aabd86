"""A database has an id, and knows the media folder that is its own."""

import hashlib
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its row. The id follows from the oldest lecture, if any, so that today's backups get the same."""
    op.create_table(
        "identity",
        sa.Column("database", sa.Text(), nullable=False),
        sa.Column("media", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("unknown_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("database"),
    )
    found = sa.text("SELECT id, created_at FROM lectures ORDER BY created_at, id LIMIT 1")
    oldest = op.get_bind().execute(found).one_or_none()
    name = hashlib.sha256(f"{oldest[0]} {oldest[1]!r}".encode()).hexdigest()[:32] if oldest else uuid.uuid4().hex
    row = sa.text("INSERT INTO identity (database, generation, unknown_until) VALUES (:name, 0, 0.0)")
    op.get_bind().execute(row.bindparams(name=name))
