"""References to events that are kept whole in the index, filled as they are read. `event_log.py` stores them in runs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from dagster import AssetCheckEvaluation, EventLogEntry, EventLogRecord
from sqlalchemy import Connection, Select, select

from lecture_assets.defs.dagster_internals import (
    AssetCheckExecutionsTable,
    EventLogConnection,
    SqlEventLogStorageTable,
    deserialize_value,
)
from lecture_assets.defs.host.event_json import place_of

_EVENTS, _RESULTS = SqlEventLogStorageTable.c, AssetCheckExecutionsTable.c
_MOST_IDS = 500
"""Ids in one statement."""


def filled(found: EventLogConnection, index: Callable[[], AbstractContextManager[Connection]]) -> EventLogConnection:
    """Records of a run with their events whole. index: connects to it, which is done only if there is a reference."""
    references = [entry for record in found.records if place_of(entry := record.event_log_entry) is not None]
    if not references:
        return found
    with index() as connection:
        whole = _read(connection, references)
    return found._replace(records=[_filled(record, whole) for record in found.records])


def _read(connection: Connection, references: Sequence[EventLogEntry]) -> Mapping[int, EventLogEntry]:
    """What is referred to, by its ids; without what is gone."""
    texts = dict[int, str]()
    for start in range(0, len(references), _MOST_IDS):
        some = references[start : start + _MOST_IDS]
        for statement in (_events(some), _results(some)):
            texts |= dict(connection.execute(statement).all())
    return {number: deserialize_value(text, EventLogEntry) for number, text in texts.items()}


def _events(references: Sequence[EventLogEntry]) -> Select[int, str]:
    """Events of assets, which are in the index."""
    ids = [place_of(entry) for entry in references if _result_of(entry) is None]
    return select(_EVENTS.id, _EVENTS.event).where(_EVENTS.id.in_(ids))


def _results(references: Sequence[EventLogEntry]) -> Select[int, str]:
    """Results of checks, which are in their own table. It has an index of keys, names and runs, but none of ids."""
    results = {place_of(entry): result for entry in references if (result := _result_of(entry)) is not None}
    return select(_RESULTS.evaluation_event_storage_id, _RESULTS.evaluation_event).where(
        _RESULTS.asset_key.in_({result.asset_key.to_string() for result in results.values()}),
        _RESULTS.check_name.in_({result.check_name for result in results.values()}),
        _RESULTS.run_id.in_({entry.run_id for entry in references}),
        _RESULTS.evaluation_event_storage_id.in_(results),
    )


def _result_of(entry: EventLogEntry) -> AssetCheckEvaluation | None:
    data = entry.get_dagster_event().event_specific_data
    return data if isinstance(data, AssetCheckEvaluation) else None


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
