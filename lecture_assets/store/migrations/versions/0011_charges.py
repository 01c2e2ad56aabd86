"""What an attempt cost is charged to the lecture that made it, and stays so when another lecture tries again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; what is spent already is charged to the lecture that had the call last."""
    op.create_table(
        "charges",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("lecture", sa.Text(), sa.ForeignKey("lectures.id"), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("intended_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "fingerprint", "attempt"),
    )
    op.create_index("charges_by_lecture", "charges", ["lecture"])
    op.add_column("calls", sa.Column("out_at", sa.Float()))
    facts = "INSERT INTO charges SELECT workspace, fingerprint"
    op.execute(f"{facts}, 'earlier', lecture, node, earlier_usd_micros, intended_at FROM calls WHERE earlier_usd_micros > 0")
    op.execute(
        f"{facts}, attempt, lecture, node, cost_usd_micros - earlier_usd_micros, intended_at FROM calls"
        " WHERE cost_usd_micros > earlier_usd_micros"
    )
