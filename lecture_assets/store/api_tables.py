"""The tables of what programs ask for: their requests, their uploads, and how much a queued regeneration is to make.

`schema.py` has all others.
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text
from sqlalchemy.schema import PrimaryKeyConstraint

from lecture_assets.store import formats
from lecture_assets.store.clean_text import CleanText
from lecture_assets.store.document import Document


def api_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Define `client_requests`, `uploads` and `regeneration_scopes`. All times are the store's.

    client_requests: requests that have a name, so that one that is repeated is done once (`client_requests.py`)
        asked:       a digest of what was asked for
        owner:       who is carrying it out, a random word
        lease_until: until when nobody else does
        answer:      what was answered; None while it is carried out
    uploads: media that were uploaded to a workspace, whether a lecture uses them or not (`uploads.py`)
        sort:        what they are for: what a node of theirs holds
    regeneration_scopes: lectures whose queued or running regeneration is not of everything (`regeneration_scopes.py`)
        scope:       how much is queued, or made now; None for everything
        pending:     how much is to be made after that, if `is_pending`; None for everything
    """
    client_requests = Table(
        "client_requests",
        metadata,
        Column("workspace", Text, nullable=False),
        Column("mutation", Text, nullable=False),
        Column("client_key", CleanText, nullable=False),
        Column("asked", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("lease_until", Float, nullable=False),
        Column("answer", Document(formats.ANSWERS), nullable=False),
        Column("asked_at", Float, nullable=False),
        PrimaryKeyConstraint("workspace", "mutation", "client_key"),
        Index("client_requests_by_time", "asked_at"),
    )
    uploads = Table(
        "uploads",
        metadata,
        Column("workspace", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("sort", Text, nullable=False),
        Column("uploaded_at", Float, nullable=False),
        PrimaryKeyConstraint("workspace", "sha256", "sort"),
        Index("uploads_by_time", "uploaded_at"),
    )
    regeneration_scopes = Table(
        "regeneration_scopes",
        metadata,
        Column("lecture", Text, ForeignKey("lectures.id"), primary_key=True),
        Column("scope", Document(formats.SCOPES), nullable=False),
        Column("pending", Document(formats.SCOPES), nullable=False),
        Column("is_pending", Integer, nullable=False, server_default="0"),
    )
    return client_requests, uploads, regeneration_scopes
