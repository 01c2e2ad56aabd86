"""How many attempts of a call nobody could find out about is kept, so that it is sent again once at most."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; so far every vendor could be asked."""
    op.add_column("calls", sa.Column("uncertain", sa.Integer(), nullable=False, server_default="0"))
