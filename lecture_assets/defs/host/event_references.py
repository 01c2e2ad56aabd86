"""References to events that are kept whole in the index, filled as they are read. `event_log.py` stores them in runs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from dagster import EventLogEntry, EventLogRecord
from sqlalchemy import Connection, select

from lecture_assets.defs.dagster_internals import EventLogConnection, SqlEventLogStorageTable, deserialize_value
from lecture_assets.defs.host.event_json import place_of

_EVENTS = SqlEventLogStorageTable.c
_MOST_IDS = 500
"""Ids in one statement."""


def filled(found: EventLogConnection, index: Callable[[], AbstractContextManager[Connection]]) -> EventLogConnection:
    """Records of a run with their events whole. index: connects to it, which is done only if there is a reference."""
    places = [place for record in found.records if (place := place_of(record.event_log_entry)) is not None]
    if not places:
        return found
    with index() as connection:
        whole = _read(connection, places)
    return found._replace(records=[_filled(record, whole) for record in found.records])


def _read(connection: Connection, places: Sequence[int]) -> Mapping[int, EventLogEntry]:
    """Events of the index, by their ids; without those that are gone."""
    texts = dict[int, str]()
    for start in range(0, len(places), _MOST_IDS):
        some = select(_EVENTS.id, _EVENTS.event).where(_EVENTS.id.in_(places[start : start + _MOST_IDS]))
        texts |= {row.id: row.event for row in connection.execute(some)}
    return {number: deserialize_value(text, EventLogEntry) for number, text in texts.items()}


def _filled(record: EventLogRecord, whole: Mapping[int, EventLogEntry]) -> EventLogRecord:
    """A record with its event whole. One whose event is gone, or is of no run any more, keeps what its reference says."""
    entry = record.event_log_entry
    place = place_of(entry)
    if place is None:
        return record
    found = whole.get(place)
    if found is None or found.run_id != entry.run_id:
        found = entry._replace(dagster_event=entry.get_dagster_event()._replace(logging_tags={}))
    return EventLogRecord(record.storage_id, found)
