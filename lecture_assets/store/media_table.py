"""The table of media on S3; part of `schema.py`."""

from sqlalchemy import BigInteger, Column, Float, Integer, MetaData, PrimaryKeyConstraint, Table, Text


def media_table(metadata: MetaData) -> Table:
    """What is known of media on S3, a row for each object that was ever stored there (`media_register.py`).

    place:     the bucket and prefix, as `s3://…`
    wanted_at: the store's time when somebody added it last
    """
    return Table(
        "media_objects",
        metadata,
        Column("place", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("incarnation", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("wanted_at", Float, nullable=False),
        PrimaryKeyConstraint("place", "sha256"),
    )
