"""Dagster's SQLite event log, with batches in one transaction and connections that stay open.

Dagster's own class opens a connection for every call, looks the schema up for every asset event, and stores a batch one event at
a time: 30 events a second. It stores events of assets twice, whole: in the index, and in the database of their run. Here the copy
of the run is a reference, filled from the index when it is read; of events without a run it is left out, since nothing reads it.
So it is with results of checks, whose own table has them whole; nothing reads their third copy, which only gives them their ids.
An instance can switch from one class to the other and back; Dagster's shows our references in a run's log without metadata.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, EventLogEntry, Field, StringSource
from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import DatabaseError
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

from lecture_assets.defs.dagster_internals import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    INDEX_SHARD_NAME,
    RUNLESS_RUN_ID,
    AssetEventTagsTable,
    ConcurrencySlotsTable,
    ConcurrencySlotStatus,
    ConfigurableClassData,
    DagsterEventType,
    EventHandlerFn,
    EventLogConnection,
    SqlEventLogStorageTable,
    SqliteEventLogStorage,
    SqliteEventLogStorageWatchdog,
    UserConfigSchema,
)
from lecture_assets.defs.host.event_json import event_json
from lecture_assets.defs.host.event_references import filled
from lecture_assets.defs.host.event_rows import EventRow, event_columns, index_events
from lecture_assets.defs.host.shards import (
    INDEX_PAGE_BYTES,
    ShardEngines,
    create_like,
    open_engine,
    prepare_file,
    revision_of,
    sqlite_url,
)

_CHECK = DagsterEventType.ASSET_CHECK_EVALUATION.value
_ONE_BY_ONE = {kind.value for kind in (*ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS)} - {_CHECK}
"""Types of events that Dagster indexes in ways of their own; they are rare."""


class _ReadRuns(SqliteEventLogStorage):
    """How runs are found, and their events read and followed."""

    def get_all_run_ids(self) -> Sequence[str]:
        """The runs that have a database here. Dagster's class treats the folder's own name as a glob pattern."""
        files = Path(self._base_dir).glob("[!.]*.db")
        return [path.stem for path in files if path.stem != INDEX_SHARD_NAME]

    def get_records_for_run(self, *arguments: Any, **named: Any) -> EventLogConnection:
        """Events of a run, whole."""
        return filled(super().get_records_for_run(*arguments, **named), self.index_connection)

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Call back for a run's new events. They reach the write-ahead log first, which Dagster's class does not watch."""
        observer: Any = self._obs
        if observer is None:
            self._obs = observer = Observer()  # type: ignore[assignment]  # Dagster's class has no type for it
            observer.start()
        watchdog = _Watchdog(self, run_id, callback, cursor)
        self._watchers[run_id][callback] = (watchdog, observer.schedule(watchdog, self._base_dir, recursive=True))


