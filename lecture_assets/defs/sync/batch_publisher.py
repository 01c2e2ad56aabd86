"""Publishes many lectures: the events of several in one commit, so that thousands of finished lectures take minutes."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from dagster import DagsterInstance

from lecture_assets.defs.keys import add_lectures
from lecture_assets.defs.sync.publish_lock import PublishLocks
from lecture_assets.defs.sync.publisher import EventLogPublisher, PreparedPublication, write
from lecture_assets.runner.setup.context import Context

_MOST_EVENTS = 1_000
"""When a batch is full: it takes about half a second, and a lecture of 99 × 4 is a batch of its own."""


def publish_batch(
    context: Context,
    instance: DagsterInstance,
    lectures: Iterable[str],
    is_live: Callable[[str], bool] = lambda _: False,
    most_events: int = _MOST_EVENTS,
) -> dict[str, int]:
    """Publish lectures until there are so many events; returns the number of events of each.

    A lecture that somebody else publishes just now is passed over, with 0 events, and one whose last worker is_live: it is a run
    that publishes itself what it made.
    """
    prepared, events = list[PreparedPublication](), dict[str, int]()
    with _paused_collector(), PublishLocks(context) as locks:
        for lecture in lectures:
            publisher = EventLogPublisher(context, instance, lecture)
            events[lecture] = 0
            if not locks.take(lecture, waits=False):
                continue
            publisher.catch_up()
            publication = publisher.prepare()
            if is_live(publication.worker):  # asked after reading: a run that is over by now has published all that was read
                continue
            prepared.append(publication)
            events[lecture] = publication.events
            if sum(events.values()) >= most_events:
                break
        add_lectures(instance, [each.publisher.lecture for each in prepared])
        write(context, instance, prepared, locks)
    return events


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the collector of cycles: a batch makes many objects and no cycles, and looking for some takes a fifth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
