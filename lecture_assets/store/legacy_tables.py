"""The tables for moving over from another system: who gets new lectures, what is imported, what shadows would have cost."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.schema import PrimaryKeyConstraint

from lecture_assets.store import formats
from lecture_assets.store.clean_text import CleanText
from lecture_assets.store.document import Document

WAITING_ITEM = "state = 'waiting'"
"""The condition of an index, which queries use that state it in these words."""


def rollout_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define `rollouts` and `rollout_keys` (`rollouts.py`).

    rollouts: workspaces with a rule, and the percentage of keys whose lectures are made here
    rollout_keys: keys about which a person decided: `graph` for here, `legacy` for the other system
    """
    rollouts = Table(
        "rollouts",
        metadata,
        Column("workspace", Text, primary_key=True),
        Column("percent", Integer, nullable=False),
    )
    rollout_keys = Table(
        "rollout_keys",
        metadata,
        Column("workspace", Text, nullable=False),
        Column("rollout_key", CleanText, nullable=False),
        Column("system", Text, nullable=False),
        PrimaryKeyConstraint("workspace", "rollout_key"),
    )
    return rollouts, rollout_keys


def import_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define `import_jobs` and `import_items` (`import_jobs.py`). All times are the store's.

    import_jobs: requests to import many lectures
    import_items: the lectures of a job, numbered from 0
        name:          the id that the lecture is to have
        given:         the lecture as `lecture-import/1`, its uploads as `sha256:…`; None once the item has ended
        state:         waiting, imported, failed or canceled
        owner:         who imports it, a random word
        claimed_until: until when nobody else does
        tries:         how often somebody began to
        lecture:       the key of the lecture, once it is imported; it may be deleted since
        outcome:       what was imported, or the faults
    """
    jobs = Table(
        "import_jobs",
        metadata,
        Column("id", Text, primary_key=True),
        Column("workspace", Text, nullable=False),
        Column("created_at", Float, nullable=False),
        Index("import_jobs_by_age", "workspace", "created_at"),
    )
    items = Table(
        "import_items",
        metadata,
        Column("job", Text, ForeignKey("import_jobs.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("is_shadow", Integer, nullable=False, server_default="0"),
        Column("given", Document(formats.IMPORTS), nullable=False),
        Column("state", Text, nullable=False, server_default="waiting"),
        Column("owner", Text),
        Column("claimed_until", Float, nullable=False, server_default="0"),
        Column("tries", Integer, nullable=False, server_default="0"),
        Column("lecture", Text),
        Column("outcome", Document(formats.IMPORTS), nullable=False),
        Column("ended_at", Float),
        PrimaryKeyConstraint("job", "number"),
        Index("import_items_waiting", "number", sqlite_where=text(WAITING_ITEM), postgresql_where=text(WAITING_ITEM)),
    )
    return jobs, items


def shadow_table(metadata: MetaData) -> Table:
    """Define `shadow_edits`: what each version of a shadow would have made, had the version before been made (`shadows.py`).

    edited_at:         when the version was made, in seconds since 1970
    nodes:             the ids of the nodes that it would have made
    calls:             how many calls by role
    made:              the fingerprints that would have been made, by node
    legacy_usd_micros: what the other system paid for the same edit; None while nobody has said
    """
    return Table(
        "shadow_edits",
        metadata,
        Column("lecture", Text, ForeignKey("lectures.id"), nullable=False),
        Column("version", Integer, nullable=False),
        Column("edited_at", Float, nullable=False),
        Column("nodes", Document(formats.SHADOWS), nullable=False),
        Column("calls", Document(formats.SHADOWS), nullable=False),
        Column("low_usd_micros", BigInteger, nullable=False),
        Column("high_usd_micros", BigInteger, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("made", Document(formats.SHADOWS), nullable=False),
        Column("legacy_usd_micros", BigInteger),
        PrimaryKeyConstraint("lecture", "version"),
    )
