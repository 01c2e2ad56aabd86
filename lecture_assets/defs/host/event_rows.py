"""Rows of the event log's tables, for many events in few statements. `event_log.py` and `postgres_event_log.py` write them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from dagster import EventLogEntry
from sqlalchemy import Connection, Insert, func

from lecture_assets.defs.dagster_internals import ASSET_EVENTS, AssetEventTagsTable, AssetKeyTable
from lecture_assets.defs.host.event_json import asset_of, event_json, reference_json
from lecture_assets.store.database import insert

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

    def referring_to(self, number: int | None) -> Mapping[str, Any]:
        """The columns of a reference to the event with this id in the index; without an id, of the event itself."""
        text = None if number is None else reference_json(self.entry, number)
        return self.values if text is None else {**self.values, "event": text}


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


def index_events(
    connection: Connection,
    numbered: Sequence[tuple[int, EventRow]],
    is_indexed: Callable[[str], bool],
    values_of: Callable[[EventLogEntry, int], Mapping[str, Any]],
) -> None:
    """Index events of assets by their ids: their tags, and the newest ones of each asset.

    is_indexed: whether Dagster looks events up by a tag
    values_of:  the columns of an asset that an event with this id sets
    """
    tags = [tag for number, row in numbered for tag in _tag_rows(number, row, is_indexed)]
    if tags:
        connection.execute(AssetEventTagsTable.insert(), tags)
    if assets := _asset_rows(numbered, values_of):
        connection.execute(_upsert(connection.dialect.name), assets)


def _tag_rows(number: int, row: EventRow, is_indexed: Callable[[str], bool]) -> Iterator[dict[str, Any]]:
    asset = asset_of(row.entry)
    own = {"event_id": number, "asset_key": row.values["asset_key"], "event_timestamp": row.values["timestamp"]}
    for key, value in (asset.tags or {}).items() if asset else ():
        if is_indexed(key):
            yield {**own, "key": key, "value": value}


def _asset_rows(
    numbered: Sequence[tuple[int, EventRow]], values_of: Callable[[EventLogEntry, int], Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A row for each asset, in the order of their keys: writers that lock rows in one order never wait for each other in turn."""
    last = {(row.values["asset_key"], row.values["dagster_event_type"]): (number, row) for number, row in numbered}
    assets: dict[str, dict[str, Any]] = {}
    for number, row in sorted(last.values(), key=itemgetter(0)):
        name = row.values["asset_key"]
        assets.setdefault(name, {"asset_key": name, **dict.fromkeys(_OF_NEWEST)}).update(values_of(row.entry, number))
    return [assets[name] for name in sorted(assets)]


_OF_NEWEST = ("last_materialization", "last_run_id", "last_materialization_timestamp")
"""The columns of an asset that its newest events set."""


@cache
def _upsert(dialect: str) -> Insert:
    upsert = insert(dialect, AssetKeyTable)
    newer = {name: func.coalesce(upsert.excluded[name], AssetKeyTable.c[name]) for name in _OF_NEWEST}
    built: Insert = upsert.on_conflict_do_update(index_elements=["asset_key"], set_=newer)
    return built
