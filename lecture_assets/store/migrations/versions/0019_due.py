"""What is looked for all the time is found by indexes: lectures to publish, lectures at work, unsettled calls."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All lectures count as changed since they were published: the next publication finds out."""
    op.add_column("publications", sa.Column("is_due", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("requests_by_owner", "requests", ["owner"])
    for name, table, column, where in (
        ("publications_due", "publications", "instance", "is_due = 1"),
        ("requests_wanted", "requests", "queued_at", "state <> 'none'"),
        ("calls_unsettled", "calls", "workspace", "state IN ('intent', 'out', 'submitted')"),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.execute(
        "INSERT INTO publications (lecture, instance, serial, stamp)"
        " SELECT lectures.id, watches.instance, 0, '' FROM lectures CROSS JOIN watches WHERE NOT EXISTS"
        " (SELECT 1 FROM publications WHERE publications.lecture = lectures.id AND publications.instance = watches.instance)"
    )
