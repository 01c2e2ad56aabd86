"""The graphs of plans as JSON of the database's own, which people and programs query; they were compressed bytes."""

import json

import sqlalchemy as sa
from alembic import op

from lecture_assets.store.document import UnreadableDocumentError, read_document, split_version

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None

_PART = 100


def upgrade() -> None:
    """Convert the column. A graph that cannot be read goes with its plan; the next regeneration stores both anew."""
    op.add_column("plans", sa.Column("readable_graph", sa.JSON(), nullable=True))
    connection, after = op.get_bind(), ""
    found = sa.text("SELECT lecture, graph FROM plans WHERE lecture > :after ORDER BY lecture LIMIT :part")
    while rows := connection.execute(found, {"after": after, "part": _PART}).all():
        for lecture, stored in rows:
            _convert(connection, lecture, stored)
        after = rows[-1].lecture
    with op.batch_alter_table("plans") as table:
        table.drop_column("graph")
        table.alter_column("readable_graph", new_column_name="graph", existing_type=sa.JSON(), nullable=False)


def _convert(connection: sa.Connection, lecture: str, stored: "bytes | str") -> None:
    written = stored.encode() if isinstance(stored, str) else bytes(stored)
    try:
        document = {"schema": split_version(written)[0], "document": read_document(written)}
    except UnreadableDocumentError:
        connection.execute(sa.text("DELETE FROM plans WHERE lecture = :lecture"), {"lecture": lecture})
        return
    changed = sa.text("UPDATE plans SET readable_graph = :graph WHERE lecture = :lecture")
    connection.execute(changed, {"graph": json.dumps(document), "lecture": lecture})
