"""The log of a lecture's progress: what edits and runs did, in numbered events. `runner/reading/progress.py` has their documents.

An event is written in the transaction that records the fact, under the lock of the lecture's row, and gets the highest number
plus one. So numbers have no gaps, and whoever sees a number sees all lower ones:

    lock the lecture ─► number n ─► commit, which makes n visible and frees the lock ─► the next one locks, sees n, takes n + 1

Even without the lock no order is lost: whoever takes n + 1 has seen n committed, and two that take the same number meet at the
primary key. The lock is what keeps them from failing there.

A lecture's old events are pruned, never its newest.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from lecture_assets.store import webhooks
from lecture_assets.store.notices import PROGRESS, notify
from lecture_assets.store.schema import lectures, progress

KEPT_EVENTS = 1000
KEPT_S = 24 * 3600.0
"""What is kept of a lecture: its last events, and those of this time. A lecture's first generation has an event a node or two."""
LONGEST_MESSAGE = 300
"""The most characters of a message in an event; `status` has all of it."""


class EventKind(StrEnum):
    """What an event is about."""

    REVISION = "revision"
    RUN_STARTED = "run-started"
    PLANNED = "planned"
    NODE_STARTED = "node-started"
    NODE_DELAYED = "node-delayed"
    NODE = "node"
    TIMELINE = "timeline"
    RUN_ENDED = "run-ended"
    WITHDRAWN = "withdrawn"


_SELDOM = frozenset(EventKind) - {EventKind.NODE_STARTED, EventKind.NODE_DELAYED, EventKind.NODE}
"""Kinds that wake those who listen. Not those of single nodes: PostgreSQL lets transactions that notify commit one by one."""
_PRUNING = frozenset({EventKind.REVISION, EventKind.RUN_ENDED})


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event. at: the store's time, in seconds since 1970."""

    number: int
    at: float
    kind: EventKind
    document: Mapping[str, Any]


def append(connection: Connection, lecture: str, kind: EventKind, document: Mapping[str, Any], at: float) -> None:
    """Add an event. The transaction has locked the lecture's row (`lectures.version_of(…, lock=True)`). at: the store's time."""
    row = {"of_lecture": lecture, "lecture": lecture, "kind": kind.value, "document": dict(document), "at": at}
    connection.execute(_APPEND, row)
    if kind in (EventKind.TIMELINE, EventKind.RUN_ENDED):
        webhooks.tell(connection, lecture, document, at)
    if kind in _SELDOM:
        notify(connection, PROGRESS)
    if kind in _PRUNING:
        connection.execute(_PRUNE, {"of_lecture": lecture, "kept": KEPT_EVENTS, "before": at - KEPT_S})


def _newest(column: Any = progress.c.number) -> Any:
    return select(func.coalesce(func.max(column), 0)).where(progress.c.lecture == bindparam("of_lecture")).scalar_subquery()


_OF_LECTURE = progress.c.lecture == bindparam("of_lecture")
_APPEND = progress.insert().values(
    lecture=bindparam("lecture"),
    number=_newest() + 1,
    at=bindparam("at"),
    kind=bindparam("kind"),
    document=bindparam("document"),
)
_PRUNE = delete(progress).where(
    _OF_LECTURE,
    progress.c.number <= _newest() - bindparam("kept", type_=progress.c.number.type),
    progress.c.at < bindparam("before"),
)
_EVENTS = (
    select(progress.c.number, progress.c.at, progress.c.kind, progress.c.document)
    .where(_OF_LECTURE, progress.c.number > bindparam("after"))
    .order_by(progress.c.number)
    .limit(bindparam("most"))
)
"""Built once: the writer appends an event for every node, and building a statement takes longer than running it."""


def events(connection: Connection, lecture: str, after: int, limit: int) -> Sequence[StoredEvent]:
    """Return the events with a higher number than `after`, in order, at most `limit`. A first one that is not next was pruned."""
    rows = connection.execute(_EVENTS, {"of_lecture": lecture, "after": after, "most": limit})
    return [StoredEvent(row.number, row.at, EventKind(row.kind), row.document) for row in rows]


def newest(connection: Connection, lectures_: Collection[str]) -> dict[str, int]:
    """Return the number of the newest event of each of these lectures that exists, 0 for none. One query for all of them."""
    of_each = select(func.coalesce(func.max(progress.c.number), 0)).where(progress.c.lecture == lectures.c.id).scalar_subquery()
    found: dict[str, int] = {}
    names = sorted(lectures_)
    for start in range(0, len(names), _MOST_NAMES):
        rows = select(lectures.c.id, of_each.label("number")).where(lectures.c.id.in_(names[start : start + _MOST_NAMES]))
        found |= {row.id: int(row.number) for row in connection.execute(rows)}
    return found


_MOST_NAMES = 500
"""As in `records.py`."""
