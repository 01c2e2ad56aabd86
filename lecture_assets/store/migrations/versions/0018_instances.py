"""What was published is remembered for each Dagster instance, so that two of them do not displace each other."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the instance part of both keys; the rows so far are of the instance that was published to last."""
    op.create_table(
        "published_new",
        sa.Column("lecture", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("take_mark", sa.Text(), nullable=False),
        sa.Column("inputs_digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lecture"], ["lectures.id"]),
        sa.PrimaryKeyConstraint("lecture", "instance", "subject"),
    )
    op.create_table(
        "publications_new",
        sa.Column("lecture", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lecture"], ["lectures.id"]),
        sa.PrimaryKeyConstraint("lecture", "instance"),
    )
    op.create_table(
        "watches",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("event_before", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("wipes_before", sa.Text(), nullable=False),
        sa.Column("wipes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instance"),
    )
    op.execute("INSERT INTO publications_new SELECT lecture, instance, serial, stamp FROM publications")
    op.execute(
        "INSERT INTO published_new SELECT lecture, instance, subject, version, take_mark, inputs_digest"
        " FROM published JOIN publications USING (lecture)"
    )
    for table in ("published", "publications"):
        op.drop_table(table)
        op.rename_table(f"{table}_new", table)