class BatchedSqliteEventLogStorage(_ReadRuns):
    """One file per run and one for the index, in the instance's `history/runs` unless a folder is configured."""

    def __init__(self, base_dir: str | None = None, inst_data: ConfigurableClassData | None = None) -> None:
        """base_dir: the folder of the files, created if missing; by default the instance determines it when it registers."""
        self._shards = ShardEngines(self._open)
        self._tables: set[str] = set()
        self._is_indexed = cache(lambda tag: bool(self.get_asset_tags_to_index({tag})))
        self._inst_data = inst_data
        self._is_placed = base_dir is not None
        if base_dir is not None:
            super().__init__(base_dir, inst_data)

    def register_instance(self, instance: DagsterInstance) -> None:
        """Attach to an instance, using its folder unless one was configured."""
        if not self._is_placed:
            super().__init__(str(Path(instance.root_directory) / "history" / "runs"), self._inst_data)
            self._is_placed = True
        super().register_instance(instance)

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """The settings in dagster.yaml."""
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "BatchedSqliteEventLogStorage":
        """Create the storage from its settings."""
        return cls(inst_data=inst_data, **config_value)

    def conn_string_for_shard(self, shard_name: str) -> str:
        """The URL of a shard's database, with its path quoted."""
        return sqlite_url(Path(self.path_for_shard(shard_name)))

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction on a shard; one at a time per process, as in Dagster's class."""
        with self._db_lock, self._shards.engine(shard).begin() as connection:
            yield connection

    def _open(self, shard: str) -> Engine:
        engine = open_engine(self.conn_string_for_shard(shard))
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:  # noqa: FBT001, FBT002 - Dagster's signature
        """Create a database unless it exists: as Dagster's class does, but without reading all migrations for every run."""
        if revision_of(engine) is not None:
            return
        index = self._shards.index
        if for_index_shard or index is None:
            prepare_file(engine, INDEX_PAGE_BYTES)
            super()._initdb(engine, for_index_shard)
            return
        try:
            create_like(index, engine)
        except DatabaseError:  # another process is creating it
            super()._initdb(engine)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table. An existing table is never dropped, so a positive answer is remembered."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event."""
        if _is_of_an_asset(event) or _type_of(event) == _CHECK:
            self.store_event_batch([event])
        else:
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events: one transaction on the index for all events of assets, two for each result of a check, one per run."""
        rows: list[EventRow] = []
        for entry in events:
            if _type_of(entry) in _ONE_BY_ONE:
                super().store_event(entry)
            else:
                rows.append(EventRow(entry, self._event_to_row(entry)))
        places = self._index([row for row in rows if row.is_of_an_asset])
        places |= {id(row): self._index_check(row) for row in rows if row.values["dagster_event_type"] == _CHECK}
        runs: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            if row.entry.run_id != RUNLESS_RUN_ID or not row.is_of_an_asset:
                runs.setdefault(row.entry.run_id, []).append(row.referring_to(places.get(id(row))))
        for run_id, own in runs.items():
            with self.run_connection(run_id) as connection:
                connection.execute(SqlEventLogStorageTable.insert(), own)

    def _event_to_row(self, event: EventLogEntry) -> dict[str, Any]:
        return event_columns(event, self._event_insert_timestamp(event))  # type: ignore[no-untyped-call]  # Dagster's has no types

    def _index(self, rows: Sequence[EventRow]) -> dict[int, int]:
        """Add asset events to the index: the events, their tags, and the latest one of each asset. Return their ids, by row."""
        if not rows:
            return {}
        self.has_table(AssetEventTagsTable.name)  # before the transaction: the check opens a connection of its own
        with self.index_connection() as connection:
            values_of = partial(self._get_asset_entry_values, has_asset_key_index_cols=True)
            numbered = _inserted(connection, rows)
            index_events(connection, numbered, self._is_indexed, values_of)
        return {id(row): number for number, row in numbered}

    def _index_check(self, row: EventRow) -> int:
        """Add the result of a check to the table of results, with an id in the index, which is returned."""
        with self.index_connection() as connection:
            insert = SqlEventLogStorageTable.insert().values({**row.values, "event": event_json(_bare(row.entry))})
            number: int = connection.execute(insert.returning(SqlEventLogStorageTable.c.id)).scalar_one()
        self.store_asset_check_event(row.entry, number)
        return number

    def _claim_concurrency_slot(self, concurrency_key: str, run_id: str, step_key: str) -> ConcurrencySlotStatus:
        """Claim a free slot in one statement: with Dagster's two, two processes can claim the same slot."""
        slots = ConcurrencySlotsTable.c
        free = select(slots.id).where(slots.concurrency_key == concurrency_key, slots.step_key.is_(None), ~slots.deleted).limit(1)
        claim = update(ConcurrencySlotsTable).where(slots.id == free.scalar_subquery())
        with self.index_connection() as connection:
            claimed = connection.execute(claim.values(run_id=run_id, step_key=step_key)).rowcount
        return ConcurrencySlotStatus.CLAIMED if claimed else ConcurrencySlotStatus.BLOCKED

    def delete_events(self, run_id: str) -> None:
        """Delete a run's events, and close its database."""
        super().delete_events(run_id)
        with self._db_lock:
            self._shards.drop(run_id)
            self._initialized_dbs.discard(run_id)

    def wipe(self) -> None:
        """Delete everything."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close the databases."""
        super().dispose()
        self._close()

    def _close(self) -> None:
        with self._db_lock:
            self._shards.close()


def _inserted(connection: Connection, rows: Sequence[EventRow]) -> Sequence[tuple[int, EventRow]]:
    """Insert events and return them with their ids: SQLite gives one to the first, whose transaction keeps the next ones free."""
    returning = SqlEventLogStorageTable.insert().returning(SqlEventLogStorageTable.c.id)
    first = connection.execute(returning.values(rows[0].values)).scalar_one()
    others = [{**row.values, "id": number} for number, row in enumerate(rows[1:], first + 1)]
    if others:
        connection.execute(SqlEventLogStorageTable.insert(), others)
    return list(enumerate(rows, first))


def _bare(entry: EventLogEntry) -> EventLogEntry:
    """An event without what it says, and without its run, which is in a column."""
    return EventLogEntry(None, entry.level, "", RUNLESS_RUN_ID, entry.timestamp)  # type: ignore[no-untyped-call]


def _type_of(entry: EventLogEntry) -> str | None:
    return entry.dagster_event.event_type_value if entry.dagster_event else None


def _is_of_an_asset(entry: EventLogEntry) -> bool:
    return entry.is_dagster_event and entry.dagster_event_type in ASSET_EVENTS


class _Watchdog(SqliteEventLogStorageWatchdog):
    """Watches a run's database and its write-ahead log."""

    def __init__(self, storage: SqliteEventLogStorage, run_id: str, callback: EventHandlerFn, cursor: str | None) -> None:
        super().__init__(storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:  # noqa: ARG002 - watchdog's signature
        """Process the run's log: either file was written."""
        self._process_log()
