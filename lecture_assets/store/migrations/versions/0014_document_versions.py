"""Documents say the version of their format. No table changes; an older release refuses them by this revision."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: documents of before are read as version 1."""
