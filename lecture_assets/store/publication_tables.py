"""The tables of what was published to Dagster; `schema.py` has all others."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.schema import PrimaryKeyConstraint

DUE = "is_due = 1"
"""The condition of an index, which queries use that state it in these words."""
_LECTURE = "lectures.id"


def publication_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Define `published`, `publications` and `watches`.

    published: what was published to a Dagster instance, a row per asset partition (`published.py`)
        subject: a node's id, or the id of its settings
    publications: a row per lecture and instance (`due_publications.py`)
        stamp:   how far it was published
        is_due:  it has changed since
    watches: how far a Dagster instance's log was searched for what is not ours (`watches.py`)
    """
    published = Table(
        "published",
        metadata,
        Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
        Column("instance", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("version", Text, nullable=False),
        Column("take_mark", Text, nullable=False),
        Column("inputs_digest", Text, nullable=False),
        PrimaryKeyConstraint("lecture", "instance", "subject"),
    )
    publications = Table(
        "publications",
        metadata,
        Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
        Column("instance", Text, nullable=False),
        Column("serial", Integer, nullable=False),
        Column("stamp", Text, nullable=False),
        Column("is_due", Integer, nullable=False, server_default="1"),
        PrimaryKeyConstraint("lecture", "instance"),
        Index("publications_due", "instance", sqlite_where=text(DUE), postgresql_where=text(DUE)),
    )
    watches = Table(
        "watches",
        metadata,
        Column("instance", Text, primary_key=True),
        Column("event_before", BigInteger, nullable=False),
        Column("event", BigInteger, nullable=False),
        Column("wipes_before", Text, nullable=False),
        Column("wipes", Text, nullable=False),
    )
    return published, publications, watches
