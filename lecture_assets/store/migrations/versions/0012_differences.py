"""A revision is kept as what it changed, documents are compressed, and a client key knows the words that came with it."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of JSON text become columns of bytes; what is in them is read as it is. All revisions so far are whole."""
    with op.batch_alter_table("revisions") as revisions:
        for column in ("settings", "edits"):
            _to_bytes(revisions, column)
        revisions.add_column(sa.Column("whole", sa.Integer()))
        revisions.add_column(sa.Column("asked", sa.Text()))
    for table, columns in {"takes": ("value",), "plans": ("graph", "plan"), "offers": ("nodes",)}.items():
        with op.batch_alter_table(table) as changed:
            for column in columns:
                _to_bytes(changed, column)


def _to_bytes(table: BatchOperations, column: str) -> None:
    cast = f"convert_to({column}::text, 'UTF8')"
    table.alter_column(column, type_=sa.LargeBinary(), existing_type=sa.JSON(), existing_nullable=False, postgresql_using=cast)
