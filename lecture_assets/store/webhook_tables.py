"""The tables of webhooks."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, text

WAITING = "state = 'waiting'"
"""The condition of an index, which queries use that state it in these words."""


def webhook_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define `webhook_endpoints` and `webhook_messages` (`webhooks.py`). All times are the store's.

    webhook_endpoints: where a workspace wants to be told what happens
        types:            of events, separated by commas
        secrets:          what messages are signed with: `[{"secret": "whsec_…", "until": TIME or null}]`
        disabled_because: why nothing is sent there any more; None while something is
    webhook_messages: what is, or was, to be sent there
        id:            the same in every try
        next_at:       when it is to be tried next
        claimed_until: until when a sender has it in hand
        state:         waiting, delivered or failed
        said:          how the last try ended
    """
    endpoints = Table(
        "webhook_endpoints",
        metadata,
        Column("id", Text, primary_key=True),
        Column("workspace", Text, nullable=False),
        Column("url", Text, nullable=False),
        Column("types", Text, nullable=False),
        Column("secrets", JSON, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("disabled_at", Float),
        Column("disabled_because", Text),
        Index("webhook_endpoints_by_workspace", "workspace"),
    )
    messages = Table(
        "webhook_messages",
        metadata,
        Column("id", Text, primary_key=True),
        Column("endpoint", Text, ForeignKey("webhook_endpoints.id"), nullable=False),
        Column("type", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("next_at", Float, nullable=False),
        Column("claimed_until", Float, nullable=False, server_default="0"),
        Column("tries", Integer, nullable=False, server_default="0"),
        Column("state", Text, nullable=False, server_default="waiting"),
        Column("said", Text),
        Index("webhook_messages_waiting", "next_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("webhook_messages_by_endpoint", "endpoint"),
    )
    return endpoints, messages
