"""The table of access tokens."""

from sqlalchemy import Column, Float, Index, MetaData, Table, Text


def token_table(metadata: MetaData) -> Table:
    """Return the table of access tokens (`tokens.py`). All times are the store's, in seconds since 1970.

    id:         the part of a token that is no secret
    workspace:  what it gives access to
    role:       what it allows there
    label:      who or what it is for, in people's words
    digest:     the SHA-256 of the secret part
    old_digest: of the secret before the last rotation, which is valid until `old_until`
    """
    return Table(
        "tokens",
        metadata,
        Column("id", Text, primary_key=True),
        Column("workspace", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("label", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("old_digest", Text),
        Column("old_until", Float),
        Column("created_at", Float, nullable=False),
        Column("expires_at", Float),
        Column("revoked_at", Float),
        Index("tokens_by_workspace", "workspace"),
    )
