"""Finds the events of a lecture that Dagster still reads. Nothing that it shows changes if the others are deleted.

the newest event of each partition, of each type
a version that a reader is compared with, and all that came after it: the reader's newest materialization points there
the last plan to make a node that was not made: its run failed, which the partition's page shows
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from dagster import EventLogEntry
from sqlalchemy import Connection, Select, select

from lecture_assets.defs.dagster_internals import SqlEventLogStorageTable, deserialize_value
from lecture_assets.defs.keys import partitions_of
from lecture_assets.defs.sync.events import tags_of_reads
from lecture_assets.defs.sync.projection import reads_of
from lecture_assets.defs.sync.subjects import MADE, OBSERVED, PLANNED, assets_by_level, deciding_type, subject_of
from lecture_assets.graph.node import parse_node_id

_EVENTS = SqlEventLogStorageTable.c
_COLUMNS = (_EVENTS.id, _EVENTS.asset_key, _EVENTS.partition, _EVENTS.dagster_event_type, _EVENTS.run_id, _EVENTS.timestamp)
_MOST_IDS = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event of the index. at: in UTC, without a time zone."""

    number: int
    subject: str
    type: str
    run_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LectureLog:
    """The events of a lecture, and the ids of those that Dagster still reads."""

    events: Sequence[LoggedEvent]
    needed: frozenset[int]

    @classmethod
    def read(cls, connection: Connection, lecture: str) -> "LectureLog":
        """Read a lecture's events from the index of an event log."""
        rows = [row for query in _queries(lecture) for row in connection.execute(query)]
        events = sorted((event for event in map(_logged, rows) if event is not None), key=attrgetter("number"))
        return cls(events, frozenset(_needed(connection, events)))


def _queries(lecture: str) -> Iterator[Select[Any]]:
    """A query for each level, of all partitions by name: an index answers it, in whatever order a database has texts.

    Of one query for all levels, SQLite looks through every event (290 ms of 250,000 events, instead of 6 ms).
    """
    for per, assets in assets_by_level().items():
        of_level = _EVENTS.asset_key.in_(assets), _EVENTS.partition.in_(partitions_of(lecture, per))
        yield select(*_COLUMNS).where(*of_level, _EVENTS.dagster_event_type.in_([MADE, OBSERVED, PLANNED]))


def _logged(row: Any) -> LoggedEvent | None:
    subject = subject_of(row.asset_key, row.partition)
    if subject is None:
        return None
    return LoggedEvent(row.id, subject.name, row.dagster_event_type, row.run_id, row.timestamp)


def _needed(connection: Connection, events: Iterable[LoggedEvent]) -> Iterator[int]:
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        numbers[event.subject, event.type].append(event.number)
    made = {subject: found[-1] for (subject, kind), found in numbers.items() if kind == MADE}
    pointers = _pointers(connection, {number: s for s, number in made.items() if deciding_type(s) == MADE})
    for (subject, kind), found in numbers.items():
        if kind == PLANNED:
            yield from (number for number in found[-1:] if number > made.get(subject, 0))
        elif kind == deciding_type(subject):
            seen = (bisect_right(found, pointer) - 1 for pointer in pointers[subject])
            yield from found[min([len(found) - 1, *(place for place in seen if place >= 0)]) :]
        else:
            yield found[-1]


def _pointers(connection: Connection, newest: Mapping[int, str]) -> Mapping[str, set[int]]:
    """The places in the log that the newest materializations of readers name, by the subject that is read."""
    found: dict[str, set[int]] = defaultdict(set)
    numbers = list(newest)
    for start in range(0, len(numbers), _MOST_IDS):
        some = select(_EVENTS.id, _EVENTS.event).where(_EVENTS.id.in_(numbers[start : start + _MOST_IDS]))
        for number, event in connection.execute(some):
            tags = deserialize_value(event, EventLogEntry).tags or {}
            kind, cell = parse_node_id(newest[number])
            names = tags_of_reads(kind.name)
            for read, subjects in reads_of(kind.name, cell):
                pointer = tags.get(names[read].pointer, "")
                for subject in subjects if pointer.isdecimal() else ():
                    found[subject].add(int(pointer))
    return found
