"""How many calls the plans of waiting lectures have, which decides what is started first."""

import time
from collections.abc import Iterable
from dataclasses import replace

from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.reading.snapshot import plan_of, read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.waiting import WaitingLecture


def sized(context: Context, rows: Iterable[WaitingLecture], most_s: float) -> list[WaitingLecture]:
    """Plan the lectures whose number of calls is not known, for at most `most_s` seconds; return those that are known now.

    The newest requests come first: somebody may be waiting for them.
    """
    until, found = time.monotonic() + most_s, list[WaitingLecture]()
    for row in sorted(rows, key=lambda row: row.queued_at, reverse=True):
        if row.calls is None and time.monotonic() < until:
            found.append(replace(row, calls=_calls(context, row.lecture)))
    return found


def _calls(context: Context, lecture: str) -> int:
    """The number of calls; 0 for a lecture that cannot be planned, whose run says why and ends."""
    with context.database.read() as connection:
        try:
            return len(plan_of(read_snapshot(context, connection, lecture), connection).purchases)
        except LectureError:
            return 0
