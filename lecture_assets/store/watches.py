"""How far the log of each Dagster instance was searched for what is not ours. It moves in the transaction that acts on the finds.

Every event is looked at in two searches, and a wipe is acted on when it is seen for the second time: a database may show an event
after one with a higher id, and Dagster's SQLite storage wipes in two transactions.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, select

from lecture_assets.store import due_publications
from lecture_assets.store.database import insert
from lecture_assets.store.lecture_names import EXISTS
from lecture_assets.store.schema import lectures, watches


@dataclass(frozen=True, slots=True)
class WatchState:
    """State of the search of one instance.

    event_before, event: the log's last id in the search before the last one, and in the last one
    wipes_before, wipes: the same of the time at which each asset was wiped last, by its key as Dagster stores it
    """

    event_before: int
    event: int
    wipes_before: Mapping[str, str]
    wipes: Mapping[str, str]


def lectures_mark(connection: Connection) -> tuple[int, float | None]:
    """What changes whenever a lecture is added or deleted: their number, and when the newest was created."""
    found = select(func.count(), func.max(lectures.c.created_at)).where(EXISTS)
    number, newest = connection.execute(found).one()
    return int(number), newest


def load(connection: Connection, instance: str) -> WatchState | None:
    """Return the state; None before the first search."""
    row = connection.execute(select(watches).where(watches.c.instance == instance)).one_or_none()
    if row is None:
        return None
    return WatchState(row.event_before, row.event, json.loads(row.wipes_before), json.loads(row.wipes))


def save(connection: Connection, instance: str, state: WatchState) -> None:
    """Store the state. All lectures are due to an instance that is new."""
    if load(connection, instance) is None:
        due_publications.add_instance(connection, instance)
    wipes = {"wipes_before": json.dumps(state.wipes_before), "wipes": json.dumps(state.wipes)}
    values = {**asdict(state), **wipes}
    upsert = insert(connection.dialect.name, watches).values({"instance": instance, **values})
    connection.execute(upsert.on_conflict_do_update(index_elements=["instance"], set_=values))
