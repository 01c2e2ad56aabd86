"""Tables and columns are called by the field's words. Their rows stay as they are."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLES = {
    "paces": "rate_limit_buckets",
    "shares": "queue_positions",
    "turns": "queue_tickets",
    "told": "published",
    "tellings": "publications",
}
_COLUMNS = (
    ("calls", "fingerprint", "call_key"),
    ("charges", "fingerprint", "call_key"),
    ("rate_limit_buckets", "closed_until", "open_until"),
    ("rate_limit_buckets", "told", "vendor_per_minute"),
    ("rate_limit_buckets", "told_at", "vendor_said_at"),
    ("queue_positions", "line", "queue"),
    ("queue_positions", "place", "virtual_time"),
    ("queue_tickets", "line", "queue"),
    ("queue_tickets", "place", "virtual_time"),
    ("queue_tickets", "urgent", "interactive"),
    ("published", "mark", "take_mark"),
    ("published", "seen", "inputs_digest"),
)


def upgrade() -> None:
    """Rename; every database that we know renames in place, keys included."""
    for old, new in _TABLES.items():
        op.rename_table(old, new)
    for table, old, new in _COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
