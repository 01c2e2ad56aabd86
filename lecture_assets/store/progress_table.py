"""The table of the log of progress; `progress.py` writes and reads it, `schema.py` has all other tables."""

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.schema import PrimaryKeyConstraint

from lecture_assets.store import formats
from lecture_assets.store.document import Document


def progress_table(metadata: MetaData) -> Table:
    """Define `progress`: what happened to a lecture, an event a row.

    number:   from 1 in each lecture, without gaps
    at:       the store's time
    document: what the event says, by kind
    """
    return Table(
        "progress",
        metadata,
        Column("lecture", Text, ForeignKey("lectures.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("at", Float, nullable=False),
        Column("kind", Text, nullable=False),
        Column("document", Document(formats.PROGRESS), nullable=False),
        PrimaryKeyConstraint("lecture", "number"),
    )
