"""Of how many attempts of a call the vendor did not say what they took, so that they cost what was reserved."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was not counted so far cost nothing."""
    op.add_column("calls", sa.Column("uncounted", sa.Integer(), nullable=False, server_default="0"))
