"""Dagster's SQLite storages in the instance's folder, whatever its name. Same files, same rows.

Dagster puts the folder's path into a database URL unquoted: `?` truncates it and `%41` is decoded. Here the path is quoted.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dagster import DagsterInstance

from lecture_assets.defs.dagster_internals import (
    ConfigurableClass,
    ConfigurableClassData,
    DagsterStorage,
    SqliteRunStorage,
    SqliteScheduleStorage,
    UserConfigSchema,
)
from lecture_assets.defs.host.event_log import BatchedSqliteEventLogStorage
from lecture_assets.defs.host.shards import sqlite_url


class EmbeddedStorage(DagsterStorage[DagsterInstance], ConfigurableClass):
    """Everything an instance stores. Each part gets its location when it is registered with the instance."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        """Set up without opening anything."""
        self._inst_data = inst_data
        self._parts = (_RunStorage(), BatchedSqliteEventLogStorage(), _ScheduleStorage())

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """The storage's section of dagster.yaml."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """No settings."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> "EmbeddedStorage":
        """Create the storage from its settings."""
        return cls(inst_data, **config_value)

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


class _RunStorage(SqliteRunStorage):
    def __init__(self) -> None:
        """Opened by `register_instance`."""

    def register_instance(self, instance: DagsterInstance) -> None:
        super().__init__(_made(Path(instance.root_directory) / "history" / "runs.db", SqliteRunStorage.from_local))
        super().register_instance(instance)


class _ScheduleStorage(SqliteScheduleStorage):
    def __init__(self) -> None:
        """Opened by `register_instance`."""

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
