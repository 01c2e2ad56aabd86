"""A revision is kept as what it changed, documents are compressed, and a client key knows the words that came with it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of JSON text become columns of bytes; what is in them is read as it is. All revisions so far are whole."""
    with op.batch_alter_table("revisions") as revisions:
        revisions.alter_column("settings", type_=sa.LargeBinary(), existing_type=sa.JSON(), existing_nullable=False)
        revisions.alter_column("edits", type_=sa.LargeBinary(), existing_type=sa.JSON(), existing_nullable=False)
        revisions.add_column(sa.Column("whole", sa.Integer()))
        revisions.add_column(sa.Column("asked", sa.Text()))
    for table, columns in {"takes": ("value",), "plans": ("graph", "plan"), "offers": ("nodes",)}.items():
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.alter_column(column, type_=sa.LargeBinary(), existing_type=sa.JSON(), existing_nullable=False)
