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

from lecture_assets.defs.dagster_internals import ASSET_EVENTS, AssetKeyTable, SqlEventLogStorageTable
from lecture_assets.defs.host.event_json import asset_of, event_json

_OF_ASSETS = {kind.value for kind in ASSET_EVENTS}


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event, and the values of its columns."""

    entry: EventLogEntry
    values: Mapping[str, Any]

    @property
    def is_of_an_asset(self) -> bool:
        """Whether it belongs in the index."""
        return self.values["dagster_event_type"] in _OF_ASSETS


def event_columns(event: EventLogEntry, at: datetime) -> dict[str, Any]:
    """The columns of an event, as Dagster's class fills them. at: its time, as the database keeps it."""
    found = event.dagster_event
    asset = asset_of(event) or found
    key, partition = (asset.asset_key, asset.partition) if asset else (None, None)
    return {
        "run_id": event.run_id,
        "event": event_json(event),
        "dagster_event_type": found.event_type_value if found else None,
        "timestamp": at,
        "step_key": found.step_key if found else event.step_key,
        "asset_key": key.to_string() if key else None,
        "partition": partition or None,
    }


def insert_events(connection: Connection, rows: Sequence[EventRow]) -> Sequence[tuple[int, EventRow]]:
    """Insert events and return them with their ids: SQLite gives one to the first, whose transaction keeps the next ones free."""
    returning = insert(SqlEventLogStorageTable).returning(SqlEventLogStorageTable.c.id)
    first = connection.execute(returning.values(rows[0].values)).scalar_one()
    others = [{**row.values, "id": number} for number, row in enumerate(rows[1:], first + 1)]
    if others:
        connection.execute(SqlEventLogStorageTable.insert(), others)
    return list(enumerate(rows, first))


def tag_rows(number: int, row: EventRow, is_indexed: Callable[[str], bool]) -> Iterator[dict[str, Any]]:
    """The tags by which Dagster looks events up. is_indexed: whether a tag is one of them."""
    asset = asset_of(row.entry)
    own = {"event_id": number, "asset_key": row.values["asset_key"], "event_timestamp": row.values["timestamp"]}
    for key, value in (asset.tags or {}).items() if asset else ():
        if is_indexed(key):
            yield {**own, "key": key, "value": value}


def upsert_assets(
    connection: Connection,
    numbered: Sequence[tuple[int, EventRow]],
    values_of: Callable[[EventLogEntry, int], Mapping[str, Any]],
) -> None:
    """Note the newest events of each asset. values_of: the columns that an event with this id sets."""
    last = {(row.values["asset_key"], row.values["dagster_event_type"]): (number, row) for number, row in numbered}
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
