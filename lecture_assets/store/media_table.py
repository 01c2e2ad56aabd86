"""The table of media on S3."""

from sqlalchemy import BigInteger, Column, Float, Integer, MetaData, PrimaryKeyConstraint, Table, Text


def media_table(metadata: MetaData) -> Table:
    """Return the table with what is known of media on S3: a row for each that was ever stored there (`media_register.py`).

    place:       the bucket and prefix, as `s3://…`
    incarnation: the number in the object's key; it grows when bytes are wanted again after they were condemned
    state:       wanted, stored, lost or condemned
    size:        in bytes; 0 until it was stored
    wanted_at:   the store's time when somebody added it last
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
