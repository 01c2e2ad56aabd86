"""Dagster's SQLite event log, with batches in one transaction and connections that stay open. Same files, same rows.

Dagster's own class opens a connection for every call, looks the schema up for every asset event, and stores a batch one by one:
30 events a second. An instance can go from one class to the other and back.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, EventLogEntry, Field, StringSource
from sqlalchemy import URL, Column, Connection, Engine, MetaData, String, Table, create_engine, event, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

from lecture_assets.defs.dagster_internals import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    INDEX_SHARD_NAME,
    SQLITE_BUSY_TIMEOUT_SECONDS,
    AssetEventTagsTable,
    AssetKeyTable,
    ConcurrencySlotsTable,
    ConcurrencySlotStatus,
    ConfigurableClassData,
    EventHandlerFn,
    SqlEventLogStorageMetadata,
    SqlEventLogStorageTable,
    SqliteEventLogStorage,
    SqliteEventLogStorageWatchdog,
    UserConfigSchema,
)

_OPEN_SHARDS = 16
"""Databases kept open: the index, and the runs that were used last."""
_ONE_BY_ONE = {*ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS}
"""Types of events that Dagster mirrors in ways of their own; they are few."""


def sqlite_url(file: Path) -> str:
    """The URL of a SQLite file, its path quoted."""
    return URL.create("sqlite", database=str(file)).render_as_string()


class BatchedSqliteEventLogStorage(SqliteEventLogStorage):
    """One file a run and one for the index, as Dagster's, in `history/runs` of the instance unless another folder is named."""

    def __init__(self, base_dir: str | None = None, inst_data: ConfigurableClassData | None = None) -> None:
        """base_dir: where the files are, made where it is not there; where none is named, the instance says when it registers."""
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._abandoned: list[Engine] = []
        self._process = os.getpid()
        self._tables: set[str] = set()
        self._inst_data = inst_data
        self._is_placed = base_dir is not None
        if base_dir is not None:
            super().__init__(base_dir, inst_data)

    def register_instance(self, instance: DagsterInstance) -> None:
        """Belong to an instance, and live in its folder unless another was named."""
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
        """The storage of these settings."""
        return cls(inst_data=inst_data, **config_value)

    def conn_string_for_shard(self, shard_name: str) -> str:
        """The URL of a shard's database, its path quoted."""
        return sqlite_url(Path(self.path_for_shard(shard_name)))

    def get_all_run_ids(self) -> Sequence[str]:
        """The runs that have a database here. The folder's own name is no pattern."""
        files = Path(self._base_dir).glob("[!.]*.db")
        return [path.stem for path in files if path.stem != INDEX_SHARD_NAME]

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction on a shard; one at a time in a process, as with Dagster's class."""
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        """The shard's open database. A forked child leaves those of its parent alone: SQLite's may not be used, nor closed."""
        if self._process != os.getpid():
            self._abandoned += self._engines.values()
            self._engines, self._process = OrderedDict(), os.getpid()
        if shard not in self._engines:
            self._engines[shard] = self._open(shard)
        self._engines.move_to_end(shard)
        while len(self._engines) > _OPEN_SHARDS:
            oldest = next(name for name in self._engines if name != INDEX_SHARD_NAME)
            self._engines.pop(oldest).dispose()
        return self._engines[shard]

    def _open(self, shard: str) -> Engine:
        """synchronous=NORMAL: a power cut may lose the last events, never the file; they are a projection that is told again."""
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=StaticPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:  # noqa: FBT001, FBT002 - Dagster's signature
        """Make a new database; one that is there is taken as it is. What Dagster's class does, without reading all migrations."""
        if _revision_of(engine) is not None:
            return
        if for_index_shard or (index := self._engines.get(INDEX_SHARD_NAME)) is None:
            super()._initdb(engine, for_index_shard)
            return
        try:
            _make_like(index, engine)
        except DatabaseError:  # another process is making it
            super()._initdb(engine)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; one that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event."""
        if _is_of_an_asset(event):
            self.store_event_batch([event])
        else:
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events: one transaction a run, then one on the index for all of the asset events."""
        runs: dict[str, list[EventLogEntry]] = {}
        for entry in events:
            if entry.is_dagster_event and entry.dagster_event_type in _ONE_BY_ONE:
                super().store_event(entry)
            else:
                runs.setdefault(entry.run_id, []).append(entry)
        for run_id, entries in runs.items():
            with self.run_connection(run_id) as connection:
                connection.execute(SqlEventLogStorageTable.insert(), [self._event_to_row(entry) for entry in entries])
        self._index([entry for entries in runs.values() for entry in entries if _is_of_an_asset(entry)])

    def _index(self, entries: Sequence[EventLogEntry]) -> None:
        """Mirror asset events in the index: the events, their tags, and the last of each asset."""
        if not entries:
            return
        stored = insert(SqlEventLogStorageTable).returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
        keyed = [(entry, entry.get_dagster_event().asset_key) for entry in entries]
        self.has_table(AssetEventTagsTable.name)  # before the transaction: it looks by a connection of its own
        with self.index_connection() as connection:
            ids = connection.execute(stored, [self._event_to_row(entry) for entry in entries]).scalars().all()
            self._store_asset_event_tags(connection, entries, ids)
            newest: dict[str, dict[str, Any]] = {}
            for (entry, key), number in zip(keyed, ids, strict=True):
                if key is not None:
                    newest.setdefault(key.to_string(), {}).update(self._get_asset_entry_values(entry, number, True))  # noqa: FBT003
            for name, values in ((name, values) for name, values in newest.items() if values):
                row = insert(AssetKeyTable).values(asset_key=name, **values)
                connection.execute(row.on_conflict_do_update(index_elements=["asset_key"], set_=values))

    def _claim_concurrency_slot(self, concurrency_key: str, run_id: str, step_key: str) -> ConcurrencySlotStatus:
        """Claim a free slot in one statement: Dagster's two let two processes claim the same one."""
        slots = ConcurrencySlotsTable.c
        free = select(slots.id).where(slots.concurrency_key == concurrency_key, slots.step_key.is_(None), ~slots.deleted).limit(1)
        claim = update(ConcurrencySlotsTable).where(slots.id == free.scalar_subquery())
        with self.index_connection() as connection:
            claimed = connection.execute(claim.values(run_id=run_id, step_key=step_key)).rowcount
        return ConcurrencySlotStatus.CLAIMED if claimed else ConcurrencySlotStatus.BLOCKED

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Call back for a run's new events. They are in the write-ahead log first, which Dagster's class does not look at."""
        observer: Any = self._obs
        if observer is None:
            self._obs = observer = Observer()  # type: ignore[assignment]  # Dagster's class has no type for it
            observer.start()
        watchdog = _Watchdog(self, run_id, callback, cursor)
        self._watchers[run_id][callback] = (watchdog, observer.schedule(watchdog, self._base_dir, recursive=True))

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
            if self._process == os.getpid():
                for engine in self._engines.values():
                    engine.dispose()
            self._engines = OrderedDict()


_REVISION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Where Alembic keeps the revision of a database."""


def _revision_of(engine: Engine) -> str | None:
    """None for a database that was not made yet."""
    with engine.connect() as connection:
        if not connection.dialect.has_table(connection, _REVISION.name):
            return None
        return connection.execute(select(_REVISION.c.version_num)).scalar()


def _make_like(index: Engine, engine: Engine) -> None:
    """Make a run's database, of the revision that the index has."""
    revision = _revision_of(index)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
    with engine.begin() as connection:
        SqlEventLogStorageMetadata.create_all(connection)
        _REVISION.create(connection)
        connection.execute(_REVISION.insert().values(version_num=revision))


def _is_of_an_asset(entry: EventLogEntry) -> bool:
    return entry.is_dagster_event and entry.dagster_event_type in ASSET_EVENTS


class _Watchdog(SqliteEventLogStorageWatchdog):
    """Looks at a run's database and at its write-ahead log."""

    def __init__(self, storage: BatchedSqliteEventLogStorage, run_id: str, callback: EventHandlerFn, cursor: str | None) -> None:
        super().__init__(storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:  # noqa: ARG002 - watchdog's signature
        """One of the two was written."""
        self._process_log()
