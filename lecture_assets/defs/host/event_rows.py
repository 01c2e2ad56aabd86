"""Rows of the event log's tables in SQLite, for many events in few statements. `event_log.py` writes them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from dagster import EventLogEntry
from sqlalchemy import Connection, Insert
from sqlalchemy.dialects.sqlite import insert

from lecture_assets.defs.dagster_internals import AssetKeyTable, SqlEventLogStorageTable
from lecture_assets.defs.host.event_json import event_json


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event, and the values of its columns."""

    entry: EventLogEntry
    values: Mapping[str, Any]


def event_columns(event: EventLogEntry, at: datetime) -> dict[str, Any]:
    """The columns of an event, as Dagster's class fills them. at: its time, as the database keeps it."""
    found = event.dagster_event
    return {
        "run_id": event.run_id,
        "event": event_json(event),
        "dagster_event_type": found.event_type_value if found else None,
        "timestamp": at,
        "step_key": found.step_key if found else event.step_key,
        "asset_key": found.asset_key.to_string() if found and found.asset_key else None,
        "partition": found.partition if found and found.partition else None,
    }


def insert_events(connection: Connection, rows: Sequence[EventRow]) -> Sequence[tuple[int, EventRow]]:
    """Insert events and return them with their ids: SQLite gives one to the first, whose transaction keeps the next ones free."""
    returning = insert(SqlEventLogStorageTable).returning(SqlEventLogStorageTable.c.id)
    first = connection.execute(returning.values(rows[0].values)).scalar_one()
    others = [{**row.values, "id": number} for number, row in enumerate(rows[1:], first + 1)]
    if others:
        connection.execute(SqlEventLogStorageTable.insert(), others)
    return list(enumerate(rows, first))


def tag_rows(number: int, row: EventRow, indexed: Callable[[set[str]], set[str]]) -> Iterator[dict[str, Any]]:
    """The tags by which Dagster looks events up. indexed: which of an event's tags these are."""
    tags = row.entry.tags or {}
    own = {"event_id": number, "asset_key": row.values["asset_key"], "event_timestamp": row.values["timestamp"]}
    for key in indexed({*tags}):
        yield {**own, "key": key, "value": tags[key]}


def upsert_assets(
    connection: Connection,
    numbered: Sequence[tuple[int, EventRow]],
    values_of: Callable[[EventLogEntry, int], Mapping[str, Any]],
) -> None:
    """Note the newest events of each asset. values_of: the columns that an event with this id sets."""
    last = {(row.values["asset_key"], row.entry.dagster_event_type): (number, row) for number, row in numbered}
    assets: dict[str, dict[str, Any]] = {}
    for number, row in sorted(last.values(), key=itemgetter(0)):
        assets.setdefault(row.values["asset_key"], {}).update(values_of(row.entry, number))
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for name, values in assets.items():
        groups.setdefault(tuple(values), []).append({"asset_key": name, **values})
    for columns, rows in groups.items():
        connection.execute(_upsert(columns), rows)


@cache
def _upsert(columns: tuple[str, ...]) -> Insert:
    upsert = insert(AssetKeyTable)
    newer = {name: upsert.excluded[name] for name in columns}
    return upsert.on_conflict_do_update(index_elements=["asset_key"], set_=newer)
