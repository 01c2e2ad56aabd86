"""The tables. A change here is a migration in `migrations/versions/`; a test compares the two."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.schema import PrimaryKeyConstraint, UniqueConstraint

from lecture_assets.store import formats
from lecture_assets.store.api_tables import api_tables
from lecture_assets.store.clean_text import CleanText
from lecture_assets.store.document import Document, Recipe, TextDocument
from lecture_assets.store.legacy_tables import import_tables, rollout_tables, shadow_table
from lecture_assets.store.media_table import media_table
from lecture_assets.store.progress_table import progress_table
from lecture_assets.store.publication_tables import publication_tables
from lecture_assets.store.signing_table import signing_table
from lecture_assets.store.token_table import token_table
from lecture_assets.store.webhook_tables import webhook_tables
from lecture_assets.store.worker_tables import worker_tables

metadata = MetaData()

# one row
#   database:      the id of this database
#   media:         the name in the mark of its media folder, None before a folder was marked
#   place:         the path of that folder when it was marked
#   generation:    grows here and in the folder when media are added, which shows which of the two is older
#   unknown_until: unreferenced media added before this time (seconds since 1970) may be of another or a newer database
identity = Table(
    "identity",
    metadata,
    Column("database", Text, primary_key=True),
    Column("media", Text),
    Column("place", Text),
    Column("generation", Integer, nullable=False),
    Column("unknown_until", Float, nullable=False),
)

#   id:         the key by which everything else refers to the lecture; Dagster's partitions are keys, too
#   name:       the id that people use, None once the lecture is deleted
#   deleted_at: the row stays for the accounts
#   is_shadow:  it is planned and priced, and nothing of it is ever made
lectures = Table(
    "lectures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("name", Text),
    Column("head", Integer, nullable=False),
    Column("published", Integer, nullable=False),
    Column("brief_digest", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("deleted_at", Float),
    Column("is_shadow", Integer, nullable=False, server_default="0"),
    Index("lectures_by_name", "workspace", "name", unique=True),
    Index("lectures_by_age", "workspace", "created_at"),
)

_LECTURE = "lectures.id"


WANTED, UNSETTLED = "state <> 'none'", "state IN ('intent', 'out', 'submitted')"
"""The few rows that are looked for among many. Their indexes are used by queries that state the condition in these words."""


def _partial(name: str, where: str, column: str) -> Index:
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))


#   settings: complete if `whole` is empty, otherwise the difference to the version before, in the run starting at version `whole`
#   asked:    a digest of what was sent with the client key
revisions = Table(
    "revisions",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("version", Integer, nullable=False),
    Column("settings", Document(formats.SETTINGS), nullable=False),
    Column("edits", Document(formats.EDITS), nullable=False),
    Column("client_key", CleanText),
    Column("whole", Integer),
    Column("asked", Text),
    Column("created_at", Float, nullable=False),
    PrimaryKeyConstraint("lecture", "version"),
    UniqueConstraint("lecture", "client_key"),
)

takes = Table(
    "takes",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("node", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("recipe", Recipe(formats.RECIPES), nullable=False),
    Column("value", Document(formats.VALUES), nullable=False),
    Column("artifact", Text),
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("cost_usd_micros", BigInteger, nullable=False),
    PrimaryKeyConstraint("lecture", "node", "number"),
    UniqueConstraint("lecture", "node", "fingerprint"),
    _partial("takes_by_artifact", "artifact IS NOT NULL", "artifact"),
)

records = Table(
    "records",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("node", Text, nullable=False),
    Column("take", Integer, nullable=False),
    Column("counted_at", Float, nullable=False),
    PrimaryKeyConstraint("lecture", "node"),
)

failures = Table(
    "failures",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("node", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", CleanText, nullable=False),
    Column("message", CleanText, nullable=False),
    Column("failed_at", Float, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("request_id", CleanText),
    PrimaryKeyConstraint("lecture", "node"),
)

#   cost_usd_micros:    of all attempts
#   earlier_usd_micros: of the attempts before the newest
#   uncertain:          attempts that the vendor may or may not have accepted, each counted at the reserved price
#   uncounted:          attempts whose usage the vendor did not report, each counted at the reserved price
#   out_at:             when the newest attempt was recorded as about to be sent
#   kept_reply:         where the reply to the newest attempt is, if the vendor gives it only once, until the call is settled
calls = Table(
    "calls",
    metadata,
    Column("workspace", Text, nullable=False),
    Column("call_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("node", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("request", TextDocument(formats.REQUESTS), nullable=False),
    Column("provider_id", CleanText),
    Column("reserved_usd_micros", BigInteger, nullable=False),
    Column("cost_usd_micros", BigInteger, nullable=False),
    Column("earlier_usd_micros", BigInteger, nullable=False, server_default="0"),
    Column("uncertain", Integer, nullable=False, server_default="0"),
    Column("uncounted", Integer, nullable=False, server_default="0"),
    Column("saved_usd_micros", BigInteger, nullable=False),
    Column("reply", TextDocument(formats.REPLIES)),
    Column("error", TextDocument(formats.ERRORS)),
    Column("intended_at", Float, nullable=False),
    Column("settled_at", Float),
    Column("out_at", Float),
    Column("kept_reply", TextDocument(formats.KEPT_REPLIES)),
    PrimaryKeyConstraint("workspace", "call_key"),
    Index("calls_by_lecture", "lecture"),
    _partial("calls_unsettled", UNSETTLED, "workspace"),
)

# what each attempt cost, and the lecture that made it; `calls.lecture` is only the lecture that has the call now
charges = Table(
    "charges",
    metadata,
    Column("workspace", Text, nullable=False),
    Column("call_key", Text, nullable=False),
    Column("attempt", Text, nullable=False),
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("node", Text, nullable=False),
    Column("cost_usd_micros", BigInteger, nullable=False),
    Column("intended_at", Float, nullable=False),
    PrimaryKeyConstraint("workspace", "call_key", "attempt"),
    Index("charges_by_lecture", "lecture"),
)

# the sum of the charges whose attempt was intended in a calendar month (UTC), such as 2026-11
spending = Table(
    "spending",
    metadata,
    Column("workspace", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("cost_usd_micros", BigInteger, nullable=False),
    PrimaryKeyConstraint("workspace", "month"),
)

#   queued_at: the store's time since when there has been something to do
#   calls:     the calls of the plan that waits or is carried out; None if not known
requests = Table(
    "requests",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), primary_key=True),
    Column("state", Text, nullable=False),
    Column("owner", Text),
    Column("fence", Integer, nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("queued_at", Float, nullable=False, server_default="0"),
    Column("calls", Integer),
    _partial("requests_wanted", WANTED, "queued_at"),
    Index("requests_by_owner", "owner"),
)

plans = Table(
    "plans",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("token", Text, nullable=False),
    Column("graph", TextDocument(formats.GRAPHS), nullable=False),
    Column("plan", Document(formats.PLANS), nullable=False),
    Column("stored_at", Float, nullable=False),
)

# plans that were shown to someone, who may insist on them
#   nodes: by id, a digest of what would be made and at what price
offers = Table(
    "offers",
    metadata,
    Column("lecture", Text, ForeignKey(_LECTURE), nullable=False),
    Column("token", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("nodes", Document(formats.OFFERS), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("high_usd_micros", BigInteger, nullable=False),
    Column("offered_at", Float, nullable=False),
    PrimaryKeyConstraint("lecture", "token"),
)

# how fast vendors are called; times in seconds since 1970
#   bucket:            `vendor:model request`, or a vendor's name for its circuit breaker
#   vendor_per_minute: the limit the vendor itself reported
buckets = Table(
    "rate_limit_buckets",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("per_minute", Float, nullable=False),
    Column("free_at", Float, nullable=False),
    Column("open_until", Float, nullable=False),
    Column("slowed_at", Float, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("vendor_per_minute", Float),
    Column("vendor_said_at", Float),
)

# the store's time on SQLite (`store/clock.py`), one row per boot of the machine
#   ahead:  seconds by which the store's time is ahead of the uptime
#   set_at: the uptime when that was last set
clocks = Table(
    "clocks",
    metadata,
    Column("boot", Text, primary_key=True),
    Column("ahead", Float, nullable=False),
    Column("set_at", Float, nullable=False),
)

# how far a workspace has advanced in a queue: the virtual time of its next call; workspace "": the virtual time of the queue
queue_positions = Table(
    "queue_positions",
    metadata,
    Column("queue", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("virtual_time", Float, nullable=False),
    PrimaryKeyConstraint("queue", "workspace"),
)

# the calls waiting in a queue, one per worker
#   due: when the worker will ask again, in seconds since 1970; one that does not is considered dead
queue_tickets = Table(
    "queue_tickets",
    metadata,
    Column("queue", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("interactive", Integer, nullable=False),
    Column("virtual_time", Float, nullable=False),
    Column("due", Float, nullable=False),
    PrimaryKeyConstraint("queue", "worker"),
)

published, publications, watches = publication_tables(metadata)
launched_runs, worker_services = worker_tables(metadata)
media_objects = media_table(metadata)
tokens = token_table(metadata)
signing_secrets = signing_table(metadata)
webhook_endpoints, webhook_messages = webhook_tables(metadata)
progress = progress_table(metadata)
client_requests, uploads, regeneration_scopes = api_tables(metadata)
rollouts, rollout_keys = rollout_tables(metadata)
import_jobs, import_items = import_tables(metadata)
shadow_edits = shadow_table(metadata)
