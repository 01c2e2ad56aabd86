"""Finds what was published of lectures and is no longer in Dagster's log, because somebody deleted old rows of its tables.

Dagster's manual advises that where the log has grown; a wipe is another matter, which Dagster records (`foreign_events.py`).
"""

from typing import cast

from dagster import DagsterInstance

from lecture_assets.defs.dagster_internals import SqlEventLogStorage
from lecture_assets.defs.sync.projection import FAILURE
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.defs.sync.subjects import PLANNED
from lecture_assets.defs.sync.superseded import LectureLog
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, published
from lecture_assets.store.published import UNKNOWN


def forget_lost(context: Context, instance: DagsterInstance) -> list[str]:
    """Forget all that was published of lectures whose events are lost, so that it is published again; returns these lectures.

    What is published meanwhile is in the log before it counts as published.
    """
    name, storage = instance_id(instance), cast("SqlEventLogStorage", instance.event_log_storage)
    with context.database.read() as connection:
        known = lectures.ids(connection)
    lost = []
    for lecture in known:
        with context.database.read() as connection:
            rows = published.load(connection, lecture, name).rows
        with storage.index_connection() as log:
            shown = {event.subject for event in LectureLog.read(log, lecture).events if event.type != PLANNED}
        expected = {subject for subject, row in rows.items() if row.version != UNKNOWN and not subject.startswith(FAILURE)}
        if not expected <= shown:
            with context.database.write() as connection:
                published.forget(connection, lecture, name)
            lost.append(lecture)
    return lost
