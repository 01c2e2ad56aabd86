"""The table of secrets that URLs are signed with."""

from sqlalchemy import Column, Float, MetaData, Table, Text


def signing_table(metadata: MetaData) -> Table:
    """Return the table of secrets by what they are for (`signing_secrets.py`).

    purpose:    what is signed
    secret:     32 random bytes in hexadecimal digits
    created_at: the store's time
    """
    return Table(
        "signing_secrets",
        metadata,
        Column("purpose", Text, primary_key=True),
        Column("secret", Text, nullable=False),
        Column("created_at", Float, nullable=False),
    )
