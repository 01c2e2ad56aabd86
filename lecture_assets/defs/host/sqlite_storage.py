"""Dagster's SQLite storages in the instance's folder, whatever its name. Same files, same rows.

Dagster puts the folder's path into a database URL unquoted: `?` truncates it and `%41` is decoded. Here the path is quoted.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dagster import DagsterInstance
from sqlalchemy import Connection, Engine, create_engine

from lecture_assets.defs.dagster_internals import (
    ConfigurableClassData,
    DagsterStorage,
    SqliteRunStorage,
    SqliteScheduleStorage,
)
from lecture_assets.defs.host.configured_class import ConfiguredClass
from lecture_assets.defs.host.event_log import BatchedSqliteEventLogStorage
from lecture_assets.defs.host.shards import sqlite_url


class EmbeddedStorage(DagsterStorage[DagsterInstance], ConfiguredClass):
    """Everything an instance stores. Each part gets its location when it is registered with the instance."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        """Set up without opening anything."""
        self._inst_data = inst_data
        self._parts = (_RunStorage(), BatchedSqliteEventLogStorage(), _ScheduleStorage())

    @property
    def run_storage(self) -> SqliteRunStorage:
        """Runs, in `history/runs.db`."""
        return self._parts[0]

    @property
    def event_log_storage(self) -> BatchedSqliteEventLogStorage:
        """Events, in `history/runs/`."""
        return self._parts[1]

    @property
    def schedule_storage(self) -> SqliteScheduleStorage:
        """Schedules and sensors, in `schedules/schedules.db`."""
        return self._parts[2]


class _KeptConnections:
    """A storage's engine, which keeps its connections and compiled statements. A forked child opens its own.

    Dagster creates an engine for each query and compiles each statement anew: three quarters of what a sensor's tick costs.
    """

    _conn_string: str
    _engine: Engine | None = None
    _process = 0

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection in a transaction of its own."""
        if self._engine is None or self._process != os.getpid():
            self._engine, self._process = create_engine(self._conn_string, max_overflow=-1), os.getpid()
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close the connections of this process."""
        if self._engine is not None and self._process == os.getpid():
            self._engine.dispose()
            self._engine = None


class _RunStorage(_KeptConnections, SqliteRunStorage):
    def __init__(self) -> None:
        """Opened by `register_instance`."""

    def register_instance(self, instance: DagsterInstance) -> None:
        super().__init__(_made(Path(instance.root_directory) / "history" / "runs.db", SqliteRunStorage.from_local))
        super().register_instance(instance)


class _ScheduleStorage(_KeptConnections, SqliteScheduleStorage):
    def __init__(self) -> None:
        """Opened by `register_instance`."""
        self._found: dict[str, bool] = {}

    def has_instigators_table(self) -> bool:
        """Whether the table exists. Once it does, it stays, and is not looked for again."""
        return self._look("instigators", super().has_instigators_table)

    def has_built_index(self, migration_name: str) -> bool:
        """Whether a migration of the data is done. Once it is, it stays so."""
        return self._look(migration_name, lambda: super(_ScheduleStorage, self).has_built_index(migration_name))

    def _look(self, name: str, look: Callable[[], bool]) -> bool:
        self._found[name] = self._found.get(name) or look()
        return self._found[name]

    def register_instance(self, instance: DagsterInstance) -> None:
        super().__init__(_made(Path(instance.root_directory) / "schedules" / "schedules.db", SqliteScheduleStorage.from_local))
        super().register_instance(instance)


def _made(file: Path, make: Callable[[str], object]) -> str:
    """Return a database's URL; Dagster creates it, in a folder whose path needs no quoting, from where it is moved whole."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{file.name}.{os.getpid()}")
        with tempfile.TemporaryDirectory(prefix="lectures-") as folder:
            make(folder)
            shutil.copyfile(Path(folder) / file.name, new)
        with suppress(FileExistsError):  # another process was faster
            os.link(new, file)
        new.unlink()
    return sqlite_url(file)
